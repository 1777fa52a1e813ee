"""A yardstick: is a picture found by the words that can be read in it? `python -m tests.quality.words_in_pictures` prints it.

Pictures come in, are made smaller, read, embedded and folded by the commands that a household's box
runs; no caption is there to help."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from appliance.accounts.viewer import Owner
from appliance.adapters.embedder import MODEL
from appliance.adapters.places import Gazetteer
from appliance.search.find import Embedder, matches
from appliance.search.index import fold_pending
from appliance.search.matrix import Matrix
from appliance.search.query import parse
from appliance.search.vocabulary import vocabulary
from appliance.store.db import Store
from tests.quality import written
from tests.real_photos import SHARED, samples
from tests.search.shelf import embedder

TABLE = Path(__file__).parent / "words_in_pictures.txt"
TODAY = date(2026, 11, 26)
OWNER = Owner(1, "Olive")
FIRST = (1, 5, 10)
ABSENT = "on no picture"


@dataclass(frozen=True)
class Question:
    """`holding` are the beginnings of the names of the pictures that hold what is asked for."""

    group: str
    sentence: str
    holding: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """The names of what was found, best first."""

    question: Question
    found: tuple[str, ...]

    def recall(self, first: int) -> float:
        """The share of what was wanted that is among the `first` found; of more wanted than that, those that there is room for."""
        wanted = self.question.holding
        held = sum(any(name.startswith(one) for name in self.found[:first]) for one in wanted)
        return held / min(len(wanted), first)


def questions(*groups: str) -> Iterator[Question]:
    """Yield the questions of the groups whose names begin with one of `groups`."""
    group = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            group = line.strip("[]")
        elif line and not line.startswith("#") and group.startswith(groups):
            sentence, _, names = line.partition("=>")
            yield Question(group, sentence.strip(), tuple(name.strip() for name in names.split("|") if name.strip()))


def drawn_library(folder: Path) -> Store:
    """Return a library of the drawn pictures, read."""
    pictures = folder / "pictures"
    pictures.mkdir()
    return _indexed(folder / "home", list(written.draw(pictures)), None)


def real_library(folder: Path) -> Store:
    """Return a library of the shared photos, of which those are read that hold what a question asks for, and every fourth other."""
    asked = tuple(name for question in questions("real") for name in question.holding)
    photos = [SHARED / one.path for one in samples("library/") if one.expectation == "must be accepted"]
    read = {photo.name for number, photo in enumerate(photos) if photo.name.startswith(asked) or number % 4 == 0}
    return _indexed(folder / "home", photos, read)


def _indexed(home: Path, photos: Sequence[Path], read: Collection[str] | None) -> Store:
    """Add `photos` to a new home and have the worker do all its stages, for those named in `read` alone when it is given."""
    _mantel("add", "--home", str(home), *map(str, photos), refusals=True)
    store = Store(home / "mantel.db", home / "database-copies")
    with store.write() as writer:
        for asset_id, name in writer.all("SELECT id, file_name FROM asset"):
            if read is not None and name not in read:
                writer.run("DELETE FROM job WHERE asset_id=?", (asset_id,))
    _mantel("index", "--wait", "--home", str(home))
    with store.write() as writer:
        while fold_pending(writer):
            pass
    return store


def _mantel(*words: str, refusals: bool = False) -> None:
    done = subprocess.run([sys.executable, "-m", "appliance", *words], capture_output=True, text=True, check=False, timeout=1500)
    assert done.returncode in ({0, 3} if refusals else {0}), done.stderr[-2000:]


def answered(store: Store, of: Embedder, *groups: str) -> list[Answered]:
    """Ask every question of the `groups`."""
    matrix = Matrix(MODEL)
    with store.read() as reader:
        words = vocabulary(reader, Gazetteer())
        names = dict(reader.all("SELECT id, file_name FROM asset"))
        answers = []
        for question in questions(*groups):
            query = parse(question.sentence, today=TODAY, vocabulary=words)
            found = matches(reader, OWNER, query, embedder=of, matrix=matrix).assets.tolist()
            answers.append(Answered(question, tuple(names[asset] for asset in found)))
        return answers


def recall(answers: Sequence[Answered], first: int) -> float:
    """The mean over the questions that have an answer."""
    every = [one.recall(first) for one in answers if one.question.holding]
    return sum(every) / len(every)


def print_recall(answers: Sequence[Answered]) -> None:
    """One line for each group, and one for each question whose answer is not among the first ten."""
    groups = dict.fromkeys(one.question.group for one in answers if one.question.holding)
    for group in (*groups, "all"):
        some = [one for one in answers if group in ("all", one.question.group) and one.question.holding]
        figures = "  ".join(f"@{first} {recall(some, first):.3f}" for first in FIRST)
        print(f"{group:26} {len(some):3} questions  {figures}")
    for one in answers:
        if one.question.holding and one.recall(FIRST[-1]) < 1:
            print(f"    missed: {one.question.sentence} => {', '.join(one.question.holding)}; found {one.found[:3]}")
    absent = [one for one in answers if not one.question.holding]
    print(f"{ABSENT:26} {len(absent):3} questions, {sum(not one.found for one in absent)} answered with nothing")
    for one in absent:
        if one.found:
            print(f"    found: {one.question.sentence} => {one.found[:3]}")


def main() -> None:
    for name, library in (("drawn", drawn_library), ("real", real_library)):
        if name == "real" and not SHARED.is_dir():
            print("real: the shared photos are not on this machine")
            continue
        with tempfile.TemporaryDirectory() as folder:
            store = library(Path(folder))
            print_recall(answered(store, embedder(), name, ABSENT))
            store.close()


if __name__ == "__main__":
    os.nice(10)
    main()
