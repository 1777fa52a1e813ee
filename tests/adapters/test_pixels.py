"""Derivatives are upright, sRGB, bounded and free of metadata; what cannot be decoded is refused in words."""

import io
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from appliance.adapters.pixels import Decoder, is_plain_webp
from appliance.errors import DecoderCrashed, DecoderFailed
from tests import drawn


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    decoder = Decoder(children=1, memory_mb=1500, largest_megapixels=250)
    yield decoder
    decoder.close()


def opened(webp: bytes) -> Image.Image:
    return Image.open(io.BytesIO(webp))


def chunks(webp: bytes) -> list[bytes]:
    """The names of a WebP's chunks, read by hand."""
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4])
        at += 8 + (length := int.from_bytes(webp[at + 4 : at + 8], "little")) + length % 2
    return names


ALL_TURNS = [(format, turn) for format in ("jpeg", "png", "webp", "tiff", "heic", "avif") for turn in range(1, 9)]


@pytest.mark.parametrize(("format", "orientation"), [*ALL_TURNS, ("gif", 1), ("bmp", 1), ("jp2", 1)])
def test_every_format_and_orientation_is_shown_upright(decoder: Decoder, format: str, orientation: int) -> None:
    tags = drawn.exif(orientation=orientation, taken="2024:07:14 12:00:00")
    file = drawn.picture(format, width=320, height=200, tags=tags)
    probed, derived = decoder.probe(file), decoder.derive(file)
    assert (probed.format, probed.kind, probed.width, probed.height) == (format, "photo", 320, 200)
    assert probed.orientation == orientation
    assert (derived.width, derived.height, derived.damaged) == (320, 200, False)
    assert drawn.quarters(opened(derived.preview)) == list(drawn.QUARTERS)
    assert drawn.quarters(opened(derived.thumbnail)) == list(drawn.QUARTERS)


def test_derivatives_are_bounded_and_keep_the_shape(decoder: Decoder) -> None:
    derived = decoder.derive(drawn.picture("jpeg", width=3000, height=2000))
    assert opened(derived.preview).size == (1440, 960)
    assert opened(derived.thumbnail).size == (480, 320)
    assert (derived.width, derived.height) == (3000, 2000)


def test_a_small_picture_does_not_grow_and_a_ribbon_does_not_vanish(decoder: Decoder) -> None:
    assert opened(decoder.derive(drawn.picture("png", width=7, height=5)).preview).size == (7, 5)
    ribbon = decoder.derive(drawn.picture("png", width=9000, height=2))
    assert (opened(ribbon.preview).size, opened(ribbon.thumbnail).size) == ((1440, 1), (480, 1))


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "tiff", "heic", "avif"])
def test_no_metadata_leaves_the_sandbox(decoder: Decoder, format: str) -> None:
    tags = drawn.exif(orientation=6, taken="2024:07:14 12:00:00", place=(43.46, 11.88), make="Canary", model="Canary 9")
    derived = decoder.derive(drawn.picture(format, tags=tags, profile=drawn.srgb_profile()))
    for webp in (derived.preview, derived.thumbnail):
        assert chunks(webp) == [b"VP8 "]
        assert is_plain_webp(webp)
        assert b"Canary" not in webp
        assert opened(webp).info.keys() <= {"loop", "background", "timestamp", "duration"}


def test_a_webp_with_anything_beside_its_pixels_is_not_plain() -> None:
    image, file = drawn.scene(64, 64), io.BytesIO()
    image.save(file, "WEBP")
    assert is_plain_webp(file.getvalue())
    assert not is_plain_webp(file.getvalue() + b"trailer!")
    assert not is_plain_webp(drawn.picture("webp", tags=drawn.exif(make="Canary")))
    assert not is_plain_webp(drawn.picture("jpeg"))


def test_colours_are_converted_by_the_pictures_own_profile(decoder: Decoder) -> None:
    swapped = swapped_profile()
    plain = opened(decoder.derive(drawn.picture("png")).preview).convert("RGB")
    turned = opened(decoder.derive(drawn.picture("png", profile=swapped)).preview).convert("RGB")
    red, converted = plain.getpixel((100, 100)), turned.getpixel((100, 100))
    assert isinstance(red, tuple)
    assert isinstance(converted, tuple)
    assert red[0] > 180 > 100 > red[1]
    assert converted[1] > 180 > 100 > converted[0]  # the profile says that its first channel is green


