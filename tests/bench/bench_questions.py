"""Understanding, measured: sentences parsed right, how long a parse takes beside splitting the sentence into words, and the open
questions over the shared photos with set precision and recall by category."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from appliance.search.query import Query, parse
from appliance.search.sentence import split
from tests.quality.photo_questions import answered, scores, with_texts_read
from tests.real_photos import SHARED
from tests.search.plans import plan, table
from tests.search.shelf import embedder
from tests.search.world import TODAY, library

TABLES = ("sentences.txt", "fresh.txt", "fresh_again.txt", "fresh_third.txt", "fresh_fourth.txt", "fresh_fifth.txt")
ROUNDS = 5


def main() -> None:
    sentences()
    print()
    if SHARED.is_dir():
        photos()
    else:
        print("The shared photos are not on this machine: their questions are not asked.")


def sentences() -> None:
    """Print how many sentences mean what their table says, and what a parse costs."""
    print("| sentences | number | understood as the table says |\n| --- | --- | --- |")
    for name in TABLES:
        rows = table(name)
        right = sum(plan(_parsed(sentence)) == expected for sentence, expected in rows)
        print(f"| {name} | {len(rows)} | {right / len(rows):.3f} |")
    every = [sentence for name in TABLES for sentence, _ in table(name)]
    spent = [_seconds(partial(_parsed, sentence)) for sentence in every]
    words = [_seconds(partial(split, sentence)) for sentence in every]
    spent.sort()
    middle, late = spent[len(spent) // 2], spent[len(spent) * 95 // 100]
    print(
        f"\nA parse takes {middle * 1000:.2f} ms (p50), {late * 1000:.2f} ms (p95), {sum(spent) / sum(words):.0f} times as long as"
    )
    print("splitting the sentence into words.")


def _parsed(sentence: str) -> Query:
    return parse(sentence, today=TODAY, vocabulary=library())


def _seconds(act: Callable[[], object]) -> float:
    """The least processor time of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        act()
        spent.append(time.process_time() - started)
    return min(spent)


def photos() -> None:
    """Print set precision and recall of the open questions by category."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        command = [sys.executable, "-m", "appliance", "add", "--home", str(home), str(SHARED / "library"), "--json"]
        subprocess.run(command, check=False, capture_output=True)  # some files are refused, so that it ends with 3
        store = with_texts_read(home, Path(folder) / "copy")
        answers = answered(store, embedder())
        store.close()
    print("| category | questions | set precision | set recall | exact |\n| --- | --- | --- | --- | --- |")
    for category, score in scores(answers).items():
        print(f"| {category} | {score.questions} | {score.precision:.3f} | {score.recall:.3f} | {score.exact} |")


if __name__ == "__main__":
    main()
