"""A person corrects times: what that would do is shown first, changes rows alone, and can be put back."""

import pytest

from appliance.accounts.viewer import Guest, Viewer
from appliance.errors import WrongUsage
from appliance.library import fix_time
from appliance.library.capture_time import CaptureTime
from appliance.library.fix_time import Fix, change_of, described, shift_of
from appliance.store.db import Store
from tests.library.test_assets import add

TAKEN = CaptureTime("2024-07-14T10:00:00", None, "exif")


@pytest.fixture
def photos(store: Store) -> list[int]:
    """Three: taken at 10:00, the second with the offset of summer in Rome, the third hidden."""
    with store.write() as writer:
        ids = [add(writer, 1), add(writer, 2), add(writer, 3, hidden=1)]
        writer.run("UPDATE asset SET utc_offset=120 WHERE id=?", (ids[1],))
        return ids


def fixes(store: Store, viewer: Viewer, ids: list[int], change: str) -> list[Fix]:
    assert not isinstance(viewer, Guest)
    with store.read() as reader:
        return fix_time.fixes(reader, viewer, ids, change_of(change))


def times(store: Store) -> list[tuple[str, int | None, str]]:
    with store.read() as reader:
        return reader.all("SELECT capture_time, utc_offset, time_source FROM asset ORDER BY id")


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ("shift 60", ("2024-07-14T11:00:00", 120)),
        ("shift -1440", ("2024-07-13T10:00:00", 120)),
        ("zone America/New_York", ("2024-07-14T10:00:00", -240)),
        ("zone -03:30", ("2024-07-14T10:00:00", -210)),
        ("move Asia/Tokyo", ("2024-07-14T17:00:00", 540)),
        ("move +00:00", ("2024-07-14T08:00:00", 0)),
        ("set 2019-12-24T18:30:00", ("2019-12-24T18:30:00", 120)),
        ("set 2019-12-24T18:30:00+01:00", ("2019-12-24T18:30:00", 60)),
    ],
)
def test_what_a_change_does(store: Store, cast: dict[str, Viewer], photos: list[int], change: str, after: tuple[str, int]) -> None:
    (fix,) = fixes(store, cast["Max"], [photos[1]], change)
    assert fix.after == CaptureTime(*after, "person") and fix.before.offset == 120
    assert times(store)[1] == ("2024-07-14T10:00:00", 120, "exif"), "a preview changes nothing"


def test_winter_and_summer_have_their_own_offset(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    with store.write() as writer:
        writer.run("UPDATE asset SET capture_time='2024-01-14T10:00:00' WHERE id=?", (photos[0],))
    found = fixes(store, cast["Max"], photos[:2], "zone Europe/Rome")
    assert found[0].after == CaptureTime("2024-01-14T10:00:00", 60, "person")
    assert found[1].after is None and found[1].why == "It is so already."


def test_what_has_no_time_of_its_own_is_passed_over_with_a_reason(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    with store.write() as writer:
        writer.run("UPDATE asset SET time_source='upload' WHERE id=?", (photos[0],))
    (fix,) = fixes(store, cast["Max"], [photos[0]], "shift 60")
    assert fix.after is None and "set its date" in fix.why
    (fix,) = fixes(store, cast["Max"], [photos[0]], "set 2001-02-03T04:05:06")
    assert fix.after == CaptureTime("2001-02-03T04:05:06", None, "person")


def test_a_clock_whose_zone_is_unknown_cannot_move_to_another(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    (fix,) = fixes(store, cast["Max"], [photos[0]], "move Asia/Tokyo")
    assert fix.after is None and "time zone is not known" in fix.why


@pytest.mark.parametrize(
    "text",
    ["", "shift", "shift 0", "shift x", "shift 999999999", "zone Nowhere/Atall", "zone ../../etc/passwd", "zone +15:00",
     "set tomorrow", "set 0999-01-01", "sell 60", "shift 60; DROP"],
)  # fmt: skip
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match="Nothing was changed"):
        change_of(text)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("+1h", 60), ("-30m", -30), ("+2d 3h", 3060), ("1 hour later", 60), ("90 minutes earlier", -90), ("-1d", -1440)],
)
def test_shifts_as_people_type_them(typed: str, minutes: int) -> None:
    assert shift_of(typed).minutes == minutes


@pytest.mark.parametrize("typed", ["", "h", "+1w", "later", "1", "+1h and more"])
def test_what_is_no_shift_is_refused(typed: str) -> None:
    with pytest.raises(WrongUsage, match=r"\+1h"):
        shift_of(typed)


def test_changes_are_told_in_words() -> None:
    assert described(change_of("shift -1531")) == "1 day and 1 hour and 31 minutes earlier"
    assert described(change_of("zone Europe/Rome")) == "time zone Europe/Rome, with the clock as it is"


def test_a_date_is_set_for_one_photo_only(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    with pytest.raises(WrongUsage, match="one photo at a time"):
        fixes(store, cast["Max"], photos[:2], "set 2019-12-24T18:30:00")


def test_no_photo_gets_a_year_that_cannot_be(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    with pytest.raises(WrongUsage, match="year"):
        fixes(store, cast["Max"], photos, "shift 100000000")


def test_rows_change_and_sidecars_become_jobs(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    viewer = cast["Max"]
    assert not isinstance(viewer, Guest)
    with store.write() as writer:
        done = fix_time.apply(writer, viewer, photos, change_of("shift 60"))
    assert times(store) == [
        ("2024-07-14T11:00:00", None, "person"), ("2024-07-14T11:00:00", 120, "person"), ("2024-07-14T10:00:00", None, "exif"),
    ], "what Max does not see stays"  # fmt: skip
    with store.read() as reader:
        assert reader.all("SELECT asset_id, state FROM job WHERE stage='sidecar'") == [(1, "waiting"), (2, "waiting")]
        assert reader.all("SELECT month, assets FROM month") == [("2024-07", 2)]
    with store.write() as writer:
        writer.run("UPDATE job SET state='done' WHERE stage='sidecar'")
        assert fix_time.put_back(writer, done) == 2
    assert times(store)[0] == ("2024-07-14T10:00:00", None, "exif")
    with store.read() as reader:
        assert reader.all("SELECT state FROM job WHERE stage='sidecar'") == [("waiting",), ("waiting",)]


def test_undoing_leaves_what_was_changed_again_since(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    viewer = cast["Max"]
    assert not isinstance(viewer, Guest)
    with store.write() as writer:
        first = fix_time.apply(writer, viewer, photos[:2], change_of("shift 60"))
        fix_time.apply(writer, viewer, photos[:1], change_of("shift 5"))
        assert fix_time.put_back(writer, first) == 1
    assert [time for time, *_ in times(store)] == ["2024-07-14T11:05:00", "2024-07-14T10:00:00", "2024-07-14T10:00:00"]
