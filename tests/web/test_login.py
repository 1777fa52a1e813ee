"""Logging in: alike for every wrong answer, limited, never leading elsewhere."""

import time
from statistics import median

import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from appliance.accounts import attempts
from appliance.accounts.attempts import PER_NAME
from appliance.store.db import Store
from appliance.web.login import own_path
from tests.conftest import PASSWORD, Browser, Clock

pytestmark = pytest.mark.usefixtures("cast")


def test_olive_logs_in_and_is_taken_where_she_wanted_to_go(stan: Browser) -> None:
    answer = stan.post("/login", data={"name": "olive", "password": PASSWORD, "next": "/timeline?month=2024-07"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timeline?month=2024-07")


def test_somebody_who_is_logged_in_has_no_use_for_the_login_page(olive: Browser) -> None:
    assert olive.get("/login").headers["location"] == "/"


@pytest.mark.parametrize("password", ["null", "true", "1234567890", "[1]"])
def test_a_password_is_text_whatever_it_looks_like(stan: Browser, password: str) -> None:
    assert stan.post("/login", data={"name": "Olive", "password": password}).status_code == 401


def test_a_form_that_says_things_twice_or_nothing_is_refused_and_no_mistake(stan: Browser) -> None:
    assert stan.post("/login", data={"name": ["Olive", "Max"], "password": PASSWORD}).status_code == 400
    assert stan.post("/login", content=b"").status_code in (400, 401)
    assert stan.post("/login", content=b"{", headers={"content-type": "application/json"}).status_code in (400, 401)


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(stan: Browser) -> None:
    wrong = [
        stan.post("/login", data={"name": name, "password": "not the password"}) for name in ("Olive", "Nobody", "", "x" * 500)
    ]
    assert {answer.status_code for answer in wrong} == {401}
    assert len({answer.text for answer in wrong}) == 1
    assert "do not match" in wrong[0].text
    assert all("set-cookie" not in answer.headers for answer in wrong)


def test_a_wrong_name_takes_as_long_as_a_wrong_password(stan: Browser) -> None:
    def seconds(name: str) -> float:
        start = time.process_time()
        stan.post("/login", data={"name": name, "password": "not the password"})
        return time.process_time() - start

    seconds("warm up")
    known, unknown = ([seconds(name) for _ in range(4)] for name in ("Olive", "Nobody"))
    assert 0.5 < median(known) / median(unknown) < 2


def fail(store: Store, clock: Clock, name: str, *, times: int) -> None:
    """So many wrong passwords, without the time that checking them takes."""
    for _ in range(times):
        with store.write() as writer:
            attempts.begin(writer, "login", [attempts.name(name)], clock.now)


def test_ten_wrong_passwords_stop_even_the_right_one_for_a_while(stan: Browser, store: Store, clock: Clock) -> None:
    fail(store, clock, "Olive", times=PER_NAME - 1)
    assert stan.post("/login", data={"name": "Olive", "password": "wrong"}).status_code == 401
    refused = stan.post("/login", data={"name": "Olive", "password": PASSWORD})
    assert refused.status_code == 429
    assert "Nothing is locked for good; wait 15 minutes" in refused.text
    clock.advance(minutes=16)
    stan.log_in("Olive")


def test_a_name_that_nobody_has_is_stopped_in_the_same_way(stan: Browser, store: Store, clock: Clock) -> None:
    for name in ("Max", "Nobody"):
        fail(store, clock, name, times=PER_NAME - 1)
        answers = [stan.post("/login", data={"name": name, "password": "wrong"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [401, 429]


def test_the_count_outlives_a_restart(stan: Browser, store: Store) -> None:
    stan.post("/login", data={"name": "Olive", "password": "wrong"})
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM attempt") == 2


def test_logging_in_forgives_what_was_mistyped_before(stan: Browser, store: Store, clock: Clock) -> None:
    for _ in range(2):
        fail(store, clock, "Olive", times=PER_NAME - 1)
        stan.log_in("Olive")


def test_a_disabled_user_is_answered_like_a_stranger(stan: Browser, store: Store) -> None:
    with store.write() as writer:
        writer.run("UPDATE user SET disabled_at=1 WHERE name='Kit'")
    assert stan.post("/login", data={"name": "Kit", "password": PASSWORD}).status_code == 401


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "evil",
        "/\n/evil",
        "",
        "http:///x",
        "/\t/evil.example",
        "//[x",
    ],
)
def test_a_login_link_never_leads_elsewhere(stan: Browser, elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"
    answer = stan.post("/login", data={"name": "Olive", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_a_page_asked_for_before_the_login_is_remembered(stan: Browser) -> None:
    answer = stan.get("/settings", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/settings")
    assert 'name="next" value="/settings"' in stan.get("/login?next=/settings").text
    assert (
        stan.get("/ask?q=two+dogs", headers={"accept": "text/html"}).headers["location"] == "/login?next=/ask%3Fq%3Dtwo%2Bdogs"
    ), "the question is kept"


def test_htmx_is_sent_to_the_login_page_as_a_whole(stan: Browser) -> None:
    answer = stan.get("/settings", headers={"hx-request": "true", "accept": "*/*"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


def test_the_login_page_says_how_to_begin_while_nobody_lives_here(stan: Browser, store: Store) -> None:
    assert "How to set Mantel up" not in stan.get("/login").text
    with store.write() as writer:
        writer.run("DELETE FROM user")
    assert "How to set Mantel up" in stan.get("/login").text


def test_a_password_kept_with_weaker_parameters_is_hashed_anew(app: Litestar, store: Store) -> None:
    with store.write() as writer:
        writer.run("UPDATE user SET password_hash=? WHERE name='Max'", (PasswordHasher(1, 8192, 1).hash(PASSWORD),))
    Browser(app).log_in("Max")
    with store.read() as reader:
        assert "m=65536" in reader.value("SELECT password_hash FROM user WHERE name='Max'")
    Browser(app).log_in("Max")
