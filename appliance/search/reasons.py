"""Why a hit is one: which words stood where, which filter it passed, or that it looks like the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from appliance.library.access import SHOWN_CAPTION
from appliance.search.filters import Query
from appliance.search.ids import Ids, as_json, ids_of, member
from appliance.search.misread import as_read
from appliance.search.persons import token
from appliance.search.same_words import in_other_languages
from appliance.search.shapes import looks_like, similar
from appliance.search.words import content_words, quoted, read_in_picture, words_of
from appliance.store.db import Reader

Kind = Literal[
    "caption", "text", "description", "tag", "name", "place", "document", "similar", "date", "camera", "kind", "looks", "who"
]  # fmt: skip
KIND_OF_COLUMN: dict[str, Kind] = {
    "description": "description", "caption": "caption", "text": "text", "tags": "tag", "name": "name", "place": "place",
    "document": "document",
}  # fmt: skip
"""In the order of the columns of `words`."""
LONGEST = 160
NOBODY: Ids = np.empty(0, np.int64)
LOOKS_LIKE_IT = "looks like it"
NO_FACE = "no face found"
UNNAMED: Mapping[int, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Why:
    """One reason. `text` holds the words that were found there; for `looks` the sentence that resembles the question, or
    LOOKS_LIKE_IT when the picture itself does, or which photos it is like; for `document` the kind of document, for `similar` words
    that the picture may hold: what was read there looks like them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    asset_id: int
    capture_time: str
    place: str
    camera: str | None
    kind: str
    document: str | None
    sentence: str | None


def reasons(
    reader: Reader, query: Query, assets: Sequence[int], pictured: Ids = NOBODY, persons: Mapping[int, tuple[str, ...]] = UNNAMED
) -> dict[int, tuple[Why, ...]]:
    """Return the reasons of each of `assets`, one page of the hits of `query`; the pictures `pictured` show it themselves.
    `persons` are those who have a confirmed face in an asset, by id; the chips of `query` hold their names."""
    found = _words_found(reader, query, assets)
    asked = bool(content_words(query.text)) and not query.like
    alike = f"like photo {', '.join(map(str, query.like))}" if query.like else LOOKS_LIKE_IT
    seen = set(pictured.tolist())
    why: dict[int, tuple[Why, ...]] = {}
    for row in reader.rows(_Row, _ROWS, (as_json(assets),)):
        words = [Why(why.kind, row.document or why.text) if why.kind == "document" else why for why in found.get(row.asset_id, [])]
        looks = asked and row.sentence and not any(reason.kind in ("caption", "description") for reason in words)
        resembles = [Why("looks", row.sentence[:LONGEST])] if looks and row.sentence else []
        if row.asset_id in seen:
            resembles = [Why("looks", alike)]
        who = _who(query, persons.get(row.asset_id, ()))
        why[row.asset_id] = (*who, *words, *resembles, *_filters(query, row))
    return why


def _who(query: Query, persons: Sequence[str]) -> list[Why]:
    names = {chip.token: chip.label.removeprefix("or ").rstrip("?") for chip in query.chips if chip.kind == "who"}
    asked = [person for group in query.persons for person in group if person in persons]
    who = [Why("who", ", ".join(names[token(person)] for person in asked if token(person) in names))] if asked else []
    return [*who, Why("who", NO_FACE)] if query.faceless else who


_ROWS = f"""
SELECT asset.id, asset.capture_time, concat_ws(', ', asset.town, asset.region, asset.country), asset.camera_model, asset.kind,
  (SELECT kind FROM document WHERE document.asset_id = asset.id),
  coalesce(asset.description, {SHOWN_CAPTION})
FROM asset WHERE asset.id IN (SELECT value FROM json_each(?))
"""


def _words_found(reader: Reader, query: Query, assets: Sequence[int]) -> dict[int, list[Why]]:
    """Ask FTS5 itself which word stands in which column, so that a reason is never one that the search didn't have."""
    phrases = [phrase for phrase in query.phrases if words_of(phrase)]
    typed = [*content_words(query.text), *phrases]
    asked = list(dict.fromkeys(other for word in typed for other in in_other_languages(word)))
    page = np.array(assets, np.int64)
    holding = _holding(reader, asked, page)
    for phrase in phrases if query.text_in_picture else ():
        holding[phrase, "text"] = _of_page(reader, read_in_picture(phrase), page)
    found: dict[int, list[Why]] = {asset_id: [] for asset_id in page.tolist()}
    for asset_id, why in found.items():
        for column, kind in KIND_OF_COLUMN.items():
            if words := [word for word in asked if asset_id in holding[word, column]]:
                why.append(Why(kind, ", ".join(words)))
    told = {word: set().union(*(holding[word, column] for column in KIND_OF_COLUMN)) for word in typed}
    _add_similar(reader, told, page, found)
    return found


def _holding(reader: Reader, asked: Sequence[str], page: Ids) -> dict[tuple[str, str], set[int]]:
    """For each word and column, which of `page` hold it there: all of it by one question, however many the columns."""
    holding: dict[tuple[str, str], set[int]] = {(word, column): set() for word in asked for column in KIND_OF_COLUMN}
    columns = list(KIND_OF_COLUMN)
    for asset_id, standing in reader.all(_STANDING, (" OR ".join(map(quoted, asked)), as_json(page.tolist()))) if asked else ():
        for word, numbers in zip(asked, standing.split(";"), strict=True):
            for number in filter(None, numbers.split(",")):
                holding[word, columns[int(number)]].add(asset_id)
    return holding


# The plus keeps FTS5 from looking for one id after the other, which takes longer than to pass over those that aren't on the page.
_STANDING = """
SELECT rowid, standing(words) FROM words WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"""


def _of_page(reader: Reader, expression: str, page: Ids) -> set[int]:
    holding = ids_of(reader, "SELECT group_concat(rowid) FROM words WHERE words MATCH ?", (expression,))
    return set(page[member(page, holding)].tolist())


def _add_similar(reader: Reader, told: dict[str, set[int]], page: Ids, found: dict[int, list[Why]]) -> None:
    """Say of the words that stand nowhere in an asset whether its picture holds what looks like them."""
    for word, holding in told.items():
        if holding.issuperset(page.tolist()) or (expression := looks_like(as_read(reader, word))) is None:
            continue
        for asset_id in page[member(page, similar(reader, expression))].tolist():
            if asset_id not in holding:
                found[asset_id].append(Why("similar", word))


def _filters(query: Query, row: _Row) -> list[Why]:
    why: list[Why] = []
    if query.dates or query.months or query.month_days or query.weekdays or query.hours:
        why.append(Why("date", row.capture_time[:16].replace("T", " ") if query.hours else row.capture_time[:10]))
    if query.places:
        why.append(Why("place", row.place))
    if query.cameras and row.camera:
        why.append(Why("camera", row.camera))
    if query.kind:
        why.append(Why("kind", row.kind))
    return why
