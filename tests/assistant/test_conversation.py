"""A conversation keeps what was asked and how it was understood, for the one who asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from appliance.accounts.viewer import Family
from appliance.assistant.conversation import (
    UNDO_MS,
    add,
    begin,
    delete,
    listed,
    pinned,
    rename,
    restore,
    trail,
    turns,
)
from appliance.assistant.keeping import AS_ASKED
from appliance.assistant.plan import Act, Plan, from_json
from appliance.errors import NotFound, WrongUsage
from appliance.search.filters import Chip, DateRange, PlaceFilter, Query
from appliance.store.db import Store
from tests.databases import new_store
from tests.search.shelf import MAX, OLIVE

EVERYTHING = Query(
    text="a dog", phrases=("big dog",), not_words=("cat",), text_in_picture=True, hours=(21, 5), weekdays=(5, 6), months=(12,),
    dates=(DateRange(date(2019, 3, 1), date(2019, 3, 31), "1–31 March 2019"),), month_days=("12-24",), favourite=True,
    places=(PlaceFilter("near Rome", latitude=41.9, longitude=12.5, radius_km=20.0),),
    not_places=(PlaceFilter("Italy", country="IT"),),
    cameras=("Pixel 8",), kind="photo", screenshot=False, formats=("heic",), only=(3, 1), sort="oldest", limit=3, intent="count",
    chips=(Chip("place", "near Rome", "place:1"),),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = new_store(tmp_path / "mantel.db", tmp_path / "copies")
    with store.write() as writer:
        for viewer in (OLIVE, MAX):
            sql = "INSERT INTO user(id, name, kind, password_hash, created_at) VALUES(?,?,'member','',0)"
            writer.run(sql, (viewer.user_id, viewer.name))
    yield store
    store.close()


def start(store: Store, viewer: Family = OLIVE) -> int:
    with store.write() as writer:
        return begin(writer, viewer, now=1)


def test_turns_come_back_as_they_were_understood(store: Store) -> None:
    conversation = start(store)
    album = Plan("act", act=Act("album", "Rome"))
    with store.write() as writer:
        assert add(writer, OLIVE, conversation, "dogs in Rome", EVERYTHING, now=2, shown=(9, 7), keeping=AS_ASKED) == 1
        assert add(writer, OLIVE, conversation, "only 2019", Query(text="2019"), now=3, before=1, plan=album, keeping=AS_ASKED) == 2
    with store.read() as reader:
        first, second = turns(reader, OLIVE, conversation, keeping=AS_ASKED)
    assert (first.sentence, first.query, first.at, first.shown) == ("dogs in Rome", EVERYTHING, 2, (9, 7))
    assert (first.plan.kind, first.plan.query, first.plan.follows) == ("search", EVERYTHING, False)
    assert (second.plan.act, second.plan.query, second.plan.follows) == (Act("album", "Rome"), Query(text="2019"), True)


def test_the_trail_is_what_a_turn_follows_up_on(store: Store) -> None:
    conversation = start(store)
    with store.write() as writer:
        add(writer, OLIVE, conversation, "dogs", Query(text="dogs"), now=1, keeping=AS_ASKED)
        add(writer, OLIVE, conversation, "cats", Query(text="cats"), now=1, keeping=AS_ASKED)
        add(writer, OLIVE, conversation, "only 2019", Query(text="dogs 2019"), now=1, before=1, keeping=AS_ASKED)
        add(writer, OLIVE, conversation, "back", Query(text="cats"), now=1, before=2, plan=Plan("back"), keeping=AS_ASKED)
    with store.read() as reader:
        assert [turn.number for turn in trail(reader, OLIVE, conversation, 3, keeping=AS_ASKED)] == [1, 3]
        assert [turn.number for turn in trail(reader, OLIVE, conversation, keeping=AS_ASKED)] == [2], (
            "after going back one stands at the second"
        )
        with pytest.raises(NotFound):
            trail(reader, OLIVE, conversation, 5, keeping=AS_ASKED)


def test_a_new_conversation_has_nothing_to_follow_up_on(store: Store) -> None:
    conversation = start(store)
    with store.read() as reader:
        assert trail(reader, OLIVE, conversation, keeping=AS_ASKED) == ()
        assert turns(reader, OLIVE, conversation, keeping=AS_ASKED) == []
        assert pinned(reader, OLIVE, conversation, keeping=AS_ASKED) is None


def test_conversations_are_listed_by_their_last_question_and_can_be_named(store: Store) -> None:
    older, newer = start(store), start(store)
    start(store, MAX)
    with store.write() as writer:
        add(writer, OLIVE, newer, "cats", Query(), now=5, keeping=AS_ASKED)
        add(writer, OLIVE, older, "dogs", Query(), now=6, keeping=AS_ASKED)
        add(writer, OLIVE, older, "only 2019", Query(), now=7, keeping=AS_ASKED)
        rename(writer, OLIVE, newer, "  All   our cats ", keeping=AS_ASKED)
    with store.read() as reader:
        lines = listed(reader, OLIVE, limit=10, keeping=AS_ASKED)
        assert [(line.id, line.title, line.turns, line.last) for line in lines] == [
            (older, "dogs", 2, 2),
            (newer, "All our cats", 1, 1),
        ]
        assert listed(reader, MAX, limit=10, keeping=AS_ASKED) == [], "nothing was asked in it"
    with store.write() as writer:
        rename(writer, OLIVE, newer, " ", keeping=AS_ASKED)
        with pytest.raises(WrongUsage):
            rename(writer, OLIVE, newer, "x" * 121, keeping=AS_ASKED)
    with store.read() as reader:
        assert listed(reader, OLIVE, limit=10, keeping=AS_ASKED)[1].title == "cats"


def test_a_deleted_conversation_comes_back_within_the_hour_and_never_after(store: Store) -> None:
    first, second = start(store), start(store)
    with store.write() as writer:
        for number in (first, second):
            add(writer, OLIVE, number, "dogs", Query(), now=5, keeping=AS_ASKED)
        delete(writer, OLIVE, first, now=10)
        with pytest.raises(NotFound):
            turns(writer, OLIVE, first, keeping=AS_ASKED)
        with pytest.raises(NotFound):
            restore(writer, MAX, first, now=11)
        restore(writer, OLIVE, first, now=11)
        assert len(turns(writer, OLIVE, first, keeping=AS_ASKED)) == 1
        delete(writer, OLIVE, second, now=12)
        with pytest.raises(NotFound):
            restore(writer, OLIVE, second, now=13 + UNDO_MS)
        assert writer.all("SELECT DISTINCT conversation_id FROM turn") == [(first,)]


def test_nobody_reads_or_continues_the_conversation_of_another(store: Store) -> None:
    conversation = start(store, OLIVE)
    with store.read() as reader:
        for look in (turns, trail, pinned):
            with pytest.raises(NotFound):
                look(reader, MAX, conversation, keeping=AS_ASKED)
            with pytest.raises(NotFound):
                look(reader, OLIVE, conversation + 1, keeping=AS_ASKED)
    with pytest.raises(NotFound), store.write() as writer:
        add(writer, MAX, conversation, "mine now", Query(), now=2, keeping=AS_ASKED)


def test_a_plan_of_an_older_mantel_is_read_as_its_search() -> None:
    kept = from_json('{"kind": "box", "topic": "share"}', Query(text="dog"), follows=False)
    assert kept == Plan(query=Query(text="dog"))
