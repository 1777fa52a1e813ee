"""The filters of a Query as SQL conditions on `asset`. Every value is bound; no text of a question becomes SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

from appliance.search import areas
from appliance.search.areas import Area
from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.shapes import looks_like
from appliance.search.words import any_of, quoted, read_in_picture, words_of

KILOMETRES_PER_DEGREE = 111.195
MONTH = "CAST(substr(asset.capture_time, 6, 2) AS INTEGER)"
# A screenshot of a long phone is no panorama.
FRAMES = {
    "panorama": "(asset.kind = 'photo' AND NOT asset.screenshot"
    " AND max(asset.width, asset.height) >= 2 * min(asset.width, asset.height))",
    "upright": "asset.height > asset.width",
    "wide": "asset.width > asset.height",
    "square": "asset.width = asset.height",
}
MONTH_AND_DAY = "substr(asset.capture_time, 6, 5)"


@dataclass(slots=True)
class Conditions:
    """Conditions joined by AND, with their parameters in order. Empty: every asset passes."""

    sql: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, sql: str, *parameters: object) -> None:
        self.sql.append(sql)
        self.parameters.extend(parameters)

    def any(self, parts: Sequence[tuple[str, Sequence[object]]]) -> None:
        """Add `parts` (condition, its parameters), joined by OR; none of them adds nothing."""
        if parts:
            self.add("(" + " OR ".join(sql for sql, _ in parts) + ")", *(value for _, values in parts for value in values))

    def where(self) -> str:
        return " AND ".join(self.sql) or "1"

    def __bool__(self) -> bool:
        return bool(self.sql)


def conditions(query: Query) -> Conditions:
    """Return what `query`'s filters, phrases and excluded words ask of an asset; its `text` is not among them."""
    wanted = Conditions()
    for part in (_time, _not_then, _place, _kind, _sorted_into, _words):
        part(query, wanted)
    return wanted


def _time(query: Query, wanted: Conditions) -> None:
    """An asset whose time is only that of its upload has no date that a person would mean."""
    known = len(wanted.sql)
    wanted.any([_taken_between(span) for span in query.dates])
    _among(wanted, MONTH, query.months)
    _among(wanted, MONTH_AND_DAY, query.month_days)
    _among(wanted, "(CAST(strftime('%w', asset.capture_time) AS INTEGER) + 6) % 7", query.weekdays)
    if query.hours:
        start, end = query.hours
        both = "AND" if start < end else "OR"
        hour = "CAST(substr(asset.capture_time, 12, 2) AS INTEGER)"
        wanted.add(f"({hour} >= ? {both} {hour} < ?)", start, end)
    if len(wanted.sql) > known:
        wanted.add("asset.time_source <> 'upload'")


def _taken_between(span: DateRange) -> tuple[str, Sequence[object]]:
    return "asset.capture_time BETWEEN ? AND ?", (f"{span.first.isoformat()}T00:00:00", f"{span.last.isoformat()}T23:59:59")


def _not_then(query: Query, wanted: Conditions) -> None:
    """An asset whose time is only that of its upload was not taken then, as far as anybody knows."""
    unknown = "asset.time_source = 'upload'"
    for span in query.not_dates:
        sql, values = _taken_between(span)
        wanted.add(f"({unknown} OR NOT {sql})", *values)
    for sql, excluded in ((MONTH, query.not_months), (MONTH_AND_DAY, query.not_month_days)):
        if excluded:
            wanted.add(f"({unknown} OR {sql} NOT IN ({_marks(excluded)}))", *excluded)


def _place(query: Query, wanted: Conditions) -> None:
    wanted.any([_lies_in(place) for place in query.places])
    for place in query.not_places:
        sql, values = _lies_in(place)
        wanted.add(f"NOT coalesce({sql}, 0)", *values)


def _lies_in(place: PlaceFilter) -> tuple[str, Sequence[object]]:
    if place.radius_km is not None and place.latitude is not None and place.longitude is not None:
        east = f"(min(abs(asset.longitude - ?), 360 - abs(asset.longitude - ?)) * {KILOMETRES_PER_DEGREE} * ?)"
        north = f"((asset.latitude - ?) * {KILOMETRES_PER_DEGREE})"
        shrink = cos(radians(place.latitude))
        longitude = (place.longitude, place.longitude, shrink)
        return (
            f"({east} * {east} + {north} * {north} <= ?)",
            (*longitude, *longitude, place.latitude, place.latitude, place.radius_km**2),
        )
    if place.area is not None:
        return _lies_in_area(areas.named(place.area), place.country)
    named = [(column, value) for column in ("country", "region", "town") if (value := getattr(place, column)) is not None]
    return "(" + " AND ".join(f"asset.{column} = ?" for column, _ in named) + ")" if named else "(0)", [value for _, value in named]


