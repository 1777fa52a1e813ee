"""An Intake with real tools: sandboxed decoder, exiftool, gazetteer."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.pixels import Decoder
from appliance.adapters.places import Gazetteer
from appliance.library.ingest import Intake, Taken
from appliance.store import queue
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout

NOW = 1_750_000_000_000


@pytest.fixture(scope="session")
def decoder() -> Iterator[Decoder]:
    made = Decoder(2)
    yield made
    made.close()


@pytest.fixture(scope="session")
def metadata_reader() -> Iterator[MetadataReader]:
    made = MetadataReader()
    yield made
    made.close()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer()


def add_jobs(writer: Writer, asset_id: int, kind: str, priority: int) -> None:
    queue.add(writer, asset_id, [("derivatives", True)], priority=priority)


@pytest.fixture
def intake(store: Store, layout: Layout, decoder: Decoder, metadata_reader: MetadataReader, gazetteer: Gazetteer) -> Intake:
    return Intake(store, layout, decoder, metadata_reader, gazetteer, add_jobs)


class Taker:
    """Takes files in as `mantel add` does."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake

    def __call__(self, path: Path, name: str | None = None, *, consume: bool = False) -> Taken:
        return partial(self.intake.take, file_name=name or path.name, added_by=None, now=NOW)(path, consume=consume)


@pytest.fixture
def take(intake: Intake) -> Taker:
    return Taker(intake)
