"""What the home page suggests is there to be found."""

from pathlib import Path

import pytest

from appliance.search.suggestions import suggest
from tests.search.shelf import GITA, MAX, OLIVE, Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def sentences(shelf: Shelf, viewer: object = OLIVE) -> list[str]:
    with shelf.store.read() as reader:
        return [suggestion.sentence for suggestion in suggest(reader, viewer)]  # type: ignore[arg-type]


def put_all(shelf: Shelf) -> None:
    for day in ("2019-03-01", "2019-03-02", "2019-07-01", "2021-08-01"):
        shelf.put(capture_time=f"{day}T10:00:00", country="IT", region="Tuscany", town="Arezzo")
    shelf.put(capture_time="2021-09-01T10:00:00", country="IT", region="Lazio", town="Rome", kind="video")
    shelf.put(capture_time="2021-08-03T10:00:00", screenshot=1)


def test_an_empty_library_suggests_nothing(shelf: Shelf) -> None:
    assert sentences(shelf) == []


def test_places_years_and_kinds_that_the_library_holds_are_suggested(shelf: Shelf) -> None:
    put_all(shelf)
    assert sentences(shelf) == sentences(shelf, MAX)
    assert sentences(shelf) == ["Photos from Arezzo", "Photos from Rome", "Photos from 2021", "March 2019", "Videos", "Screenshots"]


def test_the_day_of_an_upload_is_no_date_to_suggest(shelf: Shelf) -> None:
    shelf.put(capture_time="2019-03-01T10:00:00")
    for _ in range(3):
        shelf.put(capture_time="2026-11-01T10:00:00", time_source="upload")
    assert sentences(shelf) == ["Photos from 2019"]


def test_what_is_hidden_or_in_the_trash_suggests_nothing(shelf: Shelf) -> None:
    shelf.put(capture_time="2019-03-01T10:00:00", town="Rome", country="IT", kind="video", hidden=1)
    shelf.put(capture_time="2019-03-01T10:00:00", town="Rome", country="IT", screenshot=1, deleted_at=5)
    assert sentences(shelf) == []


def test_a_guest_is_suggested_nothing(shelf: Shelf) -> None:
    put_all(shelf)
    assert sentences(shelf, GITA) == []
