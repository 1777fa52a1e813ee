"""Real files of real cameras, phones and fuzzers, when the folder with them lies beside the repository."""

import csv
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from appliance.adapters import video
from appliance.adapters.pixels import Decoder
from appliance.adapters.sniff import HEAD_SIZE, KIND, sniff
from appliance.errors import DecoderFailed

PHOTOS = (Path(__file__).parents[2] / "../shared/photos").resolve()
MEMORY_MB = 1500

pytestmark = pytest.mark.skipif(not (PHOTOS / "MANIFEST.csv").is_file(), reason=f"no real files in {PHOTOS}")

REFUSED_BY_DESIGN = {"metadata-leaks/dirty.svg"}
HUGE = "library/phones/200MP.heic"  # has a test of its own
NO_POSTER = {"library/videos/sony-a7-xavc.MP4"}  # a header of 2.7 kB whose frames were cut off
PIXELS_DIFFER = {  # the manifest's size is what a tag says; the pixels were shrunk, cropped or turned since
    "library/bursts/bridge-2-rotate-90.jpg": (1004, 1600),
    "library/bursts/flower2.jpg": (300, 225),
    "library/c2pa/C.dng": (2048, 1365),
    "library/c2pa/cloud.jpg": (375, 375),
    "library/cameras/Nikon_D70.jpg": (100, 66),
    "library/cameras/Pentax_K10D.jpg": (100, 72),
    "library/cameras/no_exif.jpg": (322, 466),
    "library/faces/biden.jpg": (970, 2204),
    "library/faces/obama.jpg": (910, 1137),
    "library/faces/obama2.jpg": (626, 1200),
    "library/formats/minnie-320x240-yuv-icc.jpg": (320, 240),
    "library/formats/test.heic": (3024, 4032),
    "library/phones/RGB_8_chroma444.heif": (29, 100),
    "library/text/thai.jpg": (600, 800),
    "library/things/pets.jpg": (512, 430),
    "library/travel/IMG_20180725_163423-tiny.jpg": (1012, 759),
    "library/travel/gps.jpg": (920, 570),
    "library/travel/iptc-agency-photographer-example.jpg": (527, 350),
    "library/travel/iptc-independent-photographer-example.jpg": (525, 350),
    "library/travel/iptc-staff-photographer-example.jpg": (516, 350),
    "library/travel/issue-exifr-13.jpg": (100, 67),
}
FORMATS = {"extended webp": "webp", "heifs": "heif"}


def manifest() -> list[dict[str, Any]]:
    with (PHOTOS / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return [row | {"facts": json.loads(row["expected_facts_json"])} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    decoder = Decoder(children=2, memory_mb=MEMORY_MB)
    yield decoder
    decoder.close()


def kind(path: Path) -> str | None:
    with path.open("rb") as file:
        return KIND.get(sniff(file.read(HEAD_SIZE)) or "")


def expected_size(row: dict[str, Any]) -> tuple[int, int]:
    if row["path"] in PIXELS_DIFFER:
        return PIXELS_DIFFER[row["path"]]
    width, height = map(int, row["facts"]["size"].split("x"))
    turned = (row["facts"].get("orientation") or 1) in (5, 6, 7, 8, 90, 270)
    return (height, width) if turned else (width, height)


def judge_photo(decoder: Decoder, row: dict[str, Any]) -> str | None:
    """Return what is wrong with how an acceptable photo comes out, or None."""
    try:
        probed, derived = decoder.probe(PHOTOS / row["path"]), decoder.derive(PHOTOS / row["path"])
    except DecoderFailed as failure:
        return str(failure.facts["reason"])
    told = row["facts"]["format"].lower()
    width, height = Image.open(io.BytesIO(derived.preview)).size
    wrong = {
        "format": probed.format != FORMATS.get(told, told),
        "size": (derived.width, derived.height) != expected_size(row) or (probed.width, probed.height) != expected_size(row),
        "orientation": probed.orientation != (row["facts"].get("orientation") or 1),
        "shape": abs(width / height - derived.width / derived.height) > 0.03 * derived.width / derived.height,
        "damaged": derived.damaged,
    }
    return ", ".join(name for name, is_wrong in wrong.items() if is_wrong) or None


def judge_video(row: dict[str, Any]) -> str | None:
    try:
        probed = video.probe(PHOTOS / row["path"])
        if row["path"] not in NO_POSTER:
            Image.open(io.BytesIO(video.poster(PHOTOS / row["path"]))).load()
    except DecoderFailed as failure:
        return str(failure.facts["reason"])
    return None if (probed.width, probed.height) == expected_size(row) else "size"


def test_every_acceptable_file_is_shown_as_the_manifest_says(decoder: Decoder) -> None:
    left_out = {*REFUSED_BY_DESIGN, HUGE}
    rows = [row for row in manifest() if row["expectation"] == "must be accepted" and row["path"] not in left_out]
    assert len(rows) > 300

    def judge(row: dict[str, Any]) -> str | None:
        return judge_video(row) if kind(PHOTOS / row["path"]) == "video" else judge_photo(decoder, row)

    with ThreadPoolExecutor(2) as threads:
        complaints = dict(zip([row["path"] for row in rows], threads.map(judge, rows), strict=True))
    assert {path: complaint for path, complaint in complaints.items() if complaint} == {}


def test_every_other_file_is_shown_or_refused_with_a_reason_and_nobody_dies(decoder: Decoder) -> None:
    shown, refused = [], []
    for row in manifest():
        if row["expectation"] == "must be accepted":
            continue
        path = PHOTOS / row["path"]
        try:
            if kind(path) == "video":
                video.probe(path)
            else:
                decoder.derive(path)
            shown.append(row)
        except DecoderFailed as failure:
            assert type(failure) is DecoderFailed, row["path"]
            assert failure.facts["reason"]
            refused.append(row)
    assert [row["path"] for row in shown if row["expectation"].startswith(("must be refused", "zero-byte", "sidecar"))] == []
    assert [row["path"] for row in refused if row["expectation"].startswith("picture must still import")] == []


def test_a_phone_photo_of_200_megapixels_fits_into_the_memory_of_a_decoder() -> None:
    """Its peak is measured by the kernel, and stays well below the limit."""
    alone = Decoder(children=1, memory_mb=MEMORY_MB)
    derived = alone.derive(PHOTOS / HUGE)
    (child,) = alone.pids
    status = dict(line.split(":", 1) for line in Path(f"/proc/{child}/status").read_text().splitlines())
    alone.close()
    assert (derived.width, derived.height) == (12240, 16320)
    assert int(status["VmPeak"].split()[0]) // 1024 < MEMORY_MB * 0.8
