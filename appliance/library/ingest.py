"""Taking a file into the library so that a kill at any moment loses nothing and leaves no half asset.

The order: bytes in incoming/, on the disk and hashed → already here? → format told from the content → decoded once in the
sandbox → metadata → one durable transaction (a name under originals/, the asset, its tags, its jobs) → unlinked in incoming/.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from appliance.adapters import sniff, video
from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.pixels import Decoder
from appliance.adapters.places import Gazetteer
from appliance.errors import DecoderFailed, FileRefused, SidecarFile
from appliance.library import derivatives, incoming, known, names, sidecars
from appliance.library.incoming import Arrival
from appliance.library.known import Known
from appliance.store.db import Reader, Store, Writer
from appliance.store.layout import Layout

AddJobs = Callable[[Writer, int, str, int], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """`outcome` is 'added' or 'already_here'; `original` relative to originals/."""

    asset_id: int
    sha256: str
    original: str
    outcome: str


Also = Callable[[Writer, "Taken"], None]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file comes from: its name for people, who brought it, and how urgent its jobs are."""

    file_name: str
    added_by: int | None
    priority: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What decoding told; width and height as shown."""

    format: str
    kind: str
    width: int
    height: int
    duration_ms: int | None


class Intake:
    """The tools that taking in needs. `take` may be called from many threads and many processes at once."""

    def __init__(
        self, store: Store, layout: Layout, decoder: Decoder, reader: MetadataReader, gazetteer: Gazetteer, add_jobs: AddJobs
    ) -> None:
        """`add_jobs(writer, asset_id, kind, priority)` writes a new asset's jobs: which those are isn't this layer's business."""
        self._store = store
        self._layout = layout
        self._decoder = decoder
        self._reader = reader
        self._gazetteer = gazetteer
        self._add_jobs = add_jobs

    def take(
        self,
        path: Path,
        *,
        file_name: str,
        added_by: int | None,
        now: int,
        consume: bool = False,
        priority: int = 0,
        also: Also | None = None,
    ) -> Taken:
        """Take the file at `path` in. With `consume` it lies in incoming/ and is unlinked after the commit; else it is only read.

        `also` is run in the transaction that makes the asset (or finds it). Raises FileRefused, NoRoom, ToolMissing.
        """
        source = Source(file_name, added_by, priority)
        if consume:
            with incoming.received(path, name=file_name) as arrival:
                taken = self._settle(arrival, source, now, None, also)
                path.unlink()
            return taken
        sidecar = sidecars.beside(path)
        with incoming.copied(path, self._layout.incoming, name=file_name) as arrival:
            taken = self._settle(arrival, source, now, sidecar, also)
        if sidecar is not None:
            sidecars.keep(self._layout, sidecar, taken.original)
        return taken

    def _settle(self, arrival: Arrival, source: Source, now: int, sidecar: Path | None, also: Also | None) -> Taken:
        """Find the asset that has these bytes, or make it."""
        with self._store.read() as reader:
            taken = _already(reader, arrival.sha256)
        if taken is None:
            picture = self._decode(arrival, source.file_name)
            facts = self._know(arrival, picture, source, now, sidecar)
            return self._make(arrival, source, picture, facts, now, also)
        if also is not None:
            with self._store.write(durable=True) as writer:
                also(writer, taken)
        return taken

    def _decode(self, arrival: Arrival, file_name: str) -> Picture:
        """Tell format and kind and make the derivatives: what cannot be decoded is not taken in."""
        if not arrival.size:
            raise FileRefused(name=file_name, reason="it is empty")
        format = sniff.sniff(arrival.head)
        kind = sniff.KIND.get(format or "")
        if format in names.SIDECAR_FORMATS and file_name.lower().endswith(names.SIDECAR_ENDINGS):
            raise SidecarFile(name=file_name, reason=sniff.why_refused(format))
        if format is None or kind is None:
            raise FileRefused(name=file_name, reason=sniff.why_refused(format))
        try:
            if kind == "video":
                return self._decode_video(arrival, format)
            derived = self._decoder.derive(arrival.path)
        except DecoderFailed as error:
            raise FileRefused(name=file_name, reason=f"it could not be decoded ({error.facts['reason']})") from error
        derivatives.keep(self._layout, arrival.sha256, derived)
        return Picture(format, kind, derived.width, derived.height, None)

    def _decode_video(self, arrival: Arrival, format: str) -> Picture:
        """A video that players know is taken in even when no frame of it can be drawn here: that shows as a failed stage."""
        film = video.probe(arrival.path)
        with suppress(DecoderFailed):
            derivatives.make(self._decoder, self._layout, arrival.sha256, arrival.path, "video")
        return Picture(format, "video", film.width, film.height, film.duration_ms)

    def _know(self, arrival: Arrival, picture: Picture, source: Source, now: int, sidecar: Path | None) -> Known:
        tags = known.read_tags(self._reader, arrival.path, sidecar)
        return known.know(tags, picture.format, source.file_name, now, self._gazetteer)

    def _make(self, arrival: Arrival, source: Source, picture: Picture, facts: Known, now: int, also: Also | None) -> Taken:
        """One transaction: a name under originals/, the row, its jobs. Another process may have made the asset meanwhile."""
        placed: Path | None = None
        try:
            with self._store.write(durable=True) as writer:
                taken = _already(writer, arrival.sha256)
                if taken is None:
                    placed = self._place(writer, arrival, names.human_name(source.file_name, picture.format), facts)
                    original = placed.relative_to(self._layout.originals).as_posix()
                    asset_id = _insert(writer, {**_columns(arrival, source, picture), **facts.columns, "original": original}, now)
                    writer.many(
                        "INSERT OR IGNORE INTO tag(asset_id, name, source) VALUES(?,?,'file')",
                        [(asset_id, tag) for tag in facts.tags],
                    )
                    self._add_jobs(writer, asset_id, picture.kind, source.priority)
                    taken = Taken(asset_id, arrival.sha256, original, "added")
                if also is not None:
                    also(writer, taken)
                return taken
        except BaseException:
            if placed is not None:
                placed.unlink()  # its bytes keep their name in incoming/
            raise

    def _place(self, writer: Writer, arrival: Arrival, name: str, facts: Known) -> Path:
        """Give the bytes their name under originals/. Inside the write transaction: no two processes choose at once."""
        if (linked := incoming.other_name(arrival.path, self._layout.originals)) is not None:
            return linked
        day = names.folder_of(facts.columns["capture_time"])
        folder = self._layout.original(day)
        incoming.make_folder(folder)
        rows = writer.all("SELECT original FROM asset WHERE original >= ? AND original < ?", (day + "/", day + "0"))
        return incoming.link(arrival.path, folder, name, {original.rsplit("/", 1)[-1] for (original,) in rows})


def _already(reader: Reader, sha256: str) -> Taken | None:
    row = reader.first("SELECT id, sha256, original FROM asset WHERE sha256=?", (sha256,))
    return Taken(row[0], row[1], row[2], "already_here") if row else None


def _columns(arrival: Arrival, source: Source, picture: Picture) -> dict[str, Any]:
    return {
        "sha256": arrival.sha256,
        "file_name": names.printable(source.file_name),
        "bytes": arrival.size,
        "modified_at": arrival.modified_at,
        "added_by": source.added_by,
        **asdict(picture),
    }


def _insert(writer: Writer, columns: dict[str, Any], now: int) -> int:
    row = {**columns, "added_at": now}
    return writer.insert(f"INSERT INTO asset({', '.join(row)}) VALUES({', '.join('?' * len(row))})", tuple(row.values()))
