"""A library made of rows: what the tests of search and of the assistant put on the shelf."""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from appliance.accounts.viewer import Child, Guest, Member, Owner
from appliance.adapters.embedder import MODEL, TextEmbedder
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.search.filters import Query
from appliance.search.find import Found, find
from appliance.search.index import fold_pending
from appliance.search.matrix import Matrix
from appliance.store.db import Store
from tests.databases import new_store

OLIVE = Owner(1, "Olive")
MAX = Member(2, "Max")
KIT = Child(3, "Kit")
GITA = Guest(1)


@cache
def embedder() -> TextEmbedder:
    """The real model, loaded once for all tests."""
    return TextEmbedder(text_embedder_folder(Path("/nowhere")), threads=2)


@dataclass
class Shelf:
    """A store with a matrix beside it; `put` adds an asset, `ask` searches as Olive."""

    folder: Path
    store: Store = field(init=False)
    matrix: Matrix = field(default_factory=lambda: Matrix(MODEL))

    def __post_init__(self) -> None:
        self.store = new_store(self.folder / "mantel.db", self.folder / "copies")

    def put(
        self,
        *,
        caption: str = "",
        text: str = "",
        tags: tuple[str, ...] = (),
        fold: bool = True,
        embed: bool = True,
        **columns: Any,
    ) -> int:
        """Add one asset with its caption, text and tags, embedded as the indexer would; return its id."""
        with self.store.write() as writer:
            number = 1 + int(writer.value("SELECT coalesce(max(id), 0) FROM asset"))
            row = {
                "sha256": hashlib.sha256(str(number).encode()).hexdigest(), "original": f"2024/2024-07-14/{number}.jpg",
                "file_name": "x.jpg", "bytes": 1, "modified_at": 0, "format": "jpeg", "kind": "photo",
                "capture_time": f"2024-07-14T10:{number // 60 % 60:02}:{number % 60:02}", "time_source": "exif",
                "added_at": 0, **columns,
            }  # fmt: skip
            asset = writer.insert(f"INSERT INTO asset({','.join(row)}) VALUES({','.join('?' * len(row))})", tuple(row.values()))
            writer.many("INSERT INTO tag VALUES(?,?,'person')", [(asset, tag) for tag in tags])
            sentences = {"caption": caption, "text": text, "description": columns.get("description") or ""}
            if caption:
                writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'sample',?,0)", (asset, caption))
            if text:
                writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'sample',?)", (asset, text))
            for source, sentence in sentences.items():
                if sentence and embed:
                    vector = embedder().embed([sentence])[0].tobytes()
                    writer.run(
                        "INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,?,?,?)", (asset, source, MODEL, vector)
                    )
            if fold:
                fold_pending(writer)
        return asset

    def ask(self, query: Query | str, viewer: Any = OLIVE, **options: Any) -> Found:
        """What `viewer` finds; embeddings are looked up exactly, in a matrix that is loaded anew."""
        question = Query(text=query) if isinstance(query, str) else query
        options = {"embedder": embedder(), "matrix": Matrix(MODEL), **options}
        with self.store.read() as reader:
            return find(reader, viewer, question, **options)

    def ids(self, query: Query | str, viewer: Any = OLIVE, **options: Any) -> list[int]:
        return [hit.asset_id for hit in self.ask(query, viewer, **options).hits]
