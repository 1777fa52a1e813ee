"""What is hidden in originals doesn't reach a guest: our own canaries always, the shared photos where they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from appliance.errors import NotClean
from appliance.sharing import film_samples, films, parts, proof, receipt
from appliance.sharing.clean_copies import Size
from tests import drawn
from tests.sharing import canaries
from tests.sharing.conftest import Share

DIRTY = dict(canaries.all_of_them())
PLACES = {
    "jpeg": {"APP1", "APP2", "APP13", "APP11", "COM", parts.TRAILER},
    "png": {"tEXt", "zTXt", "iTXt", "eXIf", "iCCP", "caBX", "prVt", "tIME", parts.TRAILER},
    "webp": {"EXIF", "XMP ", "ICCP", "CNRY", parts.TRAILER},
    "gif": {"comment", "application", parts.TRAILER},
}


@pytest.mark.parametrize("size", ["screen", "full"])
@pytest.mark.parametrize("name", DIRTY)
def test_no_canary_reaches_a_guest(share: Share, name: str, size: Size) -> None:
    original = DIRTY[name]
    assert b"CANARY" in original or name == "hidden_behind_glass"
    made = share(original, size)
    assert [way for way in canaries.other_ways(b"CANARY") if way in made.everything] == []
    assert drawn.quarters(made.image) == list(drawn.QUARTERS)
    assert made.image.size == canaries.SIZE
    assert b"CANARY" not in made.image.convert("RGB").tobytes()
    assert "CANARY" not in repr(made.copy.removed)


@pytest.mark.parametrize("format", PLACES)
def test_our_readers_see_every_hiding_place_and_the_proof_refuses_the_file(format: str) -> None:
    read = parts.reader(format)
    assert read
    assert {part.name for part in read(DIRTY[format])} >= PLACES[format]
    with pytest.raises(NotClean):
        proof.structure(DIRTY[format], format)


def test_the_receipt_tells_what_was_hidden(share: Share) -> None:
    told = {name: receipt.sentence(share(DIRTY[name]).copy.removed) for name in ("jpeg", "png", "heic", "tiff")}
    assert all("GPS position, " in told[name] and "camera serial number" in told[name] for name in ("jpeg", "png", "heic"))
    assert "owner or author" in told["tiff"]
    assert "data behind the picture" in told["jpeg"]
    assert all(told[name].endswith(" tags") for name in told)


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file + b"C",
        lambda file: file[:2] + canaries.segment(0xFE, b"CANARY") + file[2:],
        lambda file: file[:2] + canaries.segment(0xE1, b"Exif\0\0CANARY") + file[2:],
        lambda file: file[:20] + canaries.segment(0xE2, b"ICC_PROFILE\0\1\1CANARY") + file[20:],
        lambda file: file[:20] + canaries.segment(0xDB, b"\0" + bytes(range(64)) + b"CANARY") + file[20:],
        lambda file: file.replace(b"JFIF\0\1\1\0\0\1\0\1\0\0", b"JFIF\0\1\1\1\0\x48\0\x48\0\0"),
        lambda file: file[:-2],
        lambda file: file[:20] + file[2:20] + file[20:],
    ],
    ids=["trailer", "comment", "exif", "profile", "table", "density", "no end", "twice"],
)
def test_the_proof_sees_whatever_was_put_into_a_jpeg(share: Share, change: object) -> None:
    assert callable(change)
    clean = share(DIRTY["jpeg"]).file.read_bytes()
    proof.structure(clean, "jpeg")
    with pytest.raises(NotClean):
        proof.structure(change(clean), "jpeg")


def test_the_proof_sees_bytes_behind_a_pngs_pixels(share: Share) -> None:
    clean = share(drawn.picture("png")).file.read_bytes()
    proof.structure(clean, "png")
    at = clean.index(b"IDAT") + 4
    size = int.from_bytes(clean[at - 8 : at - 4], "big")
    longer = canaries.chunk(b"IDAT", clean[at : at + size] + b"CANARY")
    for change in (
        clean[: at - 8] + longer + clean[at + size + 4 :],
        clean[:33] + canaries.chunk(b"tEXt", b"Author\0CANARY") + clean[33:],
        clean[:33] + canaries.chunk(b"PLTE", b"CANARY") + clean[33:],
        clean + b"C",
    ):
        with pytest.raises(NotClean):
            proof.structure(change, "png")


def test_the_proof_sees_chunks_in_a_webp(share: Share) -> None:
    clean = (share(DIRTY["jpeg"]).folder / "thumb.webp").read_bytes()
    proof.structure(clean, "webp")
    grown = clean + b"XMP\0\x06\0\0\0CANARY"
    for change in (clean + b"C", grown[:4] + (len(grown) - 8).to_bytes(4, "little") + grown[8:]):
        with pytest.raises(NotClean):
            proof.structure(change, "webp")


HEADS = {
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "webp": b"RIFF\x20\0\0\0WEBPVP8 ",
    "gif": b"GIF89a",
}


@pytest.mark.parametrize("format", HEADS)
@given(tail=st.binary(max_size=400), cut=st.integers(0, 16))
def test_any_bytes_are_read_to_their_end_and_are_clean_or_not(format: str, tail: bytes, cut: int) -> None:
    data = HEADS[format][: len(HEADS[format]) - cut if cut < len(HEADS[format]) else 0] + tail
    read = parts.reader(format)
    assert read
    assert sum(len(part.content) for part in read(data)) <= len(data)
    if format != "gif":
        with pytest.raises(NotClean):
            proof.structure(data, format)


@given(at=st.integers(0, 20_000), new=st.binary(min_size=1, max_size=8), format=st.sampled_from(["jpeg", "png", "webp", "gif"]))
def test_a_dirty_file_stays_dirty_whatever_byte_is_changed(at: int, new: bytes, format: str) -> None:
    file = DIRTY[format]
    at %= len(file)
    with pytest.raises(NotClean):
        proof.structure(file[:at] + new + file[at + len(new) :], format)


@given(index=st.binary(max_size=300))
def test_any_bytes_are_no_index_of_a_clean_video(index: bytes) -> None:
    with pytest.raises(NotClean):
        films.tracks(index)


@given(data=st.binary(max_size=200), head=st.sampled_from([b"", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41", b"\0\0\0\1moov"]))
def test_any_file_is_no_clean_video(tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mp4"
    Path(path).write_bytes(head + data)
    with pytest.raises(NotClean):
        film_samples.prove(path)


def test_a_picture_with_a_view_of_its_own_is_proven_twice(share: Share) -> None:
    made = share(drawn.picture("jpeg", drawn=drawn.scene(2600, 1300).effect_spread(2), tags=canaries.tags()), "full")
    for file in ("file.jpg", "view.jpg"):
        proof.structure((made.folder / file).read_bytes(), "jpeg")
        assert not Image.open(made.folder / file).getexif()
