"""One asset, the timeline and a person's description, for each of the cast."""

import pytest

from appliance.accounts.viewer import Viewer
from appliance.errors import NotFound, WrongUsage
from appliance.library import assets
from appliance.store import queue
from appliance.store.db import Store, Writer

NOW = 1_750_000_000_000


def add(writer: Writer, number: int, *, capture_time: str = "2024-07-14T10:00:00", hidden: int = 0) -> int:
    asset_id = writer.insert(
        """INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source,
             added_at, hidden) VALUES(?,?,?,1,0,'jpeg','photo',?,'exif',?,?)""",
        (f"{number:064x}", f"2024/2024-07-14/{number}.jpg", f"{number}.jpg", capture_time, NOW, hidden),
    )
    queue.add(writer, asset_id, [("embedding", True)], priority=0)
    return asset_id


@pytest.fixture
def asset(store: Store) -> int:
    with store.write() as writer:
        return add(writer, 1)


@pytest.mark.parametrize("name", ["Olive", "Max", "Kit"])
def test_the_family_sees_an_asset(store: Store, cast: dict[str, Viewer], asset: int, name: str) -> None:
    with store.read() as reader:
        assert assets.get(reader, cast[name], asset).row.original == "2024/2024-07-14/1.jpg"


def test_a_guest_finds_nothing(store: Store, cast: dict[str, Viewer], asset: int) -> None:
    with store.read() as reader:
        with pytest.raises(NotFound):
            assets.get(reader, cast["Gita"], asset)
        assert assets.timeline(reader, cast["Gita"], None, 10) == []
        assert assets.months(reader, cast["Gita"]) == []
    with pytest.raises(NotFound), store.write() as writer:
        assets.describe(writer, cast["Gita"], asset, "mine", NOW)


def test_a_member_does_not_find_a_hidden_asset(store: Store, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        hidden = add(writer, 2, hidden=1)
    with store.read() as reader:
        with pytest.raises(NotFound):
            assets.get(reader, cast["Max"], hidden)
        assert assets.get(reader, cast["Olive"], hidden).row.id == hidden
        assert assets.timeline(reader, cast["Olive"], None, 10) == []


def test_a_description_is_kept_tidy_and_embedded_again(store: Store, cast: dict[str, Viewer], asset: int) -> None:
    with store.write() as writer:
        job = queue.claim(writer, ["embedding"], by="worker", now=NOW, lease_ms=1000)
        assert job is not None
        kept = assets.describe(writer, cast["Kit"], asset, "  The tent\x1b\r\nblew away ", NOW)
        assert kept == "The tent\nblew away"
        assert not queue.finish(writer, job, version="1", now=NOW), "what was embedded before must not count"
        assert queue.claim(writer, ["embedding"], by="worker", now=NOW, lease_ms=1000)
    with store.read() as reader:
        assert assets.get(reader, cast["Kit"], asset).row.description == "The tent\nblew away"


def test_an_empty_description_takes_it_away(store: Store, cast: dict[str, Viewer], asset: int) -> None:
    with store.write() as writer:
        assets.describe(writer, cast["Max"], asset, "words", NOW)
        assert assets.describe(writer, cast["Max"], asset, "  ", NOW) is None


def test_a_description_as_long_as_a_book_is_refused(store: Store, cast: dict[str, Viewer], asset: int) -> None:
    with pytest.raises(WrongUsage), store.write() as writer:
        assets.describe(writer, cast["Max"], asset, "x" * 2001, NOW)


def test_the_timeline_pages_newest_first_without_gaps(store: Store, cast: dict[str, Viewer]) -> None:
    with store.write() as writer:
        for number in range(10):
            add(writer, number, capture_time=f"2024-{7 + number % 2:02d}-01T10:00:0{number // 4}")
    seen: list[int] = []
    before: tuple[str, int] | None = None
    with store.read() as reader:
        while page := assets.timeline(reader, cast["Max"], before, 3):
            seen += [tile.id for tile in page]
            before = (page[-1].capture_time, page[-1].id)
        july = assets.timeline(reader, cast["Max"], None, 100, month="2024-07")
        assert [(month.month, month.assets) for month in assets.months(reader, cast["Max"])] == [("2024-08", 5), ("2024-07", 5)]
    assert len(seen) == len(set(seen)) == 10
    assert len(july) == 5


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [
        ("Canon", "Canon EOS 80D", "Canon EOS 80D"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        (None, None, None),
        ("Sony", None, "Sony"),
    ],
)
def test_a_camera_has_one_name(make: str | None, model: str | None, name: str | None) -> None:
    assert assets.camera(make, model) == name
