"""An open yardstick: questions over the shared photos whose exact answers follow from the manifest, and how well they are answered.

A rule names what must be found: “in Italy & 2008 & not camera iPhone 7”, alternatives parted by “|”. Places are boxes and circles
around the manifest's coordinates, so that the gazetteer is judged by something else than itself.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from appliance.accounts.viewer import Owner
from appliance.adapters.embedder import MODEL, TextEmbedder
from appliance.adapters.places import Gazetteer
from appliance.search.find import matches, passes
from appliance.search.index import fold_pending
from appliance.search.matrix import Matrix
from appliance.search.query import Query, parse
from appliance.search.visible import visible_by
from appliance.search.vocabulary import vocabulary
from appliance.store.db import Reader, Store
from tests.real_photos import Sample, samples

TABLE = Path(__file__).parent / "photo_questions.txt"
TODAY = date(2026, 11, 26)
# The manifest has no date for it, but its satellites' clock does.
SATELLITE_DAYS = {"library/phones/HMD_Nokia_8.3_5G_hdr.heif": "2022-01-12"}
ASKS_FOR_THE_BEST = 10  # pictures with a text: the answer must be among so many
TEXTS = "text in the picture"
OWNER = Owner(1, "Olive")
# South, west, north, east of boxes that part the manifest's coordinates; no border is drawn more closely than that needs.
BOXES = {
    "Italy": (36.6, 6.7, 46.0, 18.6), "Tuscany": (42.2, 9.6, 44.4, 12.4), "Arezzo": (43.3, 11.7, 43.6, 12.0),
    "Sicily": (36.6, 12.0, 38.4, 15.7), "Kenya": (-4.7, 34.0, 4.6, 41.9), "USA": (24.0, -125.0, 49.5, -66.0),
    "California": (32.5, -124.5, 42.0, -114.1), "France": (42.3, -5.0, 50.9, 7.0), "Spain": (36.0, -9.5, 43.0, 3.4),
    "Germany": (50.5, 5.9, 55.1, 14.0), "Sweden": (55.0, 11.0, 69.0, 20.0), "Estonia": (57.5, 21.8, 59.8, 28.2),
    "Austria": (47.2, 9.5, 48.8, 17.0), "Malta": (35.7, 14.0, 36.2, 14.7), "Czechia": (48.5, 14.1, 51.1, 18.9),
    "Ukraine": (44.4, 22.1, 52.4, 38.5), "China": (18.0, 73.0, 44.0, 135.0),
}  # fmt: skip
Rule = Callable[[Sample], bool]


@dataclass(frozen=True)
class Question:
    """`asked` are the sentences of a conversation in order; the last one's answer is `rule`'s."""

    category: str
    asked: tuple[str, ...]
    rule: Rule


@dataclass(frozen=True)
class Answered:
    """What a question found beside what it should have, as asset ids; `ranked` is the order of what was found."""

    question: Question
    ranked: tuple[int, ...]
    wanted: frozenset[int]

    @property
    def precision(self) -> float:
        found = frozenset(self.ranked)
        return len(found & self.wanted) / len(found) if found else float(not self.wanted)

    @property
    def recall(self) -> float:
        best = self.ranked[:ASKS_FOR_THE_BEST] if self.question.category == TEXTS else self.ranked
        return len(self.wanted & set(best)) / len(self.wanted) if self.wanted else float(not self.ranked)


@dataclass(frozen=True)
class Score:
    """Means over the questions of a category."""

    questions: int
    precision: float
    recall: float
    exact: int


def questions() -> Iterator[Question]:
    category = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            category = line.strip("[]")
        elif line and not line.startswith("#"):
            sentence, rule = line.split("=>")
            yield Question(category, tuple(part.strip() for part in sentence.split(">")), _any_of(rule))


def _any_of(text: str) -> Rule:
    every = [_all_of(part) for part in text.split("|")]
    return lambda sample: any(rule(sample) for rule in every)


def _all_of(text: str) -> Rule:
    every = [_one(part.strip()) for part in text.split("&")]
    return lambda sample: all(rule(sample) for rule in every)


def _one(text: str) -> Rule:
    word, _, rest = text.partition(" ")
    if word == "not":
        inner = _one(rest)
        return lambda sample: not inner(sample)
    named = {
        "in": _in_box, "near": _near, "camera": _camera, "maker": _maker, "model": _model, "format": _format, "file": _file,
        "month": _month, "weekday": _weekday, "hours": _hours, "video": _video, "photo": _photo, "nothing": _nothing,
    }  # fmt: skip
    return partial(named[word], rest) if word in named else partial(_taken, text)


def _taken(text: str, sample: Sample) -> bool:
    """“2008”, “2008-10”, “2003..2005-07”: the day lies in what these name, both ends included."""
    first, _, last = text.partition("..")
    day = SATELLITE_DAYS.get(sample.path) or (sample.day.isoformat() if sample.day else "")
    return bool(day) and first <= day and day[: len(last or first)] <= (last or first)


def _month(text: str, sample: Sample) -> bool:
    return sample.day is not None and sample.day.month == int(text)


def _hours(text: str, sample: Sample) -> bool:
    """“12 17”: from 12:00 on, before 17:00, by the local time that the manifest has."""
    first, end = map(int, text.split())
    clock = str(sample.facts.get("date", ""))[11:13]
    return clock.isdigit() and first <= int(clock) < end


def _weekday(text: str, sample: Sample) -> bool:
    return sample.day is not None and sample.day.weekday() == int(text)


def _position(sample: Sample) -> tuple[float, float] | None:
    latitude, longitude = float(sample.facts.get("lat", 0)), float(sample.facts.get("lon", 0))
    return (latitude, longitude) if (latitude, longitude) != (0, 0) else None


def _in_box(text: str, sample: Sample) -> bool:
    here = _position(sample)
    south, west, north, east = BOXES[text]
    return here is not None and south < here[0] < north and west < here[1] < east


def _near(text: str, sample: Sample) -> bool:
    """“43.77,11.25 8”: within 8 km of a position."""
    here = _position(sample)
    centre, _, kilometres = text.partition(" ")
    latitude, longitude = (float(part) for part in centre.split(","))
    if here is None:
        return False
    half = sin(radians(here[0] - latitude) / 2) ** 2
    half += cos(radians(latitude)) * cos(radians(here[0])) * sin(radians(here[1] - longitude) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half)) <= float(kilometres)


def _camera(text: str, sample: Sample) -> bool:
    return str(sample.facts.get("model", "")).strip() == text


def _maker(text: str, sample: Sample) -> bool:
    return text in f"{sample.facts.get('make', '')} {sample.facts.get('model', '')}".casefold()


def _model(text: str, sample: Sample) -> bool:
    return text in str(sample.facts.get("model", "")).casefold()


def _format(text: str, sample: Sample) -> bool:
    return bool(sample.facts["format"] == text)


def _file(text: str, sample: Sample) -> bool:
    return Path(sample.path).stem.startswith(text)


def _video(_: str, sample: Sample) -> bool:
    return sample.path.startswith("library/videos/")


def _photo(_: str, sample: Sample) -> bool:
    return not _video("", sample)


def _nothing(_: str, sample: Sample) -> bool:
    return False


def with_texts_read(home: Path, copy: Path) -> Store:
    """Return a copy of the home at `home` that holds the manifest's library alone, in which the worker has read the pictures with
    text, and no others."""
    shutil.copytree(home, copy, copy_function=os.link)
    (copy / "mantel.db").unlink()
    shutil.copy2(home / "mantel.db", copy / "mantel.db")
    store = Store(copy / "mantel.db", copy / "copies")
    with store.write() as writer:
        ids = _ids(writer)
        for table, column, folder in (("asset", "id", "library/"), ("job", "asset_id", "library/text/")):
            kept = [ids[one.sha256] for one in samples(folder) if one.sha256 in ids]
            writer.run(f"DELETE FROM {table} WHERE {column} NOT IN ({','.join('?' * len(kept))})", kept)
    subprocess.run(
        [sys.executable, "-m", "appliance", "index", "--wait", "--home", str(copy)], check=True, capture_output=True, timeout=280
    )
    with store.write() as writer:
        while fold_pending(writer):
            pass
    return store


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


def _ids(reader: Reader) -> dict[str, int]:
    return dict(reader.all("SELECT sha256, id FROM asset"))


def scores(answers: list[Answered]) -> dict[str, Score]:
    """Return the mean precision and recall of each category, in the table's order; an empty set that was found is 1 and 1."""
    by_category: dict[str, list[Answered]] = {}
    for one in answers:
        by_category.setdefault(one.question.category, []).append(one)
    return {category: _score(every) for category, every in by_category.items()}


