"""While People is on, nothing that is asked writes a name: neither into `mantel.db` nor into a file beside it.

Asked through the real pages and the real command line, with a real people process; then the bytes of every file are read."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from litestar import Litestar

from appliance import cli
from appliance.errors import PeopleAway
from appliance.people import erasing
from appliance.people.client import People
from appliance.people.faces import Box
from appliance.people.protocol_persons import Describe, Draw
from appliance.people.turning import turn_on
from appliance.search import index
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, Browser, Clock, add_photo
from tests.people.people import PASSPHRASE, serving_people
from tests.processes import wait_for
from tests.search.world import library

NAME, SECOND, UNTOLD = "Zaphyra Quillan", "Tobrix", "Wexolina"
PLANTED = ("zaphyra", "quillan", "tobrix", "wexolina")
LEFT, RIGHT = Box(0.1, 0.1, 0.2, 0.2), Box(0.6, 0.1, 0.2, 0.2)


@pytest.fixture
def people(app: Litestar, store: Store, layout: Layout, clock: Clock, olive: Browser) -> Iterator[People]:
    """Five photos, all of a beach; Zaphyra is on 1, 2 and 3, Tobrix on 2 and 4, nobody on 5."""
    app.state.web.gazetteer = library().gazetteer
    for number in range(1, 6):
        assert add_photo(store, layout, f"{number}.jpg") == number
        with store.write() as writer:
            sql = "UPDATE asset SET capture_time=?, description=? WHERE id=?"
            writer.run(sql, (f"20{18 + number}-07-14T10:00:00", "a wide beach", number))
            index.fold_pending(writer)
    with serving_people(layout, clock) as client:
        turn_on(store, layout, client, passphrase=PASSPHRASE, user_id=1, viewers="owner", now=START)
        first = client.decide(Draw(START, 1, 1, LEFT, None, NAME)).person
        second = client.decide(Draw(START, 1, 2, RIGHT, None, SECOND)).person
        for asset, box, person in ((2, LEFT, first), (3, LEFT, first), (4, RIGHT, second)):
            client.decide(Draw(START, 1, asset, box, person))
        client.decide(Describe(START, 1, first, NAME, "2015-03-03", False, False, None, "2026-06-10"))
        yield client


def say(browser: Browser, sentence: str, here: str = "") -> str:
    """Ask in the box; return the page that one is led to."""
    answer = browser.post("/ask", data={"q": sentence, "here": here})
    assert answer.status_code == 303, answer.text
    return str(browser.get(answer.headers["location"]).text)


def here(html: str) -> str:
    found = re.search(r'name="here" value="([^"]*)"', html)
    assert found, html
    return unescape(found[1])


def shown(html: str) -> set[int]:
    return {int(number) for number in re.findall(r'class="tile ratio-\d+" href="/photos/(\d+)', html)}


def found_in(home: Path) -> set[tuple[str, str]]:
    """Planted names in the bytes of any file, whatever the encoding."""
    found = set()
    for file in (path for path in home.rglob("*") if path.is_file()):
        content = file.read_bytes().lower()
        for name in PLANTED:
            if any(name.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
                found.add((file.name, name))
    return found


def asset_lists(store: Store) -> list[str]:
    """What `mantel.db` keeps of which photos were shown or pointed at."""
    with store.read() as reader:
        return [shown for (shown,) in reader.all("SELECT shown FROM turn")]


@pytest.mark.usefixtures("people")
def test_names_are_understood_and_not_written(olive: Browser, store: Store, home: Path) -> None:
    html = say(olive, "Zaphyra at the beach")
    assert shown(html) == {1, 2, 3}
    assert "Zaphyra Quillan" in html
    assert shown(say(olive, "only with Tobrix", here(html))) == {2}
    assert shown(say(olive, "zaphyra's photos without Tobrix")) == {1, 3}
    assert shown(say(olive, "the third", here(html))) <= {1, 2, 3}
    assert shown(say(olive, "Zaphyra when she was five")) == {2}
    say(olive, "make an album of these called Zaphyra", here(html))
    say(olive, "more like the second", here(html))
    say(olive, "what does Zaphyra hold on the first?", here(html))
    say(olive, "when was Zaphyra last at the beach?")
    assert "Tobrix" in say(olive, "who is with Zaphyra?")
    assert "Zaphyra at the beach" in olive.get("/conversations").text
    olive.post("/conversations/1/title", data={"title": "Zaphyra and Tobrix"})
    assert "Zaphyra and Tobrix" in olive.get("/conversations").text
    assert found_in(home) == set()
    kept = asset_lists(store)
    assert len(kept) >= 10
    assert set(kept) == {"[]"}, "which photos somebody is in stands nowhere"
    with store.read() as reader:
        queries = [json.loads(query) for (query,) in reader.all("SELECT query FROM turn")]
        assert not any(query.get("only") or query.get("like") for query in queries)
        assert reader.value("SELECT count(*) FROM action") == 0
        assert {person for query in queries for group in query["persons"] for person in group}, "ids may stand there"


def test_while_locked_a_kept_question_is_about_someone(olive: Browser, people: People, home: Path) -> None:
    address = say(olive, "Zaphyra at the beach")
    people.lock()
    html = olive.get("/conversations/1/1").text
    assert "someone at the beach" in html
    assert "Zaphyra" not in html
    assert shown(html) == set()
    assert "/people/unlock?then=%2Fconversations%2F1%2F1" in html
    assert "someone at the beach" in olive.get("/conversations").text
    assert shown(address) == {1, 2, 3}
    assert found_in(home) == set()


def test_what_is_asked_while_locked_is_answered_and_not_written(
    olive: Browser, people: People, layout: Layout, clock: Clock, home: Path
) -> None:
    people.lock()
    html = say(olive, "Zaphyra at the beach")
    assert "“Zaphyra” may be somebody&#39;s name" in html
    assert "Zaphyra at the beach" in html, "the page still shows what was asked"
    assert "/people/unlock" in html
    html = say(olive, "when Wexolina was five")
    assert "People is locked" in html
    assert shown(html) == set()
    assert "People is locked" in say(olive, "who is in this photo?")
    assert found_in(home) == set()
    with serving_people(layout, clock) as again:
        again.unlock(PASSPHRASE)
        assert shown(olive.get("/conversations/1/1").text) == {1, 2, 3}
    assert found_in(home) == set()


def test_a_name_that_nobody_was_given_yet_is_not_written_either(olive: Browser, people: People, home: Path) -> None:
    assert "Wexolina" in say(olive, "Wexolina at the beach")
    assert found_in(home) == set()
    people.decide(Draw(START, 1, 5, LEFT, None, UNTOLD))
    assert shown(say(olive, "Wexolina at the beach")) == {5}
    assert found_in(home) == set()


@pytest.mark.usefixtures("people")
def test_a_child_is_answered_as_if_there_were_no_people(kit: Browser, max_: Browser, home: Path) -> None:
    for browser in (kit, max_):
        html = say(browser, "Zaphyra at the beach")
        assert "People" not in html
        assert "Quillan" not in html
        assert "People" not in say(browser, "who is in this photo?")
    assert found_in(home) == set()


def test_what_a_child_reads_is_the_same_open_and_locked(kit: Browser, people: People) -> None:
    def read() -> str:
        return re.sub(r"conversation[s/=&;a-z]*\d+|\d\d:\d\d|csrf[^>]*|nonce[^>]*", "", say(kit, "Tobrix at the beach"))

    unlocked = read()
    people.lock()
    assert read() == unlocked


@pytest.mark.usefixtures("people")
def test_the_command_line_finds_persons_and_writes_no_name(
    settings: Settings, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(settings.home)]
    assert cli.main(["find", *at, "Zaphyra at the beach"]) == 0
    assert "[Zaphyra Quillan]" in capsys.readouterr().out
    assert cli.main(["ask", *at, "how many photos of Zaphyra"]) == 0
    assert "3 photos" in capsys.readouterr().out
    assert found_in(home) == set()


@pytest.fixture
def before(app: Litestar, store: Store, layout: Layout, clock: Clock, olive: Browser, kit: Browser) -> Iterator[People]:
    """Questions of Olive's and Kit's from before People was on, so many that they fill pages of the database; the vault is open
    and nobody has a name yet."""
    app.state.web.gazetteer = library().gazetteer
    assert add_photo(store, layout, "1.jpg") == 1
    with store.write() as writer:
        writer.run("UPDATE asset SET description='a wide beach at the sea' WHERE id=1")
        index.fold_pending(writer)
    for number in range(40):
        html = say(olive, f"{'zaphyra' if number % 3 else 'ZAPHYRA'}'s {'wide ' * number}beach with Tobrix")
        say(olive, "only at the sea", here(html))
        say(kit, f"Zaphyra at the {'wide ' * number}beach")
    html = say(olive, "a wide beach")
    say(olive, "make an album of these called Zaphyra", here(html))
    olive.post("/conversations/1/title", data={"title": "Beaches of Zaphyra Quillan"})
    olive.post("/inspections", data={"q": "the beach of Zaphyra", "thing": "Zaphyra on the sand"})
    assert {name for _, name in found_in(layout.home)} == {"zaphyra", "tobrix", "quillan"}
    with serving_people(layout, clock) as client:
        turn_on(store, layout, client, passphrase=PASSPHRASE, user_id=1, viewers="owner", now=START)
        yield client


def name(browser: Browser, name: str, at: int) -> None:
    box = {"asset": 1, "left": at, "top": 10, "width": 20, "height": 20, "name": name}
    assert browser.post("/people/boxes", data=box).status_code == 303


@pytest.mark.usefixtures("before")
def test_what_was_asked_before_a_name_was_given_is_written_anew(olive: Browser, kit: Browser, home: Path, store: Store) -> None:
    name(olive, "Zaphyra Quillan", 10)
    assert {name for _, name in found_in(home)} == {"tobrix"}
    name(olive, "Tobrix", 60)
    assert found_in(home) == set()
    assert store.check() == "ok"
    assert "Beaches of Zaphyra Quillan" in olive.get("/conversations").text
    html = olive.get("/conversations/3/1").text
    assert "beach with Tobrix" in html
    assert shown(html) == {1}
    texts = kit.get("/conversations").text
    assert "Zaphyra" not in texts
    assert "someone" not in texts, "a child is told of no name"
    with store.read() as reader:
        sql = "SELECT count(*) FROM turn WHERE sentence || query GLOB '*⟨*' AND shown <> '[]'"
        assert reader.value(sql) == 0, "which photos somebody is in stands nowhere"
    assert found_in(home) == set()


def test_a_name_that_the_web_did_not_hear_of_is_masked_at_the_next_unlocking(
    olive: Browser, before: People, layout: Layout, clock: Clock, home: Path
) -> None:
    before.decide(Draw(START, 1, 1, LEFT, None, NAME))
    kept = before.decide(Draw(START, 1, 1, RIGHT, None, SECOND)).person
    before.decide(Describe(START, 1, kept, SECOND, "", True, True, None, "2026-06-10"))
    assert {name for _, name in found_in(home)} == {"zaphyra", "tobrix", "quillan"}
    before.lock()
    wait_for(lambda: is_away(before), "the locked process is gone")
    with serving_people(layout, clock):
        assert olive.post("/people/unlock", data={"passphrase": PASSPHRASE}).status_code == 303
        assert found_in(home) == set(), "not even of somebody who is never recognised"
        assert "Tobrix" not in olive.get("/conversations").text


def test_off_no_id_of_a_person_is_left(olive: Browser, before: People, store: Store, layout: Layout, home: Path) -> None:
    name(olive, NAME, 10)
    name(olive, SECOND, 60)
    ids = [person.id for person in before.names()]
    say(olive, "a wide beach without Zaphyra")
    assert "Zaphyra" in say(olive, "Zaphyra at the beach")
    assert any(id.encode() in layout.database.read_bytes() + wal(layout) for id in ids)
    erasing.turn_off(store, layout, user_id=1, now=START)
    assert found_in(home) == set()
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not any(id.encode() in content for id in ids for content in files)
    html = olive.get("/conversations").text
    assert "Beaches of someone" in html
    assert "someone at the beach" in html


def is_away(people: People) -> bool:
    try:
        people.state()
    except PeopleAway:
        return True
    return False


def wal(layout: Layout) -> bytes:
    return layout.database.with_name(layout.database.name + "-wal").read_bytes()


def test_while_people_is_off_everything_is_kept(app: Litestar, olive: Browser, home: Path) -> None:
    app.state.web.gazetteer = library().gazetteer
    say(olive, "Zaphyra at the beach")
    assert {name for _, name in found_in(home)} == {"zaphyra"}
