"""Zips that are packed while they are sent: the same bytes every time, neutral names, a known length."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, get
from litestar.params import FromQuery

from appliance.web.security import PUBLIC
from appliance.web.zips import CHUNK, Entry, SendZip, length, packed
from tests.conftest import Browser

NAMES = ("photo-001.jpg", "photo-002.jpg", "video-003.mp4")


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    contents = (b"small", bytes(range(256)) * 9000, b"\0" * (2 * CHUNK))
    for name, content in zip(NAMES, contents, strict=True):
        (tmp_path / f"secret {name}").write_bytes(content)
    return [Entry(name, tmp_path / f"secret {name}") for name in NAMES]


def sizes(entries: list[Entry]) -> list[int]:
    return [entry.path.stat().st_size for entry in entries]


def test_a_zip_holds_the_files_stored_at_one_fixed_time(entries: list[Entry]) -> None:
    whole = b"".join(packed(entries, sizes(entries)))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(NAMES)
        assert archive.comment == b""
        for info, entry in zip(archive.infolist(), entries, strict=True):
            assert archive.read(info) == entry.path.read_bytes()
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.compress_type, info.extra, info.comment) == (zipfile.ZIP_STORED, b"", b"")
    assert b"secret" not in whole


def test_two_zips_are_the_same_bytes_whenever_and_from_wherever_they_are_made(entries: list[Entry], tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    again = []
    for entry in entries:
        (moved / entry.path.name).write_bytes(entry.path.read_bytes())
        (moved / entry.path.name).chmod(0o600)
        again.append(Entry(entry.name, moved / entry.path.name))
    assert b"".join(packed(entries, sizes(entries))) == b"".join(packed(again, sizes(again)))


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=20))
def test_the_length_is_known_before_the_first_byte(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("zip")
    made = []
    for number, content in enumerate(contents, 1):
        (folder / str(number)).write_bytes(content)
        made.append(Entry(f"photo-{number:03}.jpg", folder / str(number)))
    assert length([entry.name for entry in made], sizes(made)) == sum(map(len, packed(made, sizes(made))))


def test_the_length_is_right_where_numbers_need_64_bits(tmp_path: Path) -> None:
    """A file of 2.2 GB and one behind it: holes on the disk, and read once."""
    big, small = tmp_path / "big", tmp_path / "small"
    with big.open("wb") as file:
        file.truncate(2_200_000_000)
    small.write_bytes(b"small")
    made = [Entry("video-001.mp4", big), Entry("photo-002.jpg", small)]
    assert length([entry.name for entry in made], sizes(made)) == sum(map(len, packed(made, sizes(made))))


def test_a_zip_is_never_held_whole(tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(60 * CHUNK)
    tracemalloc.start()
    try:
        for _ in packed([Entry("video-001.mp4", big)], [60 * CHUNK]):
            pass
        assert tracemalloc.get_traced_memory()[1] < 6 * CHUNK
    finally:
        tracemalloc.stop()


def test_it_is_sent_with_its_length_and_ends_early_when_a_file_is_taken_back(app: Litestar, entries: list[Entry]) -> None:
    @get("/try/zip", opt=PUBLIC, sync_to_thread=True)
    def send(vanish: FromQuery[bool] = False) -> SendZip:
        answer = SendZip(entries, "photos.zip")
        if vanish:
            entries[2].path.unlink()
        return answer

    app.register(send)
    browser = Browser(app)
    whole = browser.get("/try/zip")
    assert whole.headers["content-length"] == str(len(whole.content))
    assert whole.headers["content-type"] == "application/zip"
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''photos.zip"
    cut = browser.get("/try/zip?vanish=true")
    assert len(cut.content) < int(cut.headers["content-length"])
    assert browser.get("/try/zip").status_code == 404
