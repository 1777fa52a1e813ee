"""The password again, before what cannot be taken back."""

import pytest
from litestar import Litestar, get, post
from litestar.testing import TestClient

from appliance.accounts import attempts
from appliance.accounts.viewer import Viewer
from appliance.store.db import Store
from appliance.web.confirming import recently_confirmed
from tests.conftest import PASSWORD, Browser, Clock

HTML = {"accept": "text/html"}


@get("/dangerous", guards=[recently_confirmed], sync_to_thread=False)
def see_danger() -> str:
    return "seen"


@post("/dangerous", guards=[recently_confirmed], sync_to_thread=False)
def do_danger() -> str:
    return "done"


@pytest.fixture
def olive_left(app: Litestar, cast: dict[str, Viewer], clock: Clock) -> Browser:
    """Olive logged in and went away for a quarter of an hour; two routes stand for every dangerous one."""
    app.register(see_danger)
    app.register(do_danger)
    browser = Browser(app).enter(cast["Olive"])
    clock.advance(minutes=15)
    return browser


def confirmed(olive: TestClient[Litestar]) -> bool:
    return olive.get("/dangerous").status_code == 200


def test_for_ten_minutes_after_the_login_nothing_is_asked(app: Litestar, cast: dict[str, Viewer], clock: Clock) -> None:
    app.register(do_danger)
    olive = Browser(app).enter(cast["Olive"])
    clock.advance(minutes=9)
    assert olive.post("/dangerous").text == "done"
    clock.advance(minutes=2)
    assert olive.post("/dangerous").status_code == 403


def test_a_page_asks_for_the_password_and_goes_on_where_it_was(olive_left: Browser) -> None:
    taken = olive_left.get("/dangerous?a=1", headers=HTML)
    assert (taken.status_code, taken.headers["location"]) == (303, "/confirm?then=/dangerous%3Fa%3D1")
    assert 'value="/dangerous?a=1"' in olive_left.get(taken.headers["location"]).text
    answer = olive_left.post("/confirm", data={"own_password": PASSWORD, "then": "/dangerous?a=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/dangerous?a=1")
    assert confirmed(olive_left)


def test_a_form_leads_back_to_the_page_that_it_stands_on(olive_left: Browser) -> None:
    sent = {"referer": "http://mantel.local/settings?said=x"}
    assert olive_left.post("/dangerous", headers=HTML | sent).headers["location"] == "/confirm?then=/settings%3Fsaid%3Dx"
    swapped = olive_left.post("/dangerous", headers={"hx-request": "true"} | sent)
    assert (swapped.status_code, swapped.headers["hx-redirect"]) == (403, "/confirm?then=/settings%3Fsaid%3Dx")
    assert olive_left.post("/confirm", data={"own_password": PASSWORD, "then": "//evil.example"}).headers["location"] == "/"


def test_a_form_may_hold_the_password_itself(olive_left: Browser) -> None:
    assert olive_left.post("/dangerous", data={"own_password": "wrong"}).status_code == 401
    assert not confirmed(olive_left)
    assert olive_left.post("/dangerous", data={"own_password": PASSWORD}).text == "done"
    assert confirmed(olive_left)


def test_guessing_is_limited_as_at_the_login(olive_left: Browser, store: Store, clock: Clock) -> None:
    with store.write() as writer:
        for _ in range(attempts.PER_NAME):
            attempts.begin(writer, "confirm", [attempts.Subject("user:1", attempts.PER_NAME)], clock.now)
    answer = olive_left.post("/confirm", data={"own_password": PASSWORD})
    assert (answer.status_code, confirmed(olive_left)) == (429, False)
    clock.advance(minutes=16)
    assert olive_left.post("/confirm", data={"own_password": PASSWORD}).status_code == 303


def test_another_browser_of_the_same_person_is_asked_on_its_own(
    olive_left: Browser, app: Litestar, cast: dict[str, Viewer], clock: Clock
) -> None:
    other = Browser(app).enter(cast["Olive"])
    clock.advance(minutes=15)
    olive_left.post("/confirm", data={"own_password": PASSWORD})
    assert confirmed(olive_left)
    assert not confirmed(other)
