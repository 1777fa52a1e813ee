"""The facts of real files from many cameras, against what was written down about each when they were collected."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.places import Gazetteer
from appliance.library.capture_time import CaptureTime, capture_time
from appliance.library.metadata import Facts, read_facts

PHOTOS = Path(__file__).parents[2] / "../shared/photos"
NOW = 1_795_392_000_000  # 23 November 2026
NEAR = 0.00001  # degrees: a metre
VIDEOS = ("MP4", "MOV", "3GP", "MKV", "WEBM", "AVI")
IN_UTC = ("QuickTime:CreateDate", "Matroska:DateTimeOriginal")

pytestmark = pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"the photo set {PHOTOS} is not on this machine")

# What is written down but not taken over: a receiver without satellites, an orientation that is none.
NO_POSITION = {"library/phones/spatial_photo.heic"}
NO_ORIENTATION = {"library/bursts/aaa-orig.jpg"}

COUNTRIES = {
    "library/2008 Arezzo/DSCN0010.jpg": "IT",
    "library/cameras/Kodak_CX7530.jpg": "KE",
    "library/formats/exif.avif": "CN",
    "library/formats/ultrahdr.jpg": "CN",
    "library/phones/aux_YCbCr.heic": "EE",
    "library/phones/empty_icc.heic": "UA",
    "library/phones/xiaomi.heic": "RU",
    "library/sidecars/IMG_5910.jpg": "US",
    "library/travel/IMG_20180725_163423-tiny.jpg": "CZ",
    "library/travel/adobe_coords.jpg": "KE",
    "library/travel/classic-car.heic": "ES",
    "library/travel/fixed_exif.jpg": "FR",
    "library/travel/geodegrees_as_string.jpg": "DE",
    "library/travel/has-lens-info.jpg": "SE",
    "library/travel/heic-iphone7.heic": "IT",
    "library/travel/issue-exifr-13.jpg": "AT",
    "library/travel/mongolia.jpeg": "MN",
    "library/travel/test_exif.jpg": "MT",
    "library/videos/meta.mov": "CN",
}


@dataclass(frozen=True)
class Sample:
    path: str
    expected: dict[str, Any]
    facts: Facts
    time: CaptureTime


@pytest.fixture(scope="module")
def samples() -> Iterator[list[Sample]]:
    reader = MetadataReader()
    yield [sample(reader, row) for row in rows()]
    reader.close()


def rows() -> Iterator[dict[str, str]]:
    """Yield the rows of all files whose metadata must be usable."""
    with (PHOTOS / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            told = row["expectation"]
            if told.startswith(("must be accepted", "pixels not decodable")) or "bad tags ignored" in told:
                yield row


def sample(reader: MetadataReader, row: dict[str, str]) -> Sample:
    path = PHOTOS / row["path"]
    expected = json.loads(row["expected_facts_json"])
    tags = reader.read(path)
    return Sample(
        row["path"], expected, read_facts(tags, expected["format"].lower(), path.name), capture_time(tags, path.name, NOW)
    )


def same_date(written: str, time: CaptureTime, tag: str) -> bool:
    """Compare wall times as far as the list goes: some have no seconds, some no time at all."""
    numbers = re.findall(r"\d+", re.split(r"[Z+-]", written)[0])[:6]
    local = datetime.fromisoformat(time.local)
    if tag in IN_UTC:
        local -= timedelta(minutes=time.offset or 0)
    return [int(number) for number in numbers] == list(local.timetuple()[: len(numbers)])


def test_every_date_is_the_one_written_down(samples: list[Sample]) -> None:
    dated = [s for s in samples if "date" in s.expected]
    assert len(dated) > 130
    assert [
        (s.path, s.expected["date"], s.time) for s in dated if not same_date(s.expected["date"], s.time, s.expected["date_tag"])
    ] == []


def test_no_date_is_made_up(samples: list[Sample]) -> None:
    undated = [s for s in samples if "date" not in s.expected]
    assert {s.time.source for s in undated} <= {"upload", "gps", "name"}


def test_an_offset_written_in_the_date_is_kept(samples: list[Sample]) -> None:
    wrong = []
    for s in samples:
        if offset := re.search(r"\d:\d\d(?:\.\d+)?([+-])(\d\d):(\d\d)$", s.expected.get("date", "")):
            minutes = int(offset[1] + "1") * (int(offset[2]) * 60 + int(offset[3]))
            if s.time.offset != minutes:
                wrong.append((s.path, s.expected["date"], s.time))
    assert wrong == []


def test_every_position_is_the_one_written_down(samples: list[Sample]) -> None:
    placed = [s for s in samples if "lat" in s.expected and s.path not in NO_POSITION]
    assert len(placed) > 40
    for s in placed:
        assert (s.facts.latitude, s.facts.longitude) == pytest.approx((s.expected["lat"], s.expected["lon"]), abs=NEAR), s.path
    assert [s.path for s in samples if s.facts.latitude is not None and s not in placed] == []


def test_every_orientation_is_the_one_written_down(samples: list[Sample]) -> None:
    pictures = [s for s in samples if s.expected["format"] not in VIDEOS and s.path not in NO_ORIENTATION]
    assert [(s.path, s.facts.orientation) for s in pictures if s.facts.orientation != s.expected.get("orientation")] == []
    assert {s.facts.orientation for s in samples if s.path in NO_ORIENTATION} == {None}


def test_every_camera_is_the_one_written_down(samples: list[Sample]) -> None:
    wrong = [
        (s.path, s.facts.camera_make, s.facts.camera_model)
        for s in samples
        if (s.facts.camera_make, s.facts.camera_model) != (s.expected.get("make"), s.expected.get("model"))
    ]
    assert wrong == []


def test_travel_photos_are_in_the_countries_where_they_were_taken(samples: list[Sample]) -> None:
    gazetteer = Gazetteer()
    found = {}
    for s in samples:
        if s.path in COUNTRIES and s.facts.latitude is not None and s.facts.longitude is not None:
            place = gazetteer.nearest(s.facts.latitude, s.facts.longitude)
            found[s.path] = place.country_code if place else None
    assert found == COUNTRIES