def swapped_profile() -> bytes:
    """sRGB with the red and green primaries exchanged."""
    profile = drawn.srgb_profile()
    return profile.replace(b"rXYZ", b"swap").replace(b"gXYZ", b"rXYZ").replace(b"swap", b"gXYZ")


@pytest.mark.parametrize("profile", [b"", b"nonsense" * 40, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
def test_a_broken_or_foreign_profile_is_ignored(decoder: Decoder, profile: bytes) -> None:
    assert drawn.quarters(opened(decoder.derive(drawn.picture("jpeg", profile=profile)).preview)) == list(drawn.QUARTERS)


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        saved(drawn.scene().convert("CMYK"), "JPEG"),
        saved(drawn.scene().convert("CMYK"), "TIFF"),
        saved(drawn.scene().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        saved(drawn.scene().convert("RGBA"), "PNG"),
        saved(drawn.scene().convert("YCbCr"), "TIFF", compression="jpeg"),
        saved(drawn.scene().convert("LAB"), "TIFF"),
        saved(drawn.scene(), "JPEG", progressive=True),
        saved(drawn.scene(), "JPEG2000"),
        saved(drawn.scene(), "WEBP", lossless=True),
    ],
    ids=["cmyk-jpeg", "cmyk-tiff", "palette", "rgba", "ycbcr-tiff", "lab", "progressive", "jp2", "lossless-webp"],
)
def test_every_colour_model_comes_out_right(decoder: Decoder, file: bytes) -> None:
    assert drawn.quarters(opened(decoder.derive(file).preview)) == list(drawn.QUARTERS)


@pytest.mark.parametrize("transparent", [Image.new("RGBA", (90, 60), (0, 0, 0, 0)), Image.new("LA", (90, 60), (0, 0))])
def test_what_is_transparent_lies_on_white(decoder: Decoder, transparent: Image.Image) -> None:
    assert opened(decoder.derive(saved(transparent, "PNG")).preview).convert("RGB").getpixel((40, 30)) == (255, 255, 255)


def grey_in_16_bits(format: str) -> bytes:
    steps = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    return saved(Image.fromarray(steps), format)


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_become_eight_and_not_white(decoder: Decoder, format: str) -> None:
    grey = np.asarray(opened(decoder.derive(grey_in_16_bits(format)).preview).convert("L"))
    assert [abs(int(grey[30, x]) - x) < 8 for x in (10, 128, 245)] == [True] * 3


def test_only_the_first_picture_of_a_series_is_shown(decoder: Decoder) -> None:
    black, white = Image.new("RGB", (640, 480)), Image.new("RGB", (640, 480), "white")
    for format in ("GIF", "TIFF", "WEBP", "PNG"):
        file = saved(drawn.scene(), format, save_all=True, append_images=[black, white])
        assert decoder.probe(file).frames == 3
        assert drawn.quarters(opened(decoder.derive(file).preview)) == list(drawn.QUARTERS)


@pytest.mark.parametrize("kept", [0.9, 0.7])
def test_a_jpeg_with_a_damaged_tail_shows_what_is_there(decoder: Decoder, kept: float) -> None:
    whole = saved(drawn.scene(800, 600).effect_spread(3), "JPEG")
    derived = decoder.derive(whole[: int(len(whole) * kept)])
    assert derived.damaged
    assert (derived.width, derived.height) == (800, 600)
    assert drawn.quarters(opened(derived.preview))[:2] == list(drawn.QUARTERS[:2])


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF"])
def test_a_picture_of_which_most_is_missing_is_refused(decoder: Decoder, format: str) -> None:
    whole = saved(drawn.scene(800, 600).effect_spread(3), format)
    with pytest.raises(DecoderFailed):
        decoder.derive(whole[: len(whole) // 4])


def bomb(width: int, height: int) -> bytes:
    """A PNG of very many black pixels in very few bytes."""
    packed = zlib.compressobj(9)
    row = b"\0" + bytes((width + 7) // 8)
    data = b"".join(packed.compress(row) for _ in range(height)) + packed.flush()

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    header = struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_at_once(decoder: Decoder) -> None:
    file = bomb(20000, 20000)
    assert len(file) < 100_000
    begun = time.monotonic()
    for attempt in (decoder.probe, decoder.derive):
        with pytest.raises(DecoderFailed, match="more than 250 megapixels"):
            attempt(file)
    assert time.monotonic() - begun < 20


def test_a_picture_that_needs_too_much_memory_ends_its_child_only() -> None:
    decoder = Decoder(children=1, memory_mb=300, largest_megapixels=250)
    with pytest.raises(DecoderCrashed, match="more memory"):
        decoder.derive(bomb(15500, 15500))
    assert decoder.derive(drawn.picture("jpeg")).width == 640
    decoder.close()


@pytest.mark.parametrize("format", ["psd", "ico", "svg", "jxl", "empty", "text"])
def test_what_is_not_on_the_list_is_refused_with_its_reason(decoder: Decoder, format: str) -> None:
    heads = {"psd": b"8BPS\0\1", "ico": drawn.picture("ico"), "svg": b"<svg/>", "jxl": b"\xff\x0a", "empty": b"", "text": b"Hello"}
    with pytest.raises(DecoderFailed) as caught:
        decoder.probe(heads[format])
    assert not isinstance(caught.value, DecoderCrashed)


def test_plain_pixels_are_bounded_upright_and_right(decoder: Decoder, tmp_path: Path) -> None:
    path = tmp_path / "-odd name|\n.jpg"
    path.write_bytes(drawn.picture("jpeg", width=1000, height=500, tags=drawn.exif(orientation=8)))
    rgb = decoder.rgb(path, 378)
    assert (rgb.width, rgb.height, len(rgb.pixels)) == (378, 189, 378 * 189 * 3)
    assert drawn.quarters(Image.frombytes("RGB", (rgb.width, rgb.height), rgb.pixels)) == list(drawn.QUARTERS)


def test_a_path_that_is_a_link_is_not_followed(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "link.jpg").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic"):
        decoder.probe(tmp_path / "link.jpg")


def raw_with_preview(preview: bytes, *, orientation: int) -> bytes:
    """A DNG by hand: a tiny first directory, and the preview and 4000 x 3000 sensor data in SubIFDs."""
    small = drawn.picture("jpeg", width=16, height=12)

    def directory(*entries: tuple[int, int, int, int]) -> bytes:
        return struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + b"\0\0\0\0"

    start = 400
    at_preview = start + len(small)
    head = b"II*\0\x08\0\0\0"
    first = [
        (254, 4, 1, 1),
        (256, 4, 1, 16),
        (257, 4, 1, 12),
        (273, 4, 1, start),
        (274, 3, 1, orientation),
        (279, 4, 1, len(small)),
    ]
    first += [(330, 4, 2, 300), (50706, 1, 4, 0x401)]
    shown = directory((254, 4, 1, 1), (273, 4, 1, at_preview), (279, 4, 1, len(preview)))
    sensor = directory((256, 4, 1, 4000), (257, 4, 1, 3000), (262, 3, 1, 32803), (273, 4, 1, start), (279, 4, 1, len(small)))
    file = bytearray(start)
    file[: len(head)] = head
    for at, part in ((8, directory(*first)), (140, shown), (200, sensor), (300, struct.pack("<II", 140, 200))):
        file[at : at + len(part)] = part
    return bytes(file) + small + preview


def test_a_raw_file_is_shown_by_its_largest_preview(decoder: Decoder) -> None:
    turned = drawn.scene(900, 1200).transpose(Image.Transpose.ROTATE_90)
    file = raw_with_preview(saved(turned, "JPEG"), orientation=6)
    probed, derived = decoder.probe(file), decoder.derive(file)
    assert (probed.format, probed.width, probed.height, probed.orientation) == ("dng", 3000, 4000, 6)
    assert opened(derived.preview).size == (900, 1200)
    assert drawn.quarters(opened(derived.preview)) == list(drawn.QUARTERS)


def test_a_raw_file_without_a_preview_is_refused(decoder: Decoder) -> None:
    with pytest.raises(DecoderFailed, match="no preview"):
        decoder.probe(b"II*\0\x10\0\0\0CR\x02\0" + bytes(100))
