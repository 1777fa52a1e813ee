"""The session cookie: ours alone, rotated, sent once, and as good for HEAD as for GET."""

from dataclasses import replace

import pytest
from litestar import Litestar

from appliance.accounts.viewer import Viewer
from appliance.app import create_app
from appliance.settings import Settings
from appliance.store.db import Store
from tests.conftest import PASSWORD, Browser, Clock

pytestmark = pytest.mark.usefixtures("cast")
LOGIN = {"name": "Max", "password": PASSWORD}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stan: Browser) -> None:
    cookie = stan.post("/login", data=LOGIN).headers["set-cookie"]
    assert cookie.startswith("mantel=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


def test_over_https_the_cookie_belongs_to_this_host_alone(settings: Settings, cast: dict[str, Viewer]) -> None:
    app = create_app(replace(settings, https=True))
    cookie = Browser(app).post("/login", data=LOGIN).headers["set-cookie"]
    app.state.web.store.close()
    assert cookie.startswith("__Host-mantel=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_session_id_that_the_client_chose_is_never_adopted(stan: Browser, store: Store) -> None:
    chosen = "A" * 43
    answer = stan.post("/login", data=LOGIN, headers={"cookie": f"mantel={chosen}"})
    assert chosen not in answer.headers["set-cookie"]
    assert Browser(stan.app).get("/settings", headers={"cookie": f"mantel={chosen}"}).status_code == 401


def test_logging_in_again_ends_the_session_it_came_with(max_: Browser) -> None:
    before = max_.cookies["mantel"]
    max_.log_in("Max")
    assert max_.cookies["mantel"] != before
    assert Browser(max_.app).get("/settings", headers={"cookie": f"mantel={before}"}).status_code == 401


def test_no_answer_but_the_login_sets_a_cookie(max_: Browser, clock: Clock) -> None:
    for minutes in (0, 6):
        clock.advance(minutes=minutes)
        for path in ("/health", "/login", "/static/css/tokens.css", "/nothing"):
            assert "set-cookie" not in max_.get(path).headers


def test_head_is_authenticated_like_get(max_: Browser, stan: Browser) -> None:
    assert stan.head("/settings").status_code == stan.get("/settings").status_code == 401
    answer = max_.head("/login")
    assert (answer.status_code, answer.content) == (303, b"")


def test_last_seen_is_written_at_most_every_five_minutes(max_: Browser, store: Store, clock: Clock) -> None:
    def last_seen() -> int:
        max_.get("/login")
        with store.read() as reader:
            return int(reader.value("SELECT last_seen FROM session"))

    start = clock.now
    clock.advance(minutes=4)
    assert last_seen() == start
    clock.advance(minutes=2)
    assert last_seen() == clock.now


def test_logging_out_ends_the_session_and_not_just_the_cookie(max_: Browser) -> None:
    cookie = max_.cookies["mantel"]
    answer = max_.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert Browser(max_.app).get("/settings", headers={"cookie": f"mantel={cookie}"}).status_code == 401


def test_a_session_that_was_idle_for_a_month_is_over(max_: Browser, clock: Clock) -> None:
    clock.advance(days=29)
    assert max_.get("/login").status_code == 303
    clock.advance(days=31)
    assert max_.get("/settings").status_code == 401


def test_two_devices_have_a_session_each(app: Litestar) -> None:
    phone, laptop = Browser(app).log_in("Max"), Browser(app).log_in("Max")
    phone.post("/logout")
    assert laptop.get("/login").status_code == 303


def test_the_address_that_a_header_claims_is_not_believed(stan: Browser, store: Store) -> None:
    stan.post("/login", data=LOGIN, headers={"x-forwarded-for": "6.6.6.6", "forwarded": "for=6.6.6.6"})
    with store.read() as reader:
        assert "6.6.6.6" not in str(reader.all("SELECT address, agent FROM session"))
