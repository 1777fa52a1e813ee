"""A selection keeps what one person chose, in their order, for a day."""

import pytest

from appliance.accounts.viewer import Guest, Viewer
from appliance.errors import NotFound, WrongUsage
from appliance.library import selections
from appliance.store.db import Store
from tests.library.test_assets import NOW, add

DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def three(store: Store) -> list[int]:
    """The second is hidden."""
    with store.write() as writer:
        return [add(writer, 1), add(writer, 2, hidden=1), add(writer, 3)]


def keep(store: Store, viewer: Viewer, ids: list[int], now: int = NOW) -> int:
    assert not isinstance(viewer, Guest)
    with store.write() as writer:
        return selections.keep(writer, viewer, ids, now=now)


def chosen(store: Store, viewer: Viewer, selection: int) -> tuple[int, ...]:
    assert not isinstance(viewer, Guest)
    with store.read() as reader:
        return selections.assets_of(reader, viewer, selection)


def test_the_order_of_choosing_stays_and_nothing_counts_twice(store: Store, cast: dict[str, Viewer], three: list[int]) -> None:
    first, _, last = three
    selection = keep(store, cast["Max"], [last, first, last])
    assert chosen(store, cast["Max"], selection) == (last, first)


def test_what_somebody_does_not_see_cannot_be_selected(store: Store, cast: dict[str, Viewer], three: list[int]) -> None:
    assert chosen(store, cast["Max"], keep(store, cast["Max"], [*three, 999])) == (three[0], three[2])
    assert chosen(store, cast["Olive"], keep(store, cast["Olive"], three)) == tuple(three)


def test_what_was_hidden_meanwhile_is_not_in_it_any_more(store: Store, cast: dict[str, Viewer], three: list[int]) -> None:
    selection = keep(store, cast["Kit"], three)
    with store.write() as writer:
        writer.run("UPDATE asset SET hidden=1 WHERE id=?", (three[0],))
    assert chosen(store, cast["Kit"], selection) == (three[2],)


def test_nobody_reads_anothers_selection(store: Store, cast: dict[str, Viewer], three: list[int]) -> None:
    selection = keep(store, cast["Max"], three)
    for name in ("Olive", "Kit"):
        with pytest.raises(NotFound):
            chosen(store, cast[name], selection)


def test_a_day_later_it_is_gone(store: Store, cast: dict[str, Viewer], three: list[int]) -> None:
    selection = keep(store, cast["Max"], three)
    keep(store, cast["Kit"], three, now=NOW + DAY_MS)
    assert chosen(store, cast["Max"], selection)
    keep(store, cast["Kit"], three, now=NOW + DAY_MS + 1)
    with pytest.raises(NotFound):
        chosen(store, cast["Max"], selection)


def test_nothing_and_too_much_are_refused_in_a_sentence(store: Store, cast: dict[str, Viewer]) -> None:
    with pytest.raises(WrongUsage, match="Nothing was selected"):
        keep(store, cast["Max"], [])
    with pytest.raises(WrongUsage, match="Up to 100,000"):
        keep(store, cast["Max"], list(range(selections.MOST + 1)))
