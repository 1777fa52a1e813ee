"""New databases without waiting for every migration each time; tests/store/test_migrations.py runs them."""

import tempfile
from functools import cache
from pathlib import Path

from appliance.store.db import Store


def new_store(database: Path, copies: Path) -> Store:
    """Open `database`, made when there is none yet."""
    make_empty(database)
    return Store(database, copies)


def make_empty(database: Path) -> None:
    """Where there is no `database` yet, put an empty one of the newest schema."""
    if not database.exists():
        database.write_bytes(_empty())


@cache
def _empty() -> bytes:
    """Made once for each process of the run, by the migrations themselves."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "mantel.db"
        Store(database, Path(folder) / "copies").close()
        return database.read_bytes()
