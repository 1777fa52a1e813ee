"""The owner invites the family in the browser; who was invited comes in."""

import re

from litestar import Litestar

from tests.conftest import PASSWORD, Browser, Clock


def invitation(olive: Browser, name: str = "Ida", kind: str = "member") -> str:
    """The path of the link that the page shows once."""
    answer = olive.post("/household/invite", data={"name": name, "kind": kind})
    assert answer.status_code == 200, answer.text
    found = re.search(r"http://mantel\.local(/join/[\w-]{43})", answer.text)
    assert found
    return found[1]


def test_whoever_was_invited_chooses_a_password_and_is_in(olive: Browser, stan: Browser) -> None:
    path = invitation(olive)
    assert "Welcome, Ida" in stan.get(path).text
    answer = stan.post(path, data={"password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Ida" in stan.get("/settings").text


def test_the_link_is_shown_once(olive: Browser) -> None:
    invitation(olive)
    assert "/join/" not in olive.get("/household").text


def test_a_used_link_looks_like_a_guessed_one(olive: Browser, stan: Browser, gita: Browser) -> None:
    path = invitation(olive)
    stan.post(path, data={"password": PASSWORD, "again": PASSWORD})
    answers = [gita.get(path), gita.get("/join/guess"), gita.post(path, data={}), gita.post("/join/guess", data={})]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_a_mistake_is_explained_and_the_link_still_works(olive: Browser, stan: Browser) -> None:
    path = invitation(olive)
    assert "not the same" in stan.post(path, data={"password": PASSWORD, "again": "other"}).text
    assert "at least 10 characters" in stan.post(path, data={"password": "short", "again": "short"}).text
    assert stan.post(path, data={"password": PASSWORD, "again": PASSWORD}).status_code == 303


def test_a_closed_account_is_logged_out_at_once(olive: Browser, max_: Browser) -> None:
    assert max_.get("/timeline").status_code == 200
    olive.post("/household/2/close")
    assert max_.get("/timeline").status_code == 401
    assert "Account closed" in olive.get("/household").text


def test_an_open_browser_invites_nobody_without_the_password(olive: Browser, clock: Clock) -> None:
    clock.advance(minutes=11)
    answer = olive.post("/household/invite", data={"name": "Ida", "kind": "member"})
    assert answer.status_code in (303, 403)
    assert "/join/" not in answer.text
    form = {"name": "Ida", "kind": "member", "own_password": PASSWORD}
    assert "/join/" in olive.post("/household/invite", data=form).text


def test_a_name_that_is_taken_is_told_beside_the_form(olive: Browser, app: Litestar) -> None:
    answer = olive.post("/household/invite", data={"name": "max", "kind": "child"})
    assert answer.status_code == 409
    assert "already somebody called" in answer.text


def test_a_hostile_name_stays_a_name(olive: Browser) -> None:
    answer = olive.post("/household/invite", data={"name": "<script>x</script>", "kind": "child"})
    assert "<script>x" not in answer.text
    assert "&lt;script&gt;x" in answer.text


def test_a_birthday_is_typed_by_its_person_or_by_the_owner(olive: Browser, kit: Browser) -> None:
    assert kit.post("/settings/birthday", data={"birthday": "2014-05-31"}).status_code == 303
    assert 'value="2014-05-31"' in olive.get("/household").text
    assert olive.post("/household/3/birthday", data={"birthday": "tomorrow"}).status_code == 400
    assert olive.post("/household/3/birthday", data={"birthday": ""}).status_code == 303
    assert "2014-05-31" not in kit.get("/settings").text
