"""The setup page: for the first owner, by the link from the console."""

import pytest
from litestar import Litestar

from appliance.app import open_setup
from appliance.settings import Settings
from tests.conftest import PASSWORD, Browser

FORM = {"name": "Olive", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def link(settings: Settings, app: Litestar) -> str:
    """The path of a fresh link as `mantel serve` prints it."""
    url = open_setup(settings)
    assert url is not None
    assert url.startswith("http://127.0.0.1:8080/setup/")
    return url.removeprefix("http://127.0.0.1:8080")


def test_whoever_holds_the_link_becomes_the_owner_and_is_logged_in(stan: Browser, link: str) -> None:
    assert "Become the owner" in stan.get(link).text
    answer = stan.post(link, data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert stan.get("/login").headers["location"] == "/"


def test_a_used_link_looks_like_a_guessed_one(stan: Browser, gita: Browser, link: str) -> None:
    stan.post(link, data=FORM)
    answers = [gita.get(path) for path in (link, "/setup/guess", "/setup")] + [
        gita.post(path, data=FORM) for path in (link, "/setup/guess")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"again": "something else"}, 422, "not the same"),
        ({"password": "short", "again": "short"}, 422, "at least 10 characters"),
        ({"name": "  "}, 400, "visible characters"),
    ],
)
def test_a_mistake_in_the_form_is_explained_and_the_link_still_works(
    stan: Browser, link: str, change: dict[str, str], status: int, sentence: str
) -> None:
    answer = stan.post(link, data=FORM | change)
    assert answer.status_code == status
    assert sentence in answer.text
    assert "set-cookie" not in answer.headers
    assert stan.post(link, data=FORM).status_code == 303


def test_a_password_is_never_sent_back(stan: Browser, link: str) -> None:
    answer = stan.post(link, data={"name": "<b>Olive</b>", "password": "hunter2 hunter2", "again": "other"})
    assert "hunter2" not in answer.text
    assert "&lt;b&gt;Olive" in answer.text


def test_without_the_link_the_page_says_where_it_is(stan: Browser) -> None:
    answer = stan.get("/setup")
    assert answer.status_code == 200
    assert "First login" in answer.text


def test_a_restart_with_an_owner_prints_no_link(stan: Browser, link: str, settings: Settings) -> None:
    stan.post(link, data=FORM)
    assert open_setup(settings) is None
