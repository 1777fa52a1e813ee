"""Taking files in: names, sameness, refusals, sidecars, and what a kill leaves."""

import fcntl
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from appliance.accounts.viewer import Member, Viewer
from appliance.errors import FileRefused, SidecarFile
from appliance.library import incoming, leftovers
from appliance.library.ingest import Taken
from appliance.library.names import LONGEST_NAME_BYTES, folder_of, human_name
from appliance.library.received import announce
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout
from tests import drawn
from tests.library.conftest import NOW, Taker

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def photo(path: Path, *, taken: str = "2024:07:14 10:00:00", text: str = "") -> Path:
    tags = drawn.exif(taken=taken, place=(41.9, 12.5), make="Canon", model="EOS 80D")
    return written(path, drawn.picture("jpeg", tags=tags, text=text or path.stem))


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_photo_lies_in_the_folder_of_its_day_under_its_own_name(
    take: Taker, store: Store, layout: Layout, tmp_path: Path
) -> None:
    source = photo(tmp_path / "in" / "IMG_1234.JPG")
    taken = take(source)
    assert (taken.outcome, taken.original) == ("added", "2024/2024-07-14/IMG_1234.JPG")
    kept = layout.original(taken.original)
    assert kept.read_bytes() == source.read_bytes()
    assert taken.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert kept.stat().st_mtime_ns == source.stat().st_mtime_ns
    assert files_in(layout.incoming) == []
    with store.read() as reader:
        columns = "format, kind, width, height, capture_time, time_source, country, town, camera_model"
        row = reader.one(f"SELECT {columns} FROM asset")
        jobs = reader.all("SELECT stage, state FROM job")
    assert row == ("jpeg", "photo", 640, 480, "2024-07-14T10:00:00", "exif", "IT", "Rome", "EOS 80D")
    assert jobs == [("derivatives", "waiting")]


def test_the_same_bytes_twice_are_one_asset(take: Taker, layout: Layout, tmp_path: Path) -> None:
    first = take(photo(tmp_path / "a.jpg", text="same"))
    second = take(photo(tmp_path / "b.jpg", text="same"))
    assert second == Taken(first.asset_id, first.sha256, first.original, "already_here")
    assert files_in(layout.originals) == [first.original]


