"""Preview and thumbnail of an original: derived files without metadata, named by the original's SHA-256, made again at will."""

import os
import tempfile
from pathlib import Path

from appliance.adapters import video
from appliance.adapters.pixels import Decoder, Derived
from appliance.library import room
from appliance.store.layout import Layout


def exist(layout: Layout, sha256: str) -> bool:
    """True when both files are there and not empty (a power cut may leave an empty one)."""
    return all(filled(file) for file in (layout.preview(sha256), layout.thumbnail(sha256)))


def filled(file: Path) -> bool:
    """True when there is such a file with something in it; it may be deleted at any moment."""
    try:
        return file.is_file() and file.stat().st_size > 0
    except FileNotFoundError:
        return False


def present(layout: Layout) -> set[str]:
    """Return the SHA-256 of every original for which `exist` is true; quicker for many."""
    kinds: dict[str, set[str]] = {"preview.webp": set(), "thumbnail.webp": set()}
    for folder, _, names in os.walk(layout.derivatives):
        for name in names:
            sha256, _, kind = name.partition("-")
            if kind in kinds and filled(Path(folder, name)):
                kinds[kind].add(sha256)
    return set.intersection(*kinds.values())


def make(decoder: Decoder, layout: Layout, sha256: str, path: Path, kind: str) -> None:
    """Make sure that the derivatives of the original at `path` exist; raises DecoderFailed."""
    if not exist(layout, sha256):
        keep(layout, sha256, derive(decoder, path, kind))


def derive(decoder: Decoder, path: Path, kind: str) -> Derived:
    """Decode an original; of a video its poster. Raises DecoderFailed."""
    return decoder.derive(video.poster(path) if kind == "video" else path)


def keep(layout: Layout, sha256: str, derived: Derived) -> None:
    """Write both derivatives, each at once or not at all. Raises NoRoom."""
    with room.needed(layout.derivatives):
        _write(layout.preview(sha256), derived.preview)
        _write(layout.thumbnail(sha256), derived.thumbnail)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    writing, kept = tempfile.mkstemp(prefix=".", dir=file.parent)
    try:
        with os.fdopen(writing, "wb") as stream:
            stream.write(content)
        Path(kept).replace(file)
    except BaseException:
        Path(kept).unlink(missing_ok=True)
        raise