def _lies_in_area(area: Area, country: str | None) -> tuple[str, Sequence[object]]:
    """In one of its rectangles and countries. Where a photo was taken and nobody knows, its words may say it; a sight is
    named in the words of a photo of it that was taken farther off, too."""
    parts, values = [f"asset.country IN ({_marks(area.countries)})"], list[object](area.countries)
    if country is not None:
        parts, values = ["asset.country = ?"], [country]
    if area.rectangles:
        inside = "(asset.latitude BETWEEN ? AND ? AND asset.longitude BETWEEN ? AND ?)"
        parts.append("(" + " OR ".join([inside] * len(area.rectangles)) + ")")
        values.extend(corner for south, west, north, east in area.rectangles for corner in (south, north, west, east))
    said = "asset.id IN (SELECT rowid FROM words WHERE words MATCH ?)"
    if not area.is_sight:
        said = f"(asset.latitude IS NULL AND {said})"
    return f"(({' AND '.join(parts)}) OR {said})", [*values, any_of(area.names)]


def _kind(query: Query, wanted: Conditions) -> None:
    _among(wanted, "asset.id", query.only)
    _among(wanted, "asset.camera_model", query.cameras)
    _among(wanted, "asset.format", query.formats)
    _not_among(wanted, "coalesce(asset.camera_model, '')", query.not_cameras)
    _not_among(wanted, "asset.format", query.not_formats)
    wanted.any([(FRAMES[frame], ()) for frame in query.frames])
    for frame in query.not_frames:
        wanted.add(f"NOT coalesce({FRAMES[frame]}, 0)")
    for column in ("kind", "screenshot", "favourite"):
        if (value := getattr(query, column)) is not None:
            wanted.add(f"asset.{column} = ?", int(value) if isinstance(value, bool) else value)


def _sorted_into(query: Query, wanted: Conditions) -> None:
    """Albums and tags, which people make."""
    albums, tags = "SELECT asset_id FROM album_asset WHERE album_id", "SELECT asset_id FROM tag WHERE name"
    for sql, values, excluded in ((albums, query.albums, query.not_albums), (tags, query.tags, query.not_tags)):
        if values:
            wanted.add(f"asset.id IN ({sql} IN ({_marks(values)}))", *values)
        if excluded:
            wanted.add(f"asset.id NOT IN ({sql} IN ({_marks(excluded)}))", *excluded)


def _words(query: Query, wanted: Conditions) -> None:
    for phrase in query.phrases:
        if words_of(phrase):
            _phrase(phrase, wanted, in_picture=query.text_in_picture)
        else:
            wanted.add("0")  # quotes around no letter at all: nothing holds that
    if query.text_in_picture and not query.phrases:
        wanted.add("EXISTS (SELECT 1 FROM recognised_text AS read WHERE read.asset_id = asset.id AND trim(read.words) <> '')")
    if query.not_words:
        wanted.add("asset.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)", any_of(query.not_words))


def _phrase(phrase: str, wanted: Conditions, *, in_picture: bool) -> None:
    """In a picture the words may have been misread; everywhere else they must stand as they were typed."""
    typed = read_in_picture(phrase) if in_picture else quoted(phrase)
    similar = looks_like(phrase) if in_picture else None
    wanted.any(
        [
            (f"asset.id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)", [expression])
            for table, expression in (("words", typed), ("shapes", similar))
            if expression
        ]
    )


def _among(wanted: Conditions, sql: str, values: Sequence[object]) -> None:
    if values:
        wanted.add(f"{sql} IN ({_marks(values)})", *values)


def _not_among(wanted: Conditions, sql: str, values: Sequence[object]) -> None:
    if values:
        wanted.add(f"{sql} NOT IN ({_marks(values)})", *values)


def _marks(values: Sequence[object]) -> str:
    """One question mark for each of `values`."""
    return ",".join("?" * len(values))