def _score(every: list[Answered]) -> Score:
    exact = sum(frozenset(one.ranked) == one.wanted for one in every)
    return Score(len(every), sum(one.precision for one in every) / len(every), sum(one.recall for one in every) / len(every), exact)


def answered(store: Store, embedder: TextEmbedder) -> list[Answered]:
    """Ask every question of the library in `store`; what is not of the manifest's library counts in no set."""
    with store.read() as reader:
        ids = _ids(reader)
        known = [sample for sample in samples("library/") if sample.sha256 in ids]
        listed = frozenset(ids[sample.sha256] for sample in known)
        return [_answered(reader, embedder, question, known, ids, listed) for question in questions()]


def _answered(
    reader: Reader, embedder: TextEmbedder, question: Question, known: list[Sample], ids: dict[str, int], listed: frozenset[int]
) -> Answered:
    words = replace(vocabulary(reader, _gazetteer(), visible_by(embedder)), holds=partial(passes, reader, OWNER))
    query: Query | None = None
    for sentence in question.asked:
        query = parse(sentence, today=TODAY, vocabulary=words, prior=query)
    assert query is not None
    found = matches(reader, OWNER, query, embedder=embedder, matrix=Matrix(MODEL)).assets.tolist()
    wanted = frozenset(ids[sample.sha256] for sample in known if question.rule(sample))
    return Answered(question, tuple(asset for asset in found if asset in listed), wanted)
