"""Development captions for measuring search: 1,000 pictures with five sentences each, kept outside the repository."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from appliance.adapters.embedder import MODEL
from appliance.search.filters import Query
from appliance.search.find import Found, find
from appliance.search.index import fold_pending
from appliance.search.matrix import Matrix, Vector
from appliance.store.db import Store, Writer
from tests.search.shelf import OLIVE, embedder

FILE = Path(__file__).parents[2] / "../shared/captions/dev1k.json"

# Things that a family may ask for and that pictures of people, dogs and streets don't show. The rule was chosen before
# this list was written.
ABSENT = (
    "a lobster on a silver tray", "camels crossing dunes", "the northern lights", "a jellyfish", "birth certificate",
    "an ostrich farm", "the big dipper", "a lunar eclipse", "a windmill", "an abandoned mine shaft",
    "the engine of a steam locomotive", "a school report card", "covid test", "bicycle lock combination",
    "an anaconda wrapped around a piano", "a snow leopard", "a gravestone", "the instruction leaflet of a medicine",
    "a pair of scissors on fabric", "a bowl of ramen", "a cuckoo clock", "seahorses", "a monk meditating in a cave",
    "the royal palace at dusk", "a bottle of perfume", "a blood donation card", "a greenhouse full of tomatoes",
    "rust on the car door", "a moose in a supermarket", "a ballerina riding a rhinoceros through paris", "a church organ",
    "the contents of my suitcase", "a hockey stick made of glass", "a squirrel eating a nut", "a gas meter reading",
    "meeting notes on a flipchart", "the sagrada familia", "a submarine surfacing in a harbour", "a tiger behind a fence",
    "a sauna", "a chemistry set", "knitted socks for sale", "a globe on a bookshelf", "an invitation to a wedding",
    "a flooded cellar", "a meteor shower", "caterpillars on a cabbage", "an empty swimming pool at night",
    "a hedge maze seen from above", "a stuffed turkey on a thanksgiving table",
)  # fmt: skip


@cache
def captions() -> list[list[str]]:
    """Five captions of each picture; raises FileNotFoundError where the file isn't at hand."""
    return list(json.loads(FILE.read_text())["images"].values())


def put(writer: Writer, sentences: list[str], vectors: Vector) -> None:
    """Add one captioned asset per sentence; the first gets id 1."""
    writer.many(
        "INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)"
        " VALUES(?,?,'x.jpg',1,0,'jpeg','photo','2024-07-14T10:00:00','exif',0)",
        [(f"{number:064}", f"{number}.jpg") for number in range(len(sentences))],
    )
    writer.many("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'measured',?,0)", list(enumerate(sentences, 1)))
    writer.many(
        "INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,'caption',?,?)",
        [(number, MODEL, vector.tobytes()) for number, vector in enumerate(vectors, 1)],
    )
    while fold_pending(writer):
        pass


class Prepared:
    """Stands where the embedder stands, with vectors that were made in one batch beforehand: measuring needs them many times."""

    def __init__(self, sentences: list[str]) -> None:
        self.vectors = dict(zip(sentences, embedder().embed(sentences), strict=True))

    def embed(self, sentences: object) -> Vector:
        assert isinstance(sentences, list)
        return np.stack([self.vectors[sentence] for sentence in sentences])


@dataclass(frozen=True, slots=True)
class Measured:
    """Places (0 = first) of the right picture, None where it wasn't found; and which questions found nothing at all."""

    places: list[int | None]
    silent: list[bool]

    def recall(self, at: int) -> float:
        return sum(place is not None and place < at for place in self.places) / len(self.places)

    def mean_reciprocal_rank(self) -> float:
        return sum(1 / (place + 1) for place in self.places if place is not None) / len(self.places)


def measure(store: Store, questions: list[str], *, model: bool = True) -> Measured:
    """Ask each question as Olive; the right picture of question n is asset n + 1."""
    prepared, matrix = Prepared(questions), Matrix(MODEL)
    places: list[int | None] = []
    silent = []
    with store.read() as reader:
        for number, sentence in enumerate(questions, 1):
            found: Found = find(reader, OLIVE, Query(text=sentence), embedder=prepared if model else None, matrix=matrix, limit=0)
            right = np.flatnonzero(found.assets == number)
            places.append(int(right[0]) if len(right) else None)
            silent.append(found.total == 0)
    return Measured(places, silent)
