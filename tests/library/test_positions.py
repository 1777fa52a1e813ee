"""Where photos were taken, counted for a map."""

from dataclasses import astuple

import pytest

from appliance.accounts.viewer import Guest, Viewer
from appliance.library import positions, selections
from appliance.library.positions import WORLD, Bounds, Cell
from appliance.store.db import Store
from tests.library.test_assets import NOW, add

ROME, OSTIA, LISBON = (41.9, 12.5), (41.73, 12.29), (38.72, -9.14)


@pytest.fixture
def placed(store: Store) -> list[int]:
    """Two in Rome, one of them hidden, one in Ostia, one in Lisbon, one in the trash in Rome, one nowhere."""
    with store.write() as writer:
        ids = [add(writer, number, hidden=int(number == 2)) for number in range(1, 7)]
        for asset_id, place in zip(ids, (ROME, ROME, OSTIA, LISBON, ROME), strict=False):
            writer.run("UPDATE asset SET latitude=?, longitude=? WHERE id=?", (*place, asset_id))
        writer.run("UPDATE asset SET country='IT', region='Lazio', town='Rome' WHERE id IN (1, 2, 5)")
        writer.run("UPDATE asset SET country='PT', region='Lisbon', town='Lisbon' WHERE id=4")
        writer.run("UPDATE asset SET deleted_at=1 WHERE id=5")
        return ids


def cells(store: Store, viewer: Viewer, step: float, bounds: Bounds = WORLD, selection: int | None = None) -> list[Cell]:
    assert not isinstance(viewer, Guest)
    with store.read() as reader:
        return positions.cells(reader, viewer, bounds, step, selection)


@pytest.mark.usefixtures("placed")
def test_everybody_gets_the_counts_of_what_they_see(store: Store, cast: dict[str, Viewer]) -> None:
    assert [cell.assets for cell in cells(store, cast["Olive"], 5)] == [3, 1]
    assert [cell.assets for cell in cells(store, cast["Max"], 5)] == [2, 1]
    assert [cell.assets for cell in cells(store, cast["Kit"], 0.1)] == [1, 1, 1]


@pytest.mark.usefixtures("placed")
def test_a_cell_knows_the_middle_the_bounds_and_the_newest_of_its_photos(store: Store, cast: dict[str, Viewer]) -> None:
    italy = cells(store, cast["Max"], 5)[0]
    assert astuple(italy) == pytest.approx((41.815, 12.395, 41.73, 12.29, 41.9, 12.5, 2, 3))


@pytest.mark.usefixtures("placed")
def test_only_the_part_that_is_shown_is_counted(store: Store, cast: dict[str, Viewer]) -> None:
    assert [cell.newest for cell in cells(store, cast["Max"], 5, Bounds(30, -20, 45, 0))] == [4]
    assert cells(store, cast["Max"], 5, Bounds(-45, 0, -30, 20)) == []


def test_a_selection_shows_itself_alone_and_to_its_owner_alone(store: Store, cast: dict[str, Viewer], placed: list[int]) -> None:
    viewer = cast["Max"]
    assert not isinstance(viewer, Guest)
    with store.write() as writer:
        selection = selections.keep(writer, viewer, [placed[2], placed[5]], now=NOW)
    assert [cell.newest for cell in cells(store, viewer, 5, selection=selection)] == [placed[2]]
    assert cells(store, cast["Olive"], 5, selection=selection) == []
    with store.read() as reader:
        assert positions.extent(reader, viewer, selection) == (1, Bounds(*OSTIA, *OSTIA))
        assert positions.towns(reader, viewer, selection) == []


@pytest.mark.usefixtures("placed")
def test_towns_stand_under_their_countries_with_what_one_sees(store: Store, cast: dict[str, Viewer]) -> None:
    viewer = cast["Olive"]
    assert not isinstance(viewer, Guest)
    with store.read() as reader:
        towns = [(town.country, town.town, town.assets) for town in positions.towns(reader, viewer)]
    assert towns == [("IT", "Rome", 2), ("PT", "Lisbon", 1)]


@pytest.mark.usefixtures("placed")
def test_the_photos_of_a_place_come_newest_first_page_after_page(store: Store, cast: dict[str, Viewer]) -> None:
    viewer, italy = cast["Olive"], Bounds(41, 12, 42, 13)
    assert not isinstance(viewer, Guest)
    with store.read() as reader:
        first = positions.tiles(reader, viewer, italy, limit=2)
        last = first[-1]
        rest = positions.tiles(reader, viewer, italy, limit=2, before=(last.capture_time, last.id))
    assert [tile.id for tile in first] == [3, 2] and [tile.id for tile in rest] == [1]


def test_a_map_of_everything_is_read_from_an_index_alone(store: Store, cast: dict[str, Viewer]) -> None:
    viewer = cast["Max"]
    assert not isinstance(viewer, Guest)
    with store.read() as reader:
        values = {"south": -90, "west": -180, "north": 90, "east": 180, "high": 5, "wide": 5}
        plan = [str(row[-1]) for row in reader.all(f"EXPLAIN QUERY PLAN {positions.cells_sql(viewer, None)}", values)]
    assert any("USING COVERING INDEX asset_position" in step for step in plan), plan
