"""Assets as people meet them: one asset with everything that is known about it, the timeline, and a person's description."""

from dataclasses import dataclass
from typing import Any

from appliance.accounts.viewer import Guest, Viewer
from appliance.errors import NotFound, WrongUsage
from appliance.library.access import SHOWN_CAPTION, visible_assets
from appliance.store import audit, queue
from appliance.store.db import Reader, Writer

LONGEST_DESCRIPTION = 2_000
PERSON_LOOKS = 100
"""Priority of a job whose asset a person has just opened or described."""

COLUMNS = """asset.id, asset.sha256, asset.original, asset.file_name, asset.bytes, asset.format, asset.kind, asset.screenshot,
  asset.width, asset.height, asset.duration_ms, asset.capture_time, asset.utc_offset, asset.time_source,
  asset.latitude, asset.longitude, asset.country, asset.region, asset.town,
  asset.camera_make, asset.camera_model, asset.lens, asset.description, asset.favourite, asset.hidden, asset.added_at"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of `asset`, in the order of COLUMNS. Width and height are as shown; `utc_offset` in minutes east of UTC."""

    id: int
    sha256: str
    original: str
    file_name: str
    bytes: int
    format: str
    kind: str
    screenshot: int
    width: int | None
    height: int | None
    duration_ms: int | None
    capture_time: str
    utc_offset: int | None
    time_source: str
    latitude: float | None
    longitude: float | None
    country: str | None
    region: str | None
    town: str | None
    camera_make: str | None
    camera_model: str | None
    lens: str | None
    description: str | None
    favourite: int
    hidden: int
    added_at: int


@dataclass(frozen=True, slots=True)
class StageState:
    """Where one stage of one asset stands; `reason` is that of its last failure."""

    stage: str
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Asset:
    """Everything that the library knows about one asset."""

    row: Row
    caption: str | None
    text: str | None
    tags: tuple[str, ...]
    stages: tuple[StageState, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """What the timeline shows of one asset."""

    id: int
    sha256: str
    kind: str
    width: int | None
    height: int | None
    duration_ms: int | None
    capture_time: str
    description: str | None
    caption: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """How many assets the timeline holds in `month` ('YYYY-MM')."""

    month: str
    assets: int


def get(reader: Reader, viewer: Viewer, asset_id: int) -> Asset:
    """Return one asset; raises NotFound when there is none that `viewer` may see."""
    found = reader.one(f"SELECT {COLUMNS} FROM asset WHERE asset.id=? AND {visible_assets(viewer)}", (asset_id,))
    return Asset(
        row=Row(*found),
        caption=reader.value(f"SELECT {SHOWN_CAPTION} FROM asset WHERE id=?", (asset_id,)),
        text=reader.value("SELECT words FROM recognised_text WHERE asset_id=? AND words <> ''", (asset_id,)),
        tags=tuple(name for (name,) in reader.all("SELECT name FROM tag WHERE asset_id=? ORDER BY name", (asset_id,))),
        stages=tuple(reader.rows(StageState, "SELECT stage, state, reason FROM job WHERE asset_id=? ORDER BY id", (asset_id,))),
    )


def describe(writer: Writer, viewer: Viewer, asset_id: int, text: str, now: int) -> str | None:
    """Set a person's description, or take it away with an empty `text`; return what is stored.

    Search learns of it at once (by words) and in a moment (by meaning). Raises NotFound, or WrongUsage when it is too long.
    """
    if isinstance(viewer, Guest):
        raise NotFound
    writer.one(f"SELECT 1 FROM asset WHERE asset.id=? AND {visible_assets(viewer)}", (asset_id,))
    kept = tidy(text)
    if len(kept) > LONGEST_DESCRIPTION:
        raise WrongUsage(what=f"A description may have up to {LONGEST_DESCRIPTION} characters; this one has {len(kept)}.")
    writer.run(
        "UPDATE asset SET description=?, described_by=(SELECT id FROM user WHERE id=?) WHERE id=?",
        (kept or None, viewer.user_id, asset_id),
    )
    queue.again(writer, asset_id, "embedding", priority=PERSON_LOOKS)
    audit.record(writer, now=now, user_id=viewer.user_id, action="asset.described", subjects=[asset_id])
    return kept or None


def tidy(text: str) -> str:
    """Lines kept, everything else that does not print taken out; no blank ends."""
    return "".join(letter for letter in text.replace("\r\n", "\n") if letter == "\n" or letter.isprintable()).strip()


def timeline(reader: Reader, viewer: Viewer, before: tuple[str, int] | None, limit: int, month: str | None = None) -> list[Tile]:
    """Return up to `limit` assets, newest first, that come after `before` (capture time and id of the last one shown).

    `month` ('YYYY-MM') keeps to that month. Hidden assets are not in anybody's timeline.
    """
    conditions = [visible_assets(viewer), "asset.deleted_at IS NULL", "asset.hidden = 0"]
    parameters: list[Any] = []
    if before is not None:
        conditions.append("(asset.capture_time, asset.id) < (?, ?)")
        parameters += before
    if month is not None:
        conditions.append("asset.capture_time >= ? AND asset.capture_time < ?")
        parameters += [month, month + "~"]
    return reader.rows(
        Tile,
        f"""SELECT asset.id, asset.sha256, asset.kind, asset.width, asset.height, asset.duration_ms, asset.capture_time,
              asset.description, {SHOWN_CAPTION}
            FROM asset WHERE {" AND ".join(conditions)} ORDER BY asset.capture_time DESC, asset.id DESC LIMIT ?""",
        (*parameters, limit),
    )


def months(reader: Reader, viewer: Viewer) -> list[Month]:
    """Return the months of the timeline, newest first, with their counts."""
    if isinstance(viewer, Guest):
        return []
    return reader.rows(Month, "SELECT month, assets FROM month WHERE assets > 0 ORDER BY month DESC")


def camera(make: str | None, model: str | None) -> str | None:
    """Return one name for people; many models repeat their make."""
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make


def as_json(asset: Asset) -> dict[str, Any]:
    """Return the document that `mantel show` prints. Albums and people stay empty until those parts exist."""
    row = asset.row
    return {
        "id": row.id,
        "sha256": row.sha256,
        "original": row.original,
        "file_name": row.file_name,
        "bytes": row.bytes,
        "kind": row.kind,
        "format": row.format,
        "screenshot": bool(row.screenshot),
        "width": row.width,
        "height": row.height,
        "duration_ms": row.duration_ms,
        "capture_time": row.capture_time,
        "offset": row.utc_offset,
        "time_source": row.time_source,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "place": {"country": row.country, "region": row.region, "town": row.town},
        "camera": camera(row.camera_make, row.camera_model),
        "lens": row.lens,
        "caption": asset.caption,
        "description": row.description,
        "text": asset.text,
        "tags": list(asset.tags),
        "albums": [],
        "people": [],
        "favourite": bool(row.favourite),
        "stages": {stage.stage: {"state": stage.state, "reason": stage.reason} for stage in asset.stages},
    }
