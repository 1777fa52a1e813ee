"""Every shared photo can be shared, and nothing that its manifest knows of it reaches a guest."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageOps

from appliance.adapters.sniff import HEAD_SIZE, KIND, sniff
from appliance.errors import DecoderFailed, MantelError
from appliance.sharing import clean_copies
from appliance.sharing.clean_copies import Size, Source, Tools
from tests.real_photos import SHARED, Sample, needs_photos, samples
from tests.sharing.canaries import other_ways

pytestmark = needs_photos
pillow_heif.register_heif_opener()

SHORTEST = 6  # letters; shorter words may stand in any file by chance
LARGEST_COMPARED = 1_000_000  # bytes
PARTS = 10  # so that none of them takes long, however slow the machine
LARGEST_DELTA = 3.0  # mean ΔE (CIE 1976) of copy and original, both small
PLANTED = ("text", "make", "model", "date", "keywords", "city", "state", "country", "province-state", "lat", "lon")
ACCEPTED = [sample for sample in samples() if sample.expectation == "must be accepted"]
PHOTOS = [sample for sample in ACCEPTED if KIND.get(sniff((SHARED / sample.path).read_bytes()[:HEAD_SIZE]) or "") == "photo"]
LONG = ("library/videos/C-recorded-as-mov.mov", "library/videos/sample-5s.mp4")  # minutes of work on a small machine
FILMS = [
    sample
    for sample in ACCEPTED
    if sample.path not in LONG and KIND.get(sniff((SHARED / sample.path).read_bytes()[:HEAD_SIZE]) or "") == "video"
]
LEAKS = [sample for sample in PHOTOS if sample.path.startswith("metadata-leaks/")]


def planted(sample: Sample) -> Iterator[bytes]:
    """What the manifest knows of a file, as bytes that may not be in its copy."""
    for name in PLANTED:
        value = sample.facts.get(name)
        for word in value if isinstance(value, list) else [value]:
            if word is not None and len(str(word)) >= SHORTEST:
                yield str(word).encode()


def copied(sample: Sample, size: Size, tools: Tools, into: Path) -> clean_copies.CleanCopy:
    kind = "video" if sample in FILMS else "photo"
    return clean_copies.make(
        Source(1, sample.sha256, SHARED / sample.path, kind), size=size, keep_location=False, tools=tools, into=into
    )


def found(sample: Sample, folder: Path) -> list[bytes]:
    bytes_ = b"".join(file.read_bytes() for file in folder.iterdir())
    return [way for word in planted(sample) for way in other_ways(word) if way in bytes_]


def small_lab(image: Image.Image) -> np.ndarray:
    """32 x 32 means of the picture in Lab."""
    rgb = image.convert("RGB").resize((32, 32), Image.Resampling.BOX)
    lab = ImageCms.profileToProfile(rgb, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB")
    assert lab
    values = np.asarray(lab, dtype=float)
    values[..., 0] *= 100 / 255
    values[..., 1:] = (values[..., 1:] + 128) % 256 - 128
    return values


def reference(path: Path) -> Image.Image | None:
    """The original as another program shows it; None where its colours or its kind need more than these lines."""
    image = Image.open(path)
    if image.mode not in ("RGB", "L", "CMYK") or (image.format in ("TIFF", "MPO") and getattr(image, "n_frames", 1) > 1):
        return None
    image.draft(None, (1000, 1000))
    image.load()
    profile = image.info.get("icc_profile")
    turned = image if image.format == "TIFF" else ImageOps.exif_transpose(image)
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(turned, given, ImageCms.createProfile("sRGB"), outputMode="RGB") or turned
        except (ImageCms.PyCMSError, OSError):
            return None
    return turned


def delta(sample: Sample, copy: Path) -> float:
    if (SHARED / sample.path).stat().st_size > LARGEST_COMPARED:
        return 0.0
    try:
        shown = reference(SHARED / sample.path)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return 0.0
    if shown is None:
        return 0.0
    made = Image.open(copy)
    assert abs(made.width / made.height - shown.width / shown.height) < 0.1, "it lies on its side"
    return float(np.sqrt(((small_lab(made) - small_lab(shown)) ** 2).sum(-1)).mean())


@pytest.mark.parametrize("part", range(PARTS))
def test_every_photo_is_shared_and_tells_nothing(tools: Tools, tmp_path: Path, part: int) -> None:
    wrong, compared = [], 0
    for number, sample in enumerate(PHOTOS[part::PARTS]):
        into = tmp_path / str(number)
        try:
            made = copied(sample, "screen", tools, into)
        except MantelError as error:
            wrong.append((sample.path, str(error)))
            continue
        off = delta(sample, into / f"file.{made.extension}") if number % 2 else 0.0
        compared += off > 0
        if found(sample, into) or off > LARGEST_DELTA:
            wrong.append((sample.path, f"ΔE {off:.1f}, {found(sample, into)}"))
    assert wrong == []
    assert compared > len(PHOTOS) / PARTS * 0.25


@pytest.mark.parametrize("sample", LEAKS, ids=lambda sample: sample.path)
def test_the_leaking_photos_tell_nothing_at_full_size_either(tools: Tools, tmp_path: Path, sample: Sample) -> None:
    copied(sample, "full", tools, tmp_path / "copy")
    assert found(sample, tmp_path / "copy") == []


@pytest.mark.parametrize("sample", FILMS, ids=lambda sample: sample.path)
def test_every_video_is_shared_and_tells_nothing(tools: Tools, tmp_path: Path, sample: Sample) -> None:
    if sample.path.endswith("sony-a7-xavc.MP4"):
        with pytest.raises(DecoderFailed):  # its pictures were cut away by those who published it
            copied(sample, "screen", tools, tmp_path / "copy")
        return
    copied(sample, "screen", tools, tmp_path / "copy")
    assert found(sample, tmp_path / "copy") == []


def test_bad_input_is_refused_in_a_sentence_or_comes_out_clean(tools: Tools, tmp_path: Path) -> None:
    for number, sample in enumerate(samples("bad-input/")):
        into = tmp_path / str(number)
        try:
            copied(sample, "screen", tools, into)
        except DecoderFailed as error:
            assert str(error).endswith((".", "unchanged.", "sandbox."))
            assert not into.exists()
    assert not list(tmp_path.glob("*" + clean_copies.MAKING))