def test_the_same_bytes_from_many_sides_at_once_are_one_asset(take: Taker, layout: Layout, tmp_path: Path) -> None:
    sources = [photo(tmp_path / f"{number}.jpg", text="same") for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        outcomes = [taken.outcome for taken in pool.map(take, sources)]
    assert sorted(outcomes) == ["added"] + ["already_here"] * 5
    assert len(files_in(layout.originals)) == 1
    assert files_in(layout.incoming) == []


def test_two_photos_of_one_name_and_day_are_both_kept(take: Taker, tmp_path: Path) -> None:
    names = [take(photo(tmp_path / folder / "IMG.JPG", text=folder)).original for folder in ("a", "b", "c")]
    assert names == [f"2024/2024-07-14/{name}" for name in ("IMG.JPG", "IMG (2).JPG", "IMG (3).JPG")]


def test_a_name_whose_file_is_lost_is_not_given_away(take: Taker, layout: Layout, tmp_path: Path) -> None:
    layout.original(take(photo(tmp_path / "a" / "IMG.JPG", text="a")).original).unlink()
    assert take(photo(tmp_path / "b" / "IMG.JPG", text="b")).original.endswith("/IMG (2).JPG")


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        ("IMG_1.JPG", "IMG_1.JPG"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Olive\\dog.jpg", "dog.jpg"),
        (".hidden.jpg", "hidden.jpg"),
        ("--delete.jpg", "delete.jpg"),
        ("new\nline\x1b[31m.jpg", "newline[31m.jpg"),
        ("left\u202egpj.exe", "leftgpj.exe"),
        ("", "unnamed.jpeg"),
        ("...", "unnamed.jpeg"),
        ("photo.xmp", "photo.xmp.jpeg"),
        ("Straße am Meer.jpg", "Straße am Meer.jpg"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_safe(received: str, kept: str) -> None:
    assert human_name(received, "jpeg") == kept


def test_a_long_name_is_cut_between_letters_and_keeps_its_ending() -> None:
    name = human_name("ü" * 300 + ".jpeg", "jpeg")
    assert name.endswith("ü.jpeg")
    assert len(name.encode()) <= LONGEST_NAME_BYTES


def test_a_day_has_its_folder() -> None:
    assert folder_of("2024-07-14T10:00:00") == "2024/2024-07-14"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.jpg", b"", "empty"),
        ("letter.pdf", b"%PDF-1.7 nothing to see", ""),
        ("noise.jpg", bytes(range(256)) * 40, ""),
        ("cut.jpg", drawn.picture("jpeg")[:300], "decoded"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(
    take: Taker, store: Store, layout: Layout, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    source = written(tmp_path / name, content)
    with pytest.raises(FileRefused) as refusal:
        take(source)
    assert reason in str(refusal.value.facts["reason"])
    assert source.read_bytes() == content
    assert files_in(layout.originals) == files_in(layout.incoming) == []
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM asset") == 0


def test_a_link_and_a_pipe_are_refused(take: Taker, tmp_path: Path) -> None:
    photo(tmp_path / "real.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("link.jpg", "pipe.jpg"):
        with pytest.raises(FileRefused):
            take(tmp_path / name)


def test_a_sidecar_is_kept_beside_its_original_and_is_no_asset(take: Taker, store: Store, layout: Layout, tmp_path: Path) -> None:
    source = photo(tmp_path / "IMG_9.JPG")
    sidecar = written(tmp_path / "IMG_9.xmp", XMP)
    taken = take(source)
    assert layout.original(taken.original + ".xmp").read_bytes() == XMP
    with pytest.raises(SidecarFile):
        take(sidecar)
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM asset") == 1


def test_a_sidecar_that_came_later_is_kept_too(take: Taker, layout: Layout, tmp_path: Path) -> None:
    source = photo(tmp_path / "IMG_9.JPG")
    take(source)
    written(tmp_path / "IMG_9.JPG.xmp", XMP)
    assert layout.original(take(source).original + ".xmp").read_bytes() == XMP


def test_an_upload_is_unlinked_only_after_the_commit(take: Taker, layout: Layout) -> None:
    token = photo(layout.incoming / "token")

    def fail(writer: Writer, taken: Taken) -> None:
        raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        take.intake.take(token, file_name="dog.jpg", added_by=None, now=NOW, consume=True, also=fail)
    assert token.is_file()
    assert files_in(layout.originals) == []
    assert take(token, "dog.jpg", consume=True).original == "2024/2024-07-14/dog.jpg"
    assert not token.exists()


def test_killed_after_the_new_name_the_file_keeps_that_name(take: Taker, layout: Layout) -> None:
    token = photo(layout.incoming / "token")
    elsewhere = layout.original("2024/2024-07-13")
    incoming.make_folder(elsewhere)
    (elsewhere / "dog.jpg").hardlink_to(token)
    assert take(token, "dog.jpg", consume=True).original == "2024/2024-07-13/dog.jpg"
    assert files_in(layout.originals) == ["2024/2024-07-13/dog.jpg"]


def test_the_sweep_finishes_what_has_a_name_and_removes_half_copies(take: Taker, store: Store, layout: Layout) -> None:
    half = written(layout.incoming / "add-half", b"half a photo")
    named = photo(layout.incoming / "add-named")
    incoming.make_folder(layout.original("2024/2024-07-14"))
    layout.original("2024/2024-07-14/dog.jpg").hardlink_to(named)
    upload = photo(layout.incoming / "token-of-a-waiting-upload")
    leftovers.sweep(store, layout, take.intake, NOW)
    assert not half.exists()
    assert not named.exists()
    assert upload.exists()
    with store.read() as reader:
        assert reader.all("SELECT original FROM asset") == [("2024/2024-07-14/dog.jpg",)]


def test_the_sweep_removes_an_upload_that_was_cut_short_by_a_kill_and_keeps_one_that_waits(
    take: Taker, store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    written(layout.incoming / f"{incoming.UPLOAD_PREFIX}cut", b"half a pho")
    whole = written(layout.incoming / f"{incoming.UPLOAD_PREFIX}whole", b"waits for the worker")
    max_ = cast["Max"]
    assert isinstance(max_, Member)
    with store.write() as writer:
        announce(writer, token=whole.name, user_id=max_.user_id, file_name="a.jpg", bytes=20, modified_at=0, now=NOW)
    leftovers.sweep(store, layout, take.intake, NOW)
    assert files_in(layout.incoming) == [whole.name]


def test_the_sweep_leaves_a_living_process_alone(take: Taker, store: Store, layout: Layout) -> None:
    busy = written(layout.incoming / "add-busy", b"being written")
    with busy.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        leftovers.sweep(store, layout, take.intake, NOW)
        assert busy.exists()
    leftovers.sweep(store, layout, take.intake, NOW)
    assert not busy.exists()


def test_a_video_is_taken_in_with_its_length(take: Taker, store: Store, tmp_path: Path) -> None:
    take(drawn.video(tmp_path / "film.mp4", seconds=2.0))
    with store.read() as reader:
        kind, width, height, length = reader.one("SELECT kind, width, height, duration_ms FROM asset")
    assert (kind, width, height) == ("video", 320, 240)
    assert 1800 < length < 2300


def test_a_description_that_poses_as_a_video_is_refused_aloud(take: Taker, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        take(written(tmp_path / "hello.mp4", b'{"title": "hello"}'))
    assert not isinstance(refusal.value, SidecarFile)
