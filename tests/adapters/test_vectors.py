"""Chroma finds what is nearest, speaks to nobody, and is built anew when its folder is damaged."""

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from appliance.adapters import process
from appliance.adapters.vectors import Vectors
from appliance.errors import VectorsLost

COUNT = 2500


@pytest.fixture(scope="module")
def some() -> npt.NDArray[np.float32]:
    vectors = np.random.default_rng(7).normal(size=(COUNT, 384)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    opened = Vectors(tmp_path / "chroma")
    yield opened
    opened.close()


def filled(folder: Path, some: npt.NDArray[np.float32]) -> None:
    vectors = Vectors(folder)
    vectors.upsert(range(1, COUNT + 1), some)
    vectors.close()


def test_the_nearest_comes_first_with_its_cosine(vectors: Vectors, some: npt.NDArray[np.float32]) -> None:
    assert vectors.nearest(some[0], 5) == []
    vectors.upsert(range(1, COUNT + 1), some)
    near = vectors.nearest(some[41], 3)
    assert near[0][0] == 42 and near[0][1] == pytest.approx(1, abs=1e-5)
    assert near[1][1] == pytest.approx(float(np.sort(some @ some[41])[-2]), abs=1e-4)


def test_others_get_their_turn_while_many_are_written(vectors: Vectors, some: npt.NDArray[np.float32]) -> None:
    vectors.upsert([1], some[:1])
    writing = threading.Thread(target=vectors.upsert, args=(range(1, 1001), some[:1000]))
    writing.start()
    answers = []
    while writing.is_alive():
        answers.append(vectors.nearest(some[0], 1)[0][0])
    writing.join()
    assert len(answers) > 5
    assert set(answers) == {1}


def test_more_may_be_asked_for_than_there_are(vectors: Vectors, some: npt.NDArray[np.float32]) -> None:
    vectors.upsert([1, 2], some[:2])
    assert [number for number, _ in vectors.nearest(some[1], 1000)] == [2, 1]


def test_a_vector_can_be_replaced_and_deleted(vectors: Vectors, some: npt.NDArray[np.float32]) -> None:
    vectors.upsert([1, 2], some[:2])
    vectors.upsert([1], some[2:3])
    assert vectors.nearest(some[2], 1)[0][0] == 1
    vectors.delete([1, 99])
    vectors.delete([])
    assert (vectors.count(), [number for number, _ in vectors.nearest(some[2], 9)]) == (1, [2])


def test_vectors_stay_when_it_is_opened_again(tmp_path: Path, some: npt.NDArray[np.float32]) -> None:
    filled(tmp_path / "chroma", some)
    again = Vectors(tmp_path / "chroma")
    assert again.count() == COUNT
    assert again.nearest(some[9], 1)[0][0] == 10
    again.close()
    again.close()


@pytest.mark.parametrize("damaged", ["chroma.sqlite3", "index_metadata.pickle"])
def test_a_damaged_folder_is_noticed_and_can_be_cleared(tmp_path: Path, some: npt.NDArray[np.float32], damaged: str) -> None:
    folder = tmp_path / "chroma"
    filled(folder, some)
    (file,) = folder.rglob(damaged)
    file.write_bytes(b"not what it was " * 64)
    vectors = Vectors(folder)
    try:
        assert vectors.nearest(some[0], 1) == [], "opened empty"
    except VectorsLost:
        vectors.clear()
    assert vectors.count() == 0
    vectors.upsert([1], some[:1])
    assert vectors.nearest(some[0], 1)[0][0] == 1
    vectors.close()


def test_a_folder_that_vanished_loses_nothing_but_itself(tmp_path: Path, some: npt.NDArray[np.float32]) -> None:
    vectors = Vectors(tmp_path / "chroma")
    vectors.upsert([1], some[:1])
    shutil.rmtree(tmp_path / "chroma")
    with pytest.raises(VectorsLost, match="Nothing is lost"):
        vectors.upsert([2], some[1:2])
    vectors.clear()
    vectors.upsert([2], some[1:2])
    assert vectors.count() == 1
    vectors.close()


HOSTILE = """
import os, sys
os.environ.update(CHROMA_API_IMPL="chromadb.api.fastapi.FastAPI", CHROMA_SERVER_HOST="203.0.113.1", IS_PERSISTENT="FALSE",
                  ANONYMIZED_TELEMETRY="True", CHROMA_OTEL_COLLECTION_ENDPOINT="http://203.0.113.1")
os.chdir(os.path.dirname(sys.argv[1]))
spoken = []
sys.addaudithook(lambda event, arguments: spoken.append(event) if event.startswith("socket.") else None)
from pathlib import Path
import numpy
from appliance.adapters.vectors import Vectors
vectors = Vectors(Path(sys.argv[1]))
vectors.upsert([1], numpy.ones((1, 384), numpy.float32))
print(vectors.nearest(numpy.ones(384, numpy.float32), 1)[0][0], spoken)
vectors.close()
"""


def test_nothing_in_the_environment_makes_it_speak_to_anybody(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHROMA_SERVER_HOST=203.0.113.1\n")
    done = process.run([sys.executable, "-c", HOSTILE, tmp_path / "chroma"], timeout=60)
    assert done.stdout.split(maxsplit=1) == [b"1", b"[]\n"], done.stderr.decode()
    assert (tmp_path / "chroma" / "chroma.sqlite3").is_file(), "it was kept here, in its folder"
