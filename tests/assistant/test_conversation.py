"""A conversation keeps what was asked and how it was understood, for the one who asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from appliance.accounts.viewer import Family
from appliance.assistant.conversation import add, begin, last_query, turns
from appliance.errors import NotFound
from appliance.search.filters import Chip, DateRange, PlaceFilter, Query
from appliance.store.db import Store
from tests.search.shelf import MAX, OLIVE

EVERYTHING = Query(
    text="a dog", phrases=("big dog",), not_words=("cat",), text_in_picture=True, hours=(21, 5), weekdays=(5, 6), months=(12,),
    dates=(DateRange(date(2019, 3, 1), date(2019, 3, 31), "1–31 March 2019"),), month_days=("12-24",), favourite=True,
    places=(PlaceFilter("near Rome", latitude=41.9, longitude=12.5, radius_km=20.0),),
    not_places=(PlaceFilter("Italy", country="IT"),),
    cameras=("Pixel 8",), kind="photo", screenshot=False, formats=("heic",), sort="oldest", limit=3, intent="count",
    chips=(Chip("place", "near Rome", "place:1"),),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "mantel.db", tmp_path / "copies")
    with store.write() as writer:
        for viewer in (OLIVE, MAX):
            writer.run("INSERT INTO user VALUES(?,?,'member','',0,NULL)", (viewer.user_id, viewer.name))
    yield store
    store.close()


def start(store: Store, viewer: Family = OLIVE) -> int:
    with store.write() as writer:
        return begin(writer, viewer, now=1)


def test_turns_come_back_as_they_were_understood(store: Store) -> None:
    conversation = start(store)
    with store.write() as writer:
        assert add(writer, OLIVE, conversation, "dogs in Rome", EVERYTHING, now=2) == 1
        assert add(writer, OLIVE, conversation, "only 2019", Query(text="2019"), now=3) == 2
    with store.read() as reader:
        first, second = turns(reader, OLIVE, conversation)
        assert (first.sentence, first.query, first.at) == ("dogs in Rome", EVERYTHING, 2)
        assert last_query(reader, OLIVE, conversation) == second.query == Query(text="2019")


def test_a_new_conversation_has_nothing_to_follow_up_on(store: Store) -> None:
    conversation = start(store)
    with store.read() as reader:
        assert last_query(reader, OLIVE, conversation) is None
        assert turns(reader, OLIVE, conversation) == []


def test_nobody_reads_or_continues_the_conversation_of_another(store: Store) -> None:
    conversation = start(store, OLIVE)
    with store.read() as reader:
        for look in (turns, last_query):
            with pytest.raises(NotFound):
                look(reader, MAX, conversation)
            with pytest.raises(NotFound):
                look(reader, OLIVE, conversation + 1)
    with pytest.raises(NotFound), store.write() as writer:
        add(writer, MAX, conversation, "mine now", Query(), now=2)
