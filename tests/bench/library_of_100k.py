"""A made-up library of any size, straight from INSERTs: twenty years of photos with places, cameras, captions and embeddings.

No file belongs to it: pages show every photo as one whose preview is still to come. The same size gives the same library.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from appliance.adapters.embedder import DIMENSIONS, MODEL
from appliance.indexing.pipeline import STAGES
from appliance.search.index import fold_pending
from appliance.store.db import Store, Writer
from tests.search.shelf import embedder

SIZE = 100_000
FIRST_DAY = datetime(2004, 1, 1)  # noqa: DTZ001 - a local time, as in the column
YEARS = 20
NOW = 1_750_000_000_000
KINDS_OF_PICTURE = 400
SCREENSHOTS, VIDEOS, PLACELESS, HIDDEN = 0.04, 0.06, 0.35, 0.002
PLACES = (
    ("DE", "Bavaria", "Munich", 48.14, 11.58),
    ("DE", "Bavaria", "Starnberg", 48.0, 11.34), ("DE", "Berlin", "Berlin", 52.52, 13.41),
    ("IT", "Tuscany", "Florence", 43.77, 11.26), ("IT", "Tuscany", "Arezzo", 43.46, 11.88), ("IT", "Lazio", "Rome", 41.89, 12.49),
    ("FR", "Île-de-France", "Paris", 48.86, 2.35), ("FR", "Brittany", "Brest", 48.39, -4.49),
    ("ES", "Catalonia", "Barcelona", 41.39, 2.16),
    ("AT", "Vienna", "Vienna", 48.21, 16.37), ("AT", "Tyrol", "Innsbruck", 47.26, 11.39), ("GB", "England", "London", 51.51, -0.13),
    ("GB", "Scotland", "Edinburgh", 55.95, -3.2), ("US", "New York", "New York City", 40.71, -74.01),
    ("JP", "Tokyo", "Tokyo", 35.69, 139.69),
    ("PT", "Lisbon", "Lisbon", 38.72, -9.13),
    ("CH", "Zurich", "Zürich", 47.37, 8.55), ("HR", "Split-Dalmatia", "Split", 43.51, 16.44),
    ("DK", "Capital Region", "Copenhagen", 55.68, 12.57), ("GR", "Attica", "Athens", 37.98, 23.73),
)  # fmt: skip
CAMERAS = (
    ("NIKON", "COOLPIX P6000", 2008), ("Canon", "Canon EOS 40D", 2007), ("Canon", "Canon PowerShot A520", 2005),
    ("Apple", "iPhone 4", 2010), ("Apple", "iPhone 6", 2014), ("Apple", "iPhone SE (2nd generation)", 2020),
    ("Google", "Pixel 7", 2022),
    ("SONY", "DSC-W55", 2004), ("FUJIFILM", "X-T20", 2017), ("Panasonic", "DMC-TZ10", 2010),
)  # fmt: skip
PARTS = tuple(
    part.split("|")
    for part in (
        "a dog|two children|an old man|a woman|a red car|a group of people|a cat|a boy|a girl|a bird|a birthday cake",
        "runs|sits|stands|is playing|looks around|waits|sleeps|jumps|is eating|is seen",
        "on the beach|in the snow|in a park|at a table|in front of a house|by a lake|in a kitchen|on a street|in a garden",
        "in the evening|in bright sunshine|with a ball|with candles|near a bicycle|under a tree|today|with a hat|in the rain",
        "beside a fence|with mountains behind|in a small town|near the harbour|among flowers|at a wedding|on holiday|at home",
    )
)
READ = ("RECEIPT TOTAL 12,80 EUR", "EXIT", "Happy Birthday", "Platform 7", "MENU soup of the day", "Meeting notes")


@dataclass(frozen=True, slots=True)
class Columns:
    """The values of one asset, by column, and its words."""

    asset: dict[str, Any]
    caption: str
    text: str
    tags: tuple[str, ...]


def make(store: Store, size: int = SIZE) -> None:
    """Fill the empty `store` with `size` assets whose every job is done but for a few."""
    kinds, vectors = _pictures(size)
    with store.write() as writer:
        assets = _assets(size, kinds)
        number = 1
        while step := list(islice(assets, 5_000)):
            _put(writer, number, step, vectors[number - 1 : number - 1 + len(step)])
            number += len(step)
        while fold_pending(writer):
            pass
        _put_jobs(writer)
        writer.run("DELETE FROM embedding_change")  # as if Chroma held them


def _pictures(size: int) -> tuple[list[str], "np.ndarray[Any, np.dtype[np.float32]]"]:
    """Return a caption for each asset, and unit vectors near the real ones of some hundred such captions."""
    numbers = np.random.default_rng(size)
    kinds = [" ".join(numbers.choice(part) for part in PARTS) for _ in range(KINDS_OF_PICTURE)]
    chosen = numbers.integers(len(kinds), size=size)
    vectors = embedder().embed(kinds)[chosen]
    vectors += numbers.standard_normal(vectors.shape, np.float32) * np.float32(0.5 / DIMENSIONS**0.5)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [kinds[kind] for kind in chosen], vectors


def _assets(size: int, captions: list[str]) -> Iterator[Columns]:
    """Yield assets in an order of arrival that is only roughly that of their dates: old albums come late."""
    chance = random.Random(size)
    for number in range(size):
        share = number / size if chance.random() < 0.7 else chance.random()
        taken = FIRST_DAY + timedelta(days=365.25 * YEARS * share, seconds=chance.randrange(86_400))
        yield _asset(chance, number, taken, captions[number])


def _asset(chance: random.Random, number: int, taken: datetime, caption: str) -> Columns:
    screenshot, video = chance.random() < SCREENSHOTS, chance.random() < VIDEOS
    name = f"Screenshot {number}.png" if screenshot else f"MVI_{number}.MP4" if video else f"IMG_{number}.JPG"
    make, model, _ = chance.choice([one for one in CAMERAS if one[2] <= max(taken.year, 2004)])
    placed = not screenshot and chance.random() > PLACELESS
    country, region, town, latitude, longitude = PLACES[min(int(chance.expovariate(0.3)), len(PLACES) - 1)]
    return Columns(
        {
            "sha256": f"{number + 1:064x}", "original": f"{taken:%Y/%Y-%m-%d}/{name}", "file_name": name,
            "bytes": 2_000_000 + number, "modified_at": NOW, "format": "png" if screenshot else "mp4" if video else "jpeg",
            "kind": "video" if video and not screenshot else "photo", "screenshot": int(screenshot),
            "width": chance.choice((4000, 3000)), "height": chance.choice((3000, 2250)),
            "duration_ms": 12_000 if video and not screenshot else None,
            "capture_time": f"{taken:%Y-%m-%dT%H:%M:%S}",
            "time_source": "name" if screenshot else "upload" if number % 50 == 0 else "exif",
            "latitude": latitude if placed else None, "longitude": longitude if placed else None,
            "country": country if placed else None, "region": region if placed else None, "town": town if placed else None,
            "camera_make": None if screenshot else make, "camera_model": None if screenshot else model,
            "description": f"{caption} with grandmother" if number % 40 == 0 else None,
            "hidden": int(chance.random() < HIDDEN), "added_at": NOW + number,
        },
        caption,
        chance.choice(READ) if screenshot or chance.random() < 0.05 else "",
        ("family",) if number % 10 == 0 else (),
    )  # fmt: skip


def _put(writer: Writer, first: int, step: list[Columns], vectors: "np.ndarray[Any, np.dtype[np.float32]]") -> None:
    names = list(step[0].asset)
    writer.many(
        f"INSERT INTO asset(id, {','.join(names)}) VALUES(?{',?' * len(names)})",
        [(number, *one.asset.values()) for number, one in enumerate(step, first)],
    )
    numbered = list(enumerate(step, first))
    captions = [(number, one.caption) for number, one in numbered]
    writer.many("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'made-up',?,0)", captions)
    texts = [(number, one.text) for number, one in numbered if one.text]
    writer.many("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'made-up',?)", texts)
    writer.many("INSERT INTO tag VALUES(?,?,'person')", [(number, tag) for number, one in numbered for tag in one.tags])
    writer.many(
        "INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,'caption',?,?)",
        [(number, MODEL, vector.tobytes()) for (number, _), vector in zip(numbered, vectors, strict=True)],
    )


def _put_jobs(writer: Writer) -> None:
    """Five jobs an asset, in the order in which a worker would have made them; one in a thousand has failed."""
    stages = ",".join(f"({number},'{stage}')" for number, stage in enumerate(STAGES))
    writer.run(
        f"""INSERT INTO job(stage, asset_id, state, version, attempts, reason, finished_at)
            SELECT column2, asset.id, iif(column2 = 'text' AND asset.id % 1000 = 7, 'failed', 'done'), 'made-up', 1,
              iif(column2 = 'text' AND asset.id % 1000 = 7, 'The picture could not be read.', NULL), {NOW} + asset.id
            FROM asset, (VALUES {stages}) ORDER BY asset.id, column1"""
    )


if __name__ == "__main__":
    database = Path(sys.argv[1])
    shelf = Store(database, database.parent / "database-copies")
    make(shelf, int(sys.argv[2]) if len(sys.argv) > 2 else SIZE)
    shelf.close()
