"""What is known about an asset from its file: facts, capture time and place, as the columns of its row."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.places import Gazetteer
from appliance.errors import DecoderFailed
from appliance.library.capture_time import capture_time
from appliance.library.metadata import read_facts


@dataclass(frozen=True, slots=True)
class Known:
    """`columns` of `asset` by name, and the tags that came inside the file."""

    columns: dict[str, Any]
    tags: tuple[str, ...]


def read_tags(reader: MetadataReader, path: Path, sidecar: Path | None) -> dict[str, Any]:
    """Return the tags of the file at `path`, and behind them those of its sidecar. What cannot be read says nothing."""
    tags: dict[str, Any] = {}
    for file in (sidecar, path):
        if file is not None:
            with suppress(DecoderFailed):  # metadata that breaks exiftool doesn't make a bad picture
                tags.update(reader.read(file))
    return tags


def know(tags: Mapping[str, Any], format: str, file_name: str, received: int, gazetteer: Gazetteer) -> Known:
    """Given exiftool's `tags` and when the file was received (milliseconds since 1970 UTC), return what is known."""
    facts = read_facts(tags, format, file_name)
    place = None
    if facts.latitude is not None and facts.longitude is not None:
        place = gazetteer.nearest(facts.latitude, facts.longitude)
    time = capture_time(tags, file_name, received, place.timezone if place else None)
    columns = {
        "screenshot": int(facts.screenshot),
        "orientation": facts.orientation,
        "capture_time": time.local,
        "utc_offset": time.offset,
        "time_source": time.source,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "country": place.country_code if place else None,
        "region": place.region if place else None,
        "town": place.town if place else None,
        "camera_make": facts.camera_make,
        "camera_model": facts.camera_model,
        "lens": facts.lens,
        "description": facts.description or facts.title,
    }
    return Known(columns, tuple(dict.fromkeys((*facts.tags, *facts.file_words))))
