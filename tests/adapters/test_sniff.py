"""A file is what its bytes say, whatever it is called."""

import pytest

from appliance.adapters.sniff import KIND, sniff, why_refused
from tests import drawn


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "tiff", "heic", "avif", "bmp", "jp2", "ico"])
def test_a_drawn_picture_is_recognised(format: str) -> None:
    assert sniff(drawn.picture(format, width=64, height=64)[:65536]) == format


def box(brand: bytes, *others: bytes) -> bytes:
    return (16 + 4 * len(others)).to_bytes(4, "big") + b"ftyp" + brand + b"\0\0\0\0" + b"".join(others) + b"\0\0\0\x08free"


@pytest.mark.parametrize(
    ("head", "format"),
    [
        (box(b"isom", b"iso2", b"mp41"), "mp4"),
        (box(b"mp42"), "mp4"),
        (box(b"qt  "), "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
        (box(b"M4V "), "m4v"),
        (box(b"3gp5"), "3gp"),
        (box(b"M4A "), "audio"),
        (box(b"heix"), "heic"),
        (box(b"mif1", b"heic"), "heif"),
        (box(b"mif1", b"avif"), "avif"),
        (box(b"crx "), "cr3"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "mkv"),
        (b"RIFF\x10\0\0\0AVI LIST", "avi"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
        (b"II*\0\x10\0\0\0CR\x02\0", "cr2"),
        (b"FUJIFILMCCD-RAW 0201", "raf"),
        (b"8BPS\0\1", "psd"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>", "svg"),
        (b'<x:xmpmeta xmlns:x="adobe:ns:meta/">', "xmp"),
        (b' {"title": "IMG_1.jpg"}', "json"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"PK\x03\x04", "zip"),
        (b"", "empty"),
        (b"Dear Olive,", None),
        (b"\xff", None),
    ],
)
def test_a_head_is_recognised(head: bytes, format: str | None) -> None:
    assert sniff(head) == format


def test_a_camera_raw_in_tiff_clothes_is_recognised() -> None:
    dng = b"II*\0\x08\0\0\0\x01\0" + bytes.fromhex("12c6 0100 04000000 01040000") + b"\0\0\0\0"
    assert sniff(dng) == "dng"


def test_no_head_is_too_short_or_too_odd_to_be_judged() -> None:
    for format in ("jpeg", "tiff", "heic", "png"):
        whole = drawn.picture(format, width=16, height=16)
        for length in range(len(whole[:200])):
            sniff(whole[:length])


def test_what_is_refused_has_a_reason_in_words() -> None:
    for format in (None, "empty", "jxl", "svg", "psd", "eps", "pdf", "ico", "blp", "dds", "wmf", "zip", "json", "audio"):
        assert format not in KIND
        assert len(why_refused(format)) > 10
