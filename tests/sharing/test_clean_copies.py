"""A guest's copy is upright, in sRGB, of the size that was asked for, and whole or not there at all."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from appliance.adapters.pixels import Decoder
from appliance.errors import DecoderFailed, NotClean
from appliance.sharing import clean_copies, receipt
from appliance.sharing.clean_copies import Source, Tools
from tests import drawn
from tests.sharing.conftest import Share

FORMATS = ("jpeg", "png", "webp", "tiff", "heic", "avif")


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """The four quarters with the grain of a photo, so that no copy takes it for a drawing."""
    return drawn.scene(width, height).effect_spread(2).resize((width, height), Image.Resampling.BICUBIC, (1, 1, width, height))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", FORMATS)
def test_every_copy_stands_upright_and_its_colours_are_right(share: Share, format: str, orientation: int) -> None:
    tags = drawn.exif(orientation=orientation, taken="2024:07:14 12:00:00", place=(43.46, 11.88), make="Canary")
    made = share(drawn.picture(format, width=320, height=200, tags=tags, drawn=photo(320, 200)), "full")
    for file in made.folder.iterdir():
        assert Image.open(file).size == (320, 200)
        assert drawn.quarters(Image.open(file)) == list(drawn.QUARTERS)
    assert (made.copy.media_type, made.copy.extension) == ("image/jpeg", "jpg")
    assert (made.copy.width, made.copy.height, made.copy.bytes) == (320, 200, made.file.stat().st_size)
    assert b"Canary" not in made.everything


def test_the_names_are_neutral_and_the_page_shows_at_most_2048_pixels(share: Share) -> None:
    original = drawn.picture("jpeg", drawn=photo(3000, 2000), tags=drawn.exif(orientation=6))
    screen, full = share(original, "screen"), share(original, "full")
    assert {file.name for file in full.folder.iterdir()} == {"file.jpg", "view.jpg", "thumb.webp"}
    assert (screen.copy.width, screen.copy.height) == screen.image.size == (2048, 1365)
    assert screen.file.samefile(screen.folder / "view.jpg")
    assert (full.copy.width, full.copy.height) == full.image.size == (3000, 2000)
    assert Image.open(full.folder / "view.jpg").size == (1500, 1000)
    assert max(Image.open(full.folder / "thumb.webp").size) == 480


def test_a_drawing_of_few_colours_stays_exact(share: Share) -> None:
    made = share(drawn.picture("png", width=300, height=200))
    assert made.copy.media_type == "image/png"
    assert made.image.tobytes() == drawn.scene(300, 200).tobytes()


def test_what_shines_through_still_does_and_hides_nothing(share: Share) -> None:
    picture = photo().convert("RGBA")
    alpha = Image.linear_gradient("L").resize((640, 480))
    alpha.paste(0, (0, 0, 640, 120))
    picture.putalpha(alpha)
    made = share(saved(picture, "PNG"))
    assert (made.copy.media_type, made.image.mode) == ("image/webp", "RGBA")
    shown = np.asarray(made.image)
    assert shown[60, 320, 3] == 0
    assert not shown[:100, :, :3].any() or len(np.unique(shown[:100, :, :3])) < 8
    assert int(shown[470, 100, 3]) > 240


@pytest.mark.parametrize("turn", [1, 6])
def test_an_animation_moves_on(share: Share, turn: int) -> None:
    frames = [photo(64, 48), Image.new("RGB", (64, 48), "black"), Image.new("RGB", (64, 48), "white")]
    gif = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[100, 200, 300], comment=b"CANARY")
    tags = drawn.exif(orientation=turn).tobytes()
    webp = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=[100, 200, 300], exif=tags, xmp=b"CANARY")
    for file, size in ((gif, (64, 48)), (webp, (48, 64) if turn == 6 else (64, 48))):
        made = share(file)
        assert (made.copy.media_type, made.image.size, getattr(made.image, "n_frames", 1)) == ("image/webp", size, 3)
        assert b"CANARY" not in made.everything


def test_a_position_stays_only_when_asked_and_then_nothing_else_does(share: Share) -> None:
    tags = drawn.exif(taken="2024:07:14 12:00:00", place=(43.46, 11.88), make="Canary")
    original = drawn.picture("jpeg", tags=tags, drawn=photo())
    kept, dropped = share(original, place=(43.46, -11.88), keep=True), share(original, place=(43.46, -11.88))
    for file in ("file.jpg", "view.jpg"):
        exif = Image.open(kept.folder / file).getexif()
        assert list(exif) == [0x8825]
        place = exif.get_ifd(0x8825)
        assert (place[1], place[3], sorted(place)) == ("N", "W", [1, 2, 3, 4])
        assert [round(float(part), 3) for part in place[2]] == [43, 27, 36]
    assert not len(dropped.image.getexif())
    assert "GPS position" in receipt.sentence(dropped.copy.removed)
    assert "GPS position" not in receipt.sentence(kept.copy.removed)


def test_a_copy_without_a_known_position_keeps_none(share: Share) -> None:
    made = share(drawn.picture("jpeg", tags=drawn.exif(place=(43.46, 11.88)), drawn=photo()), keep=True)
    assert not len(made.image.getexif())


@pytest.mark.parametrize("mode", ["L", "CMYK", "LAB", "1"])
def test_every_colour_model_becomes_srgb(share: Share, mode: str) -> None:
    made = share(saved(photo().convert(mode), "TIFF"), "full")
    assert made.image.mode == "RGB"
    expected = np.asarray(photo().convert(mode if mode in ("L", "1") else "RGB").convert("RGB"), dtype=float)
    assert np.abs(np.asarray(made.image, dtype=float).mean((0, 1)) - expected.mean((0, 1))).max() < 6


def test_colours_are_converted_by_the_pictures_own_profile(share: Share) -> None:
    profile = drawn.srgb_profile()
    swapped = profile.replace(b"rXYZ", b"swap").replace(b"gXYZ", b"rXYZ").replace(b"swap", b"gXYZ")
    made = share(drawn.picture("jpeg", drawn=photo(), profile=swapped))
    red = made.image.getpixel((100, 100))
    assert isinstance(red, tuple)
    assert red[1] > 150 > 110 > red[0]
    assert "icc_profile" not in made.image.info


def test_sixteen_bits_become_eight(share: Share) -> None:
    steps = np.tile(np.linspace(0, 65535, 512).astype(np.uint16), (64, 1))
    grey = np.asarray(share(saved(Image.fromarray(steps), "TIFF")).image.convert("L"))
    assert [abs(int(grey[30, x]) - x // 2) < 8 for x in (20, 256, 490)] == [True] * 3


def test_a_failed_copy_leaves_nothing(share: Share, tmp_path: Path) -> None:
    with pytest.raises(DecoderFailed, match="damaged"):
        share(drawn.picture("jpeg")[:200])
    assert list((tmp_path / "copies").iterdir()) == []


def test_what_an_earlier_attempt_left_is_replaced(tools: Tools, tmp_path: Path) -> None:
    original, into = tmp_path / "a", tmp_path / "copies" / "b"
    original.write_bytes(drawn.picture("jpeg", drawn=photo()))
    for leftover in (into, into.with_name("b" + clean_copies.MAKING)):
        leftover.mkdir(parents=True)
        (leftover / "file.jpg").write_bytes(b"half")
        (leftover / "old.txt").write_bytes(b"old")
    clean_copies.make(Source(1, "", original, "photo"), size="screen", keep_location=False, tools=tools, into=into)
    assert {file.name for file in into.iterdir()} == {"file.jpg", "view.jpg", "thumb.webp"}
    assert list(into.parent.iterdir()) == [into]


class Talkative(Decoder):
    """A decoder whose child has fallen to a hostile file: what it answers carries something along."""

    def copies(self, source: Path | bytes, *, screen: bool) -> object:  # type: ignore[override]
        made = super().copies(source, screen=screen)
        return type(made)(made.format, made.file + b"SECRET", made.view, made.thumbnail, made.width, made.height)


def test_a_copy_that_is_not_clean_is_thrown_away(tools: Tools, tmp_path: Path) -> None:
    original, into = tmp_path / "a", tmp_path / "copies" / "b"
    original.write_bytes(drawn.picture("jpeg", drawn=photo()))
    decoder = Talkative(1)
    with pytest.raises(NotClean, match="what follows the end"):
        clean_copies.make(
            Source(1, "", original, "photo"), size="screen", keep_location=False, tools=Tools(decoder, tools.metadata), into=into
        )
    decoder.close()
    assert list(into.parent.iterdir()) == []


def test_a_profile_that_is_broken_or_foreign_is_ignored(share: Share) -> None:
    foreign = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"nonsense" * 40, foreign):
        assert drawn.quarters(share(drawn.picture("jpeg", drawn=photo(), profile=profile)).image) == list(drawn.QUARTERS)
