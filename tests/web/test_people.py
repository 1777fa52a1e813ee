"""People over the web: what each viewer gets while it is off, locked and unlocked, and that no name stands where it may not."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar

from appliance.accounts.viewer import Viewer
from appliance.people import consent, turning
from appliance.people.client import People
from appliance.people.protocol_persons import FacesSeen, GetGroup
from appliance.people.sight import sight_bytes
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, Browser, Clock, add_photo
from tests.people.people import PASSPHRASE, serving_people
from tests.people.posted import LEFT, RIGHT, looks, plant
from tests.processes import wait_for

GETS = (
    "",
    "/ask",
    "/away",
    "/journal",
    "/boxes?asset=1",
    "/persons/{person}",
    "/persons/{person}/faces",
    "/groups/{group}",
    "/faces/{face}/thumbnail",
)
NEVER = "0" * 16


@pytest.fixture
def on(app: Litestar, store: Store, layout: Layout, clock: Clock, cast: dict[str, Viewer]) -> Iterator[People]:
    """On and unlocked, with faces in photos 1 to 4, of which 4 is hidden from all but the owner."""
    for number in range(1, 5):
        assert add_photo(store, layout, f"{number}.jpg", hidden=number == 4) == number
    with serving_people(layout, clock) as people:
        app.state.web.people = people
        turning.turn_on(store, layout, people, passphrase=PASSPHRASE, user_id=1, viewers="owner", now=START)
        plant(layout, {n: [(LEFT, looks(0, 0.01 * n))] for n in (1, 2, 4)} | {3: [(RIGHT, looks(60))]})
        wait_for(lambda: people.count().get("face", 0) == 4, "the faces never arrived")
        yield people


@pytest.fixture
def olive(app: Litestar, cast: dict[str, Viewer]) -> Browser:
    return Browser(app).enter(cast["Olive"])


def everybody_may(store: Store) -> None:
    with store.write() as writer:
        consent.set_viewers(writer, "adults", user_id=1, now=START)


def group_of(people: People, asset: int) -> str:
    (face,) = people.faces_in(asset)
    assert face.group
    return face.group


def name_mia(olive: Browser, people: People) -> str:
    answer = olive.post("/people/faces", data={"what": "name", "group": group_of(people, 1), "name": "Mia"})
    assert answer.status_code == 303
    assert "Mia" not in answer.headers["location"]
    (person,) = people.names()
    return person.id


def paths(people: People, person: str) -> list[str]:
    face = people.faces_in(3)[0]
    return ["/people" + path.format(person=person, group=face.group, face=face.id) for path in GETS]


def test_naming_showing_and_undoing(olive: Browser, on: People) -> None:
    person = name_mia(olive, on)
    shown = olive.get(f"/people/persons/{person}").text
    assert "<h1>Mia</h1>" in shown
    assert "3 photos" in shown
    answer = olive.post("/people/undo", data={"number": 1})
    assert answer.headers["location"] == "/people?did=1"
    assert "Taken back: Named 3 faces Mia" in olive.get("/people?did=1").text
    assert on.names() == ()


def test_who_sees_less_of_the_library_sees_less_of_a_person(
    app: Litestar, store: Store, cast: dict[str, Viewer], olive: Browser, on: People
) -> None:
    person = name_mia(olive, on)
    everybody_may(store)
    max_ = Browser(app).enter(cast["Max"])
    shown = max_.get(f"/people/persons/{person}").text
    assert "2 photos" in shown
    assert "/photos/4" not in shown
    hidden = on.faces_in(4)[0].id
    assert olive.get(f"/people/faces/{hidden}/thumbnail").status_code == 422  # its preview is empty: it got as far as the decoder
    assert max_.get(f"/people/faces/{hidden}/thumbnail").content == max_.get(f"/people/faces/{NEVER}/thumbnail").content
    assert max_.post(f"/people/persons/{person}/forget").status_code == 403


@pytest.mark.parametrize("state", ["unlocked", "locked"])
def test_who_may_not_see_persons_finds_what_was_never_there(
    app: Litestar, store: Store, cast: dict[str, Viewer], olive: Browser, on: People, state: str
) -> None:
    """The same bytes while it is unlocked, locked and off, for every page and every form."""
    person = name_mia(olive, on)
    asked = paths(on, person)
    if state == "locked":
        on.lock()
    with store.write() as writer:
        row = writer.one("SELECT since, by_user, viewers, revision FROM people_consent")
    for name in ("Max", "Kit"):
        browser = Browser(app).enter(cast[name])
        while_on = [answer(browser, path) for path in asked]
        posted = browser.post("/people/faces", data={"what": "hide", "face": NEVER}).status_code
        with store.write() as writer:
            writer.run("DELETE FROM people_consent")
        assert [answer(browser, path) for path in asked] == while_on
        assert {status for status, _ in while_on} == {404}
        assert browser.post("/people/faces", data={"what": "hide", "face": NEVER}).status_code == posted == 404
        with store.write() as writer:
            writer.run("INSERT INTO people_consent(one, since, by_user, viewers, revision) VALUES(1,?,?,?,?)", row)
    strangers = Browser(app)
    assert {strangers.get(path).status_code for path in asked} == {401}


def answer(browser: Browser, path: str) -> tuple[int, str]:
    got = browser.get(path, headers={"accept": "text/html"})
    return got.status_code, re.sub(r'name="csrf" value="[^"]*"|aria-current="page"', "", got.text)


def test_a_locked_vault_asks_for_its_passphrase_and_says_nothing(olive: Browser, on: People) -> None:
    person = name_mia(olive, on)
    asked = paths(on, person)
    on.lock()
    for path in asked:
        got = olive.get(path, headers={"accept": "text/html"})
        assert got.status_code == 303
        assert got.headers["location"].startswith("/people/unlock?then=/people")
    never = olive.get(f"/people/persons/{NEVER}", headers={"accept": "text/html"})
    assert (never.status_code, never.content) == (303, got.content)
    page = olive.get("/people/unlock").text
    assert "People is locked" in page
    assert "Mia" not in page
    wrong = olive.post("/people/faces", data={"what": "hide", "face": NEVER}, headers={"accept": "text/html"})
    assert wrong.headers["location"].startswith("/people/unlock")


def test_a_wrong_passphrase_is_said_and_kept_nowhere(olive: Browser, app: Litestar, on: People) -> None:
    got = olive.post("/people/unlock", data={"passphrase": "not this one at all", "then": "https://elsewhere.example/"})
    assert got.status_code in (303, 401)
    assert "not this one" not in got.text


def test_the_navigation_names_people_to_those_who_see_them(
    app: Litestar, store: Store, cast: dict[str, Viewer], olive: Browser, on: People
) -> None:
    link = 'href="/people"'
    max_, kit = (Browser(app).enter(cast[name]) for name in ("Max", "Kit"))
    assert link in olive.get("/timeline").text
    assert link not in max_.get("/timeline").text
    everybody_may(store)
    assert link in max_.get("/timeline").text
    assert link not in kit.get("/timeline").text
    with store.write() as writer:
        writer.run("DELETE FROM people_consent")
    assert link not in olive.get("/timeline").text


def test_members_take_their_own_face_back(app: Litestar, cast: dict[str, Viewer], olive: Browser, on: People) -> None:
    person = name_mia(olive, on)
    described = olive.post(f"/people/persons/{person}", data={"name": "Mia", "recognise": "yes", "account": "2"})
    assert described.status_code == 303
    kit = Browser(app).enter(cast["Kit"])
    kit.post("/people/withdraw")
    max_ = Browser(app).enter(cast["Max"])
    assert "Take my own face back" in max_.get("/settings").text
    assert max_.post("/people/withdraw").status_code == 303
    wait_for(lambda: not on.names(), "the face was never taken back")
    assert "Kit took their own face back" in olive.get("/people").text
    linked = olive.post("/people/settle", data={"user_id": "3"})
    assert linked.status_code == 303
    assert "took their own face back" not in olive.get("/people").text


def test_a_child_is_left_alone_until_the_owner_asks(olive: Browser, on: People) -> None:
    olive.post("/people/faces", data={"what": "name", "group": group_of(on, 1), "name": "Kit", "child": "yes"})
    assert on.names() == ()
    page = olive.get("/people").text
    assert "Never recognised" in page
    person = re.search(r"/people/persons/([0-9a-f]{16})", page)
    assert person
    assert "/thumbnail" not in olive.get(f"/people/persons/{person[1]}").text
    olive.post(f"/people/persons/{person[1]}", data={"name": "Kit", "child": "yes", "recognise": "yes"})
    assert [one.name for one in on.names()] == ["Kit"]


def test_hostile_names_are_words(olive: Browser, on: People) -> None:
    hostile = '"><script>alert(1)</script>'
    olive.post("/people/faces", data={"what": "name", "group": group_of(on, 1), "name": hostile})
    for path in ("/people", "/people/journal", f"/people/persons/{on.names()[0].id}"):
        assert "<script>alert" not in olive.get(path).text


@pytest.mark.parametrize("then", ["https://elsewhere.example/", "//elsewhere.example", "/settings", "javascript:alert(1)"])
def test_a_form_leads_to_pages_of_people_alone(olive: Browser, on: People, then: str) -> None:
    got = olive.post("/people/faces", data={"what": "hide", "face": on.faces_in(3)[0].id, "then": then})
    assert got.status_code == 404
    assert len(on.faces_in(3)) == 1


def test_turning_off_asks_twice_and_gives_a_receipt(olive: Browser, on: People, layout: Layout) -> None:
    name_mia(olive, on)
    page = olive.get("/people/off").text
    assert "1 person and 4 faces" in page
    assert olive.post("/people/off").status_code == 400
    receipt = olive.post("/people/off", data={"sure": "yes"})
    assert receipt.status_code == 200
    assert "sealed rows" in receipt.text
    assert "Mia" not in receipt.text
    assert not list(layout.faces_vault.parent.iterdir())
    assert olive.get("/people").status_code == 404
    assert "Turned off" in olive.get("/settings").text


def test_outliers_come_first_and_are_split_off(olive: Browser, on: People) -> None:
    group = group_of(on, 1)
    seen = on.ask(GetGroup(group, sight_bytes([(1, None), (2, None), (4, None)])), FacesSeen)
    assert len(seen.faces) == 3
    assert olive.post("/people/faces", data={"what": "split", "face": seen.faces[0].id}).status_code == 303
    assert len({group_of(on, asset) for asset in (1, 2, 4)}) == 2
