"""Errors as answers: in the form that was asked for, in words for people, in the log without them."""

import logging
import re
from pathlib import Path

import jinja2
import pytest
from litestar import Litestar, get

from appliance.errors import DecoderCrashed, NameTaken
from appliance.web import rendering
from appliance.web.problems import try_in_background
from appliance.web.security import PUBLIC
from tests.conftest import Browser

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
MAXIMS_SECRET = "Maxim's diary, page 7"


@get("/try/refused", opt=PUBLIC, sync_to_thread=True)
def refused() -> str:
    raise NameTaken(name="<script>alert(1)</script>")


@get("/try/mistake", opt=PUBLIC, sync_to_thread=True)
def mistake() -> str:
    raise ValueError(MAXIMS_SECRET)


@pytest.fixture
def browser(app: Litestar) -> Browser:
    app.register(refused)
    app.register(mistake)
    return Browser(app)


def test_a_person_gets_a_page_that_says_what_happened(browser: Browser) -> None:
    answer = browser.get("/try/refused", headers=HTML)
    assert answer.status_code == 409
    assert answer.text.lstrip().startswith("<!doctype html>")
    assert "There is already somebody called &lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_htmx_gets_a_fragment(browser: Browser) -> None:
    answer = browser.get("/try/refused", headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text


def test_a_program_gets_json(browser: Browser) -> None:
    answer = browser.get("/try/refused", headers={"accept": "application/json"})
    assert answer.json() == {"error": "NameTaken", "text": str(NameTaken(name="<script>alert(1)</script>"))}


def test_anything_else_gets_the_sentence(browser: Browser) -> None:
    answer = browser.get("/try/refused", headers={"accept": "image/avif,image/webp"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("There is already somebody called")


@pytest.mark.parametrize("headers", [HTML, {"hx-request": "true"}, {"accept": "application/json"}, {}])
def test_a_mistake_of_ours_tells_nobody_what_it_was_about(
    browser: Browser, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    with caplog.at_level(logging.INFO):
        answer = browser.get("/try/mistake?q=where+is+my+diary", headers=headers)
    assert answer.status_code == 500
    assert "Your photos are safe" in answer.text
    log = "\n".join(record.getMessage() for record in caplog.records if record.name != "httpx")  # the tests' own client
    assert "diary" not in answer.text + log
    assert re.search(r"ValueError in /try/mistake at test_problems.py:\d+ mistake", log)


def test_unknown_addresses_and_methods_are_answered_in_words(browser: Browser) -> None:
    assert "nothing here" in browser.get("/nothing", headers=HTML).text.lower()
    answer = browser.delete("/health", headers=HTML)
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "OPTIONS"})
    assert "Nothing was changed" in answer.text


def test_a_value_of_the_wrong_kind_is_explained_without_internals(browser: Browser, olive: Browser) -> None:
    answer = olive.get("/photos/not-a-number", headers=HTML)
    assert answer.status_code in (400, 404)
    assert "int" not in answer.text.split("<main")[1].split("</main")[0].replace("into", "")


def test_a_problem_whose_page_fails_is_still_a_sentence(browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = rendering.environment().overlay(loader=jinja2.FileSystemLoader(tmp_path))
    monkeypatch.setattr(rendering, "environment", lambda: empty)
    answer = browser.get("/login", headers=HTML)
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"]
    assert answer.text.startswith("Mantel made a mistake and stopped. Your photos are safe.")


def test_what_fails_in_the_background_is_logged_and_costs_no_page(caplog: pytest.LogCaptureFixture) -> None:
    def crash() -> None:
        raise ValueError(MAXIMS_SECRET)

    def refuse() -> None:
        raise DecoderCrashed(reason="no memory")

    assert not try_in_background(crash, "search index")
    assert not try_in_background(refuse, "search index")
    assert try_in_background(lambda: None, "search index")
    assert "search index: ValueError at" in caplog.text
    assert "diary" not in caplog.text
    assert "no memory" in caplog.text
