"""The facts of one asset as lines for people, each with how it is known where that matters."""

from collections.abc import Iterator

from appliance.adapters.places import Gazetteer
from appliance.library.assets import Asset, Row, camera
from appliance.web import wording
from appliance.web.contexts import Fact

SOURCES = {
    "exif": "as the camera recorded it",
    "xmp": "from the file's XMP data",
    "iptc": "from the file's IPTC data",
    "video": "as the video recorded it",
    "gps": "from the satellite clock",
    "name": "from the file name",
    "sidecar": "from the sidecar beside the file",
    "person": "set by a person",
    "upload": "unknown: this is when it was added",
}
MEGA = 1_000_000


def facts(asset: Asset, gazetteer: Gazetteer | None) -> tuple[Fact, ...]:
    """Date, place, camera, file, tags: those that are known."""
    return tuple(_facts(asset, gazetteer))


def _facts(asset: Asset, gazetteer: Gazetteer | None) -> Iterator[Fact]:
    row = asset.row
    yield Fact("Taken", "when", _taken(row))
    if place := _place(row, gazetteer):
        yield Fact("Place", "where", place)
    if name := camera(row.camera_make, row.camera_model):
        yield Fact("Camera", "camera", tuple(line for line in (name, row.lens) if line))
    yield Fact("File", "kind", (row.file_name, _file(row)))
    if asset.tags:
        yield Fact("Tags", "words", (", ".join(asset.tags),))


def _taken(row: Row) -> tuple[str, ...]:
    source = SOURCES.get(row.time_source, "")
    if row.utc_offset is not None and row.time_source != "upload":
        source = f"{wording.offset(row.utc_offset)}, {source}"
    return (f"{wording.day(row.capture_time)}, {wording.clock(row.capture_time)}", source)


def _place(row: Row, gazetteer: Gazetteer | None) -> tuple[str, ...]:
    country = row.country
    if country and gazetteer:
        country = next(iter(gazetteer.country_names(country)), country)
    names = ", ".join(dict.fromkeys(name for name in (row.town, row.region, country) if name))
    position = f"{row.latitude:.5f}, {row.longitude:.5f}" if row.latitude is not None and row.longitude is not None else ""
    return tuple(line for line in (names, position) if line)


def _file(row: Row) -> str:
    parts = [row.format.upper()]
    if row.width and row.height:
        parts.append(f"{row.width} × {row.height}")
        if row.kind == "photo" and row.width * row.height >= MEGA:
            parts.append(f"{row.width * row.height / MEGA:.0f} megapixels")
    if row.duration_ms:
        parts.append(wording.length(row.duration_ms))
    return " · ".join([*parts, wording.size(row.bytes)])
