"""Real photos and hostile files: what must be is in the library, the rest is refused with a reason, and questions by date, place,
camera and kind give exactly the set that the manifest's facts give."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from tests.real_photos import FOLDERS, SHARED, RealLibrary, Sample, needs_photos, samples

TODAY = "2026-11-23"


def month_names(twelve: str) -> list[str]:
    return twelve.split()


ENGLISH = month_names("January February March April May June July August September October November December")
GERMAN = month_names("Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
FRENCH = month_names("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
SPANISH = month_names("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")

# The manifest has no date for it, but its satellites' clock does: 12 January 2022.
DATED_BY_SATELLITE = "library/phones/HMD_Nokia_8.3_5G_hdr.heif"

Question = tuple[str, Callable[[Sample], bool]]

pytestmark = needs_photos


def taken_in(year: int, month: int | None, day: int | None, sample: Sample) -> bool:
    taken = sample.day
    return taken is not None and (taken.year, month and taken.month, day and taken.day) == (year, month, day)


def taken_with(model: str, sample: Sample) -> bool:
    return str(sample.facts.get("model", "")).strip() == model


def never(sample: Sample) -> bool:
    return False


def by_date(days: list[date]) -> Iterator[Question]:
    for year in sorted({day.year for day in days}):
        for sentence in ("photos from {0}", "everything we took in {0}", "Fotos aus {0}", "photos de {0}", "fotos de {0}"):
            yield sentence.format(year), partial(taken_in, year, None, None)
    for year, month in sorted({(day.year, day.month) for day in days}):
        names = [language[month - 1] for language in (ENGLISH, GERMAN, FRENCH, SPANISH)]
        for sentence in ("{0} {4}", "taken in {0} {4}", "Bilder vom {1} {4}", "photos de {2} {4}", "fotos de {3} de {4}"):
            yield sentence.format(*names, year), partial(taken_in, year, month, None)
    for day in sorted(set(days)):
        name, german = ENGLISH[day.month - 1], GERMAN[day.month - 1]
        for sentence in (f"what did we do on {day.day} {name} {day.year}?", day.isoformat(), f"am {day.day}. {german} {day.year}"):
            yield sentence, partial(taken_in, day.year, day.month, day.day)


def by_camera(models: set[str]) -> Iterator[Question]:
    for model in sorted(models):
        for sentence in ("taken with a {0}", "photos from my {0}"):
            yield sentence.format(model), partial(taken_with, model)


def in_box(south: float, west: float, north: float, east: float, sample: Sample) -> bool:
    latitude, longitude = float(sample.facts.get("lat", 0)), float(sample.facts.get("lon", 0))
    return south < latitude < north and west < longitude < east and (latitude, longitude) != (0, 0)


TUSCANY = partial(in_box, 42.2, 9.6, 44.4, 12.4)
ITALY = partial(in_box, 36.6, 6.7, 46.0, 18.6)
KENYA = partial(in_box, -4.7, 34.0, 4.6, 41.9)
MONGOLIA = partial(in_box, 43.5, 96.5, 51.0, 110.0)


def by_place() -> Iterator[Question]:
    for sentence in ("photos from Italy", "Fotos aus Italien", "photos d'Italie", "fotos de Italia"):
        yield sentence, ITALY
    for sentence in ("in Tuscany", "Bilder aus der Toskana", "photos en Toscane", "fotos de la Toscana", "Arezzo or Florence"):
        yield sentence, TUSCANY
    for sentence in ("pictures from Kenya", "Bilder aus Kenia", "fotos de Kenia"):
        yield sentence, KENYA
    for sentence in ("Mongolia", "Mongolei", "photos de Mongolie"):
        yield sentence, MONGOLIA
    yield "photos from Italy in 2008", lambda s: ITALY(s) and bool(s.day and s.day.year == 2008)
    yield "Tuscany, taken with a COOLPIX P6000", lambda s: TUSCANY(s) and s.facts.get("model") == "COOLPIX P6000"


NOTHING = (
    "photos from Brazil", "Fotos aus Australien", "in Tokyo", "photos from 1951", "taken in 2031", "fotos de Argentina",
    "Italy in 1999", "videos from Kenya", "a submarine full of oranges", "taken with a Leica",
)  # fmt: skip


def by_kind() -> Iterator[Question]:
    for sentence in ("videos", "all my videos", "alle Videos", "toutes les vidéos", "mis vídeos"):
        yield sentence, lambda s: s.path.startswith("library/videos")
    for sentence in ("GIFs", "every GIF"):
        yield sentence, lambda s: s.facts.get("format") == "GIF"


def asked(home: Path, sentences: list[str]) -> list[set[int]]:
    """Return the ids that each sentence finds."""
    listed = home.parent / "sentences.txt"
    listed.write_text("\n".join(sentences) + "\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "appliance",
        "find",
        "--home",
        str(home),
        "--from",
        str(listed),
        "--limit",
        "1000",
        "--today",
        TODAY,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=280)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(sentences)
    assert all(answer["total"] == len(answer["hits"]) for answer in answers)
    return [{hit["id"] for hit in answer["hits"]} for answer in answers]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_taken_in_or_refused_with_a_reason(real_library: RealLibrary, folder: str) -> None:
    refused = {Path(one["path"]): one["reason"] for one in real_library.added["refused"]}
    taken = {Path(asset["path"]) for asset in real_library.added["assets"]}
    sidecars = set(map(Path, real_library.added["sidecars"]))
    assert all(refused.values())
    for sample in samples(folder + "/"):
        path = SHARED / sample.path
        if path.suffix == ".svg":  # a drawing that is a program: refused on purpose
            assert path in refused
            continue
        assert path in taken | refused.keys() | sidecars, "every file is accounted for"
        match sample.expectation:
            case "must be accepted":
                assert path in taken, refused.get(path)
            case text if text.startswith("sidecar"):
                assert path in sidecars
            case text if text.startswith(("must be refused", "zero-byte")):
                assert path in refused, path


def test_sources_stay_as_they_are_and_verify_is_silent(real_library: RealLibrary) -> None:
    assert {file: file.stat().st_mtime_ns for file in real_library.changed} == real_library.changed
    command = [sys.executable, "-m", "appliance", "verify", "--home", str(real_library.home), "--hash"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_question_gives_the_exact_set(real_library: RealLibrary) -> None:
    ids: dict[str, int] = {asset["sha256"]: asset["id"] for asset in real_library.added["assets"]}
    known = [sample for sample in samples("library/") if sample.sha256 in ids]
    days = [sample.day for sample in known if sample.day]
    models = {str(sample.facts["model"]).strip() for sample in known if sample.facts.get("model")}
    questions = [
        *by_date(days),
        *by_camera(models),
        *by_place(),
        *by_kind(),
        *((sentence, never) for sentence in NOTHING),
    ]
    assert len(questions) > 800
    found = asked(real_library.home, [sentence for sentence, _ in questions])
    paths: dict[int, list[str]] = defaultdict(list)
    for sample in known:
        paths[ids[sample.sha256]].append(sample.path)
    wrong = {}
    for (sentence, holds), got in zip(questions, found, strict=True):
        want = {ids[sample.sha256] for sample in known if holds(sample)}
        differ = {path for asset in got ^ want for path in paths[asset]} - {DATED_BY_SATELLITE}
        if differ:
            wrong[sentence] = sorted(differ)
    assert wrong == {}
