"""Derivatives may be deleted at any hour and come back."""

from pathlib import Path

from appliance.adapters.pixels import Decoder
from appliance.library import derivatives
from appliance.store.layout import Layout
from tests.library.conftest import Taker
from tests.library.test_ingest import photo


def test_deleted_derivatives_come_back_the_same(take: Taker, decoder: Decoder, layout: Layout, tmp_path: Path) -> None:
    taken = take(photo(tmp_path / "a.jpg"))
    files = (layout.preview(taken.sha256), layout.thumbnail(taken.sha256))
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    assert not derivatives.exist(layout, taken.sha256)
    derivatives.make(decoder, layout, taken.sha256, layout.original(taken.original), "photo")
    assert [file.read_bytes() for file in files] == before


def test_an_empty_derivative_counts_as_missing(take: Taker, layout: Layout, tmp_path: Path) -> None:
    taken = take(photo(tmp_path / "a.jpg"))
    assert derivatives.exist(layout, taken.sha256)
    layout.thumbnail(taken.sha256).write_bytes(b"")
    assert not derivatives.exist(layout, taken.sha256)
