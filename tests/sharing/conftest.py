"""The tools that copies are made with, and one way to make them in a test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.pixels import Decoder
from appliance.adapters.sniff import HEAD_SIZE, KIND, sniff
from appliance.sharing import clean_copies
from appliance.sharing.clean_copies import CleanCopy, Size, Source, Tools
from appliance.sharing.position import Place


@pytest.fixture(scope="session")
def tools() -> Iterator[Tools]:
    decoder, metadata = Decoder(1), MetadataReader()
    yield Tools(decoder, metadata)
    decoder.close()
    metadata.close()


@dataclass(frozen=True)
class Made:
    """What `make` said, and where it lies."""

    copy: CleanCopy
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / f"file.{self.copy.extension}"

    @property
    def image(self) -> Image.Image:
        return Image.open(self.file)

    @property
    def everything(self) -> bytes:
        """Every byte that a guest could fetch."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.iterdir()))


Share = Callable[..., Made]


@pytest.fixture
def share(tools: Tools, tmp_path: Path) -> Share:
    """Make a copy of a file, or of its bytes."""
    count = iter(range(1000))

    def share(original: Path | bytes, size: Size = "screen", *, place: Place | None = None, keep: bool = False) -> Made:
        number = next(count)
        path = tmp_path / f"original-{number}"
        if isinstance(original, Path):
            path = original
        else:
            path.write_bytes(original)
        kind = KIND.get(sniff(path.read_bytes()[:HEAD_SIZE]) or "", "photo")
        into = tmp_path / "copies" / f"{number:032x}"
        source = Source(number, "0" * 64, path, kind, place)
        return Made(clean_copies.make(source, size=size, keep_location=keep, tools=tools, into=into), into)

    return share
