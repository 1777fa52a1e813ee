"""A Query as chips that a person can read and remove. Everything is made from the filters alone, so that a chip never lies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from appliance.search import persons
from appliance.search.filters import Chip, DateRange, PlaceFilter, Query
from appliance.search.spans import MONTH_NAMES, WEEKDAY_NAMES
from appliance.search.vocabulary import Person

HOUR_NAMES = {(5, 12): "Morning", (11, 14): "Midday", (12, 17): "Afternoon", (17, 22): "Evening", (21, 5): "Night"}
SCREENSHOT = {True: "Screenshots", False: "No screenshots"}
FAVOURITE = {True: "Favourites", False: "No favourites"}
KIND = {"photo": "Photos", "video": "Videos"}
FRAME = {"panorama": "Panoramas", "upright": "Upright", "wide": "Wide", "square": "Square"}
NO_FACE = "No face found"
NOBODY: Mapping[str, str] = {}
SORT = {"newest": "Newest first", "oldest": "Oldest first"}


SOMEONE = "someone"


def with_chips(
    query: Query, camera_labels: Mapping[str, str], album_titles: Mapping[int, str] | None = None, names: Mapping[str, str] = NOBODY
) -> Query:
    """Return `query` with the chips of its filters; cameras get their full names, albums their titles, persons their names, as far
    as these are known now."""
    gathered = _camera_and_album_chips(query, camera_labels, album_titles or {})
    like = (_like_chip(asset) for asset in query.like)
    every = (
        _person_chips(query, names),
        like,
        _only_chips(query),
        _time_chips(query),
        _place_chips(query),
        gathered,
        _other_chips(query),
    )
    return replace(query, chips=tuple(chip for chips in every for chip in chips))


def resembling(query: Query, assets: tuple[int, ...], without: frozenset[str] = frozenset()) -> Query:
    """Return `query` asking for what is like `assets` too, and their chips; those whose token is in `without` are left out."""
    wanted = tuple(asset for asset in dict.fromkeys((*query.like, *assets)) if like_token(asset) not in without)
    others = (chip for chip in query.chips if chip.kind != "like")
    return replace(query, like=wanted, chips=(*map(_like_chip, wanted), *others))


def removed(query: Query, tokens: frozenset[str]) -> Query:
    """Return `query` without the filters whose chips have one of `tokens`."""
    if not tokens:
        return query
    changes: dict[str, object] = {}
    for name, token_of in _TOKENS.items():
        values = getattr(query, name)
        kept = tuple(value for value in values if token_of(value) not in tokens)
        if kept != values:
            changes[name] = kept
    for name, plain in _PLAIN.items():
        if f"{name}:{_short(getattr(query, name))}" in tokens:
            changes[name] = plain
    return _without_persons(replace(query, **changes), tokens)  # type: ignore[arg-type]


def labels_of(persons: Sequence[Person]) -> dict[str, str]:
    """Return each person's name by id; of those who are called the same also the year of birth, or which one it is."""
    found: dict[str, str] = {}
    for person in persons:
        same = [one for one in persons if one.name == person.name]
        which = f"born {person.born.year}" if person.born else f"{same.index(person) + 1} of {len(same)}"
        found[person.id] = person.name if len(same) == 1 else f"{person.name} ({which})"
    return found


def _person_chips(query: Query, names: Mapping[str, str]) -> Iterator[Chip]:
    for group in query.persons:
        for number, person in enumerate(group):
            mark = "?" if len(group) > 1 and person in query.unsettled else ""
            joined = "or " if number and not mark else ""
            yield Chip("who", f"{joined}{names.get(person, SOMEONE)}{mark}", persons.token(person))
    for person in query.not_persons:
        yield Chip("who", f"Without {names.get(person, SOMEONE)}", f"not_{persons.token(person)}")
    if query.faceless:
        yield Chip("who", NO_FACE, persons.FACELESS)


def _without_persons(query: Query, tokens: frozenset[str]) -> Query:
    groups = (tuple(one for one in group if persons.token(one) not in tokens) for group in query.persons)
    left_out = tuple(one for one in query.not_persons if f"not_{persons.token(one)}" not in tokens)
    faceless = query.faceless and persons.FACELESS not in tokens
    return replace(query, persons=tuple(filter(None, groups)), not_persons=left_out, faceless=faceless)


def _only_chips(query: Query) -> Iterator[Chip]:
    if query.only:
        label = "Only this one" if len(query.only) == 1 else f"Only these {len(query.only)}"
        yield Chip("only", label, f"only:{_short(query.only)}")


def _time_chips(query: Query) -> Iterator[Chip]:
    for span in query.dates:
        yield Chip("date", span.label, date_token(span))
    for span in query.not_dates:
        yield Chip("date", f"Not {span.label}", "not_" + date_token(span))
    if query.months:
        yield Chip("date", _months_label(query.months), f"months:{_short(query.months)}")
    if query.not_months:
        yield Chip("date", f"Not {_months_label(query.not_months)}", f"not_months:{_short(query.not_months)}")
    if query.month_days:
        yield Chip("date", _month_days_label(query.month_days), f"month_days:{_short(query.month_days)}")
    if query.not_month_days:
        yield Chip("date", f"Not {_month_days_label(query.not_month_days)}", f"not_month_days:{_short(query.not_month_days)}")
    if query.weekdays:
        names = "Weekends" if query.weekdays == (5, 6) else ", ".join(f"{WEEKDAY_NAMES[day]}s" for day in query.weekdays)
        yield Chip("date", names, f"weekdays:{_short(query.weekdays)}")
    if query.hours:
        hours = HOUR_NAMES.get(query.hours, "From")
        yield Chip("date", f"{hours} {query.hours[0]}:00–{query.hours[1]}:00", f"hours:{_short(query.hours)}")


def _place_chips(query: Query) -> Iterator[Chip]:
    for place in query.places:
        yield Chip("place", place.label, place_token(place))
    for place in query.not_places:
        yield Chip("place", f"Not {place.label}", "not_" + place_token(place))


def _camera_and_album_chips(query: Query, cameras: Mapping[str, str], titles: Mapping[int, str]) -> Iterator[Chip]:
    for model in query.cameras:
        yield Chip("camera", f"Camera: {cameras.get(model, model)}", _camera_token(model))
    for model in query.not_cameras:
        yield Chip("camera", f"Not camera: {cameras.get(model, model)}", _not_camera_token(model))
    for album in query.albums:
        yield Chip("album", f"Album: {titles.get(album, album)}", _album_token(album))
    for album in query.not_albums:
        yield Chip("album", f"Not in album: {titles.get(album, album)}", _not_album_token(album))
    for tag in query.tags:
        yield Chip("tag", f"Tag: {tag}", _tag_token(tag))
    for tag in query.not_tags:
        yield Chip("tag", f"Not tagged: {tag}", _not_tag_token(tag))


def _other_chips(query: Query) -> Iterator[Chip]:
    if query.kind:
        yield Chip("kind", KIND[query.kind], f"kind:{query.kind}")
    if query.screenshot is not None:
        yield Chip("kind", SCREENSHOT[query.screenshot], f"screenshot:{_short(query.screenshot)}")
    yield from _format_chips(query)
    if query.favourite is not None:
        yield Chip("kind", FAVOURITE[query.favourite], f"favourite:{_short(query.favourite)}")
    for phrase in query.phrases:
        where = "In the picture: " if query.text_in_picture else ""
        yield Chip("words", f"{where}“{phrase}”", f"phrase:{phrase}")
    for word in query.not_words:
        yield Chip("words", f"Without {word}", f"not_word:{word}")
    if query.sort != "relevance":
        yield Chip("order", SORT[query.sort], f"sort:{query.sort}")
    if query.limit is not None:
        yield Chip("order", f"{query.limit} at most", f"limit:{query.limit}")


def _format_chips(query: Query) -> Iterator[Chip]:
    if query.formats:
        yield Chip("kind", _formats_label(query.formats), f"formats:{_short(query.formats)}")
    if query.not_formats:
        yield Chip("kind", f"No {_formats_label(query.not_formats)}", f"not_formats:{_short(query.not_formats)}")
    if query.frames:
        yield Chip("kind", _frames_label(query.frames), f"frames:{_short(query.frames)}")
    if query.not_frames:
        yield Chip("kind", f"No {_frames_label(query.not_frames)}", f"not_frames:{_short(query.not_frames)}")


def token(field: str, value: object) -> str:
    """Return the token of the chip of one `value` of a Query's `field` that may hold several."""
    return _TOKENS[field](value)


def date_token(span: DateRange) -> str:
    return f"date:{span.first.isoformat()}..{span.last.isoformat()}"


def place_token(place: PlaceFilter) -> str:
    if place.radius_km is not None:
        return f"place:{place.latitude:.3f},{place.longitude:.3f},{place.radius_km:g}"
    return "place:" + "/".join(part for part in (place.area, place.country, place.region, place.town) if part)


def _not_place_token(place: PlaceFilter) -> str:
    return "not_" + place_token(place)


def _not_date_token(span: DateRange) -> str:
    return "not_" + date_token(span)


def _like_chip(asset: int) -> Chip:
    return Chip("like", f"Like photo {asset}", like_token(asset))


def like_token(asset: int) -> str:
    return f"like:{asset}"


def _camera_token(model: str) -> str:
    return f"camera:{model}"


def _not_camera_token(model: str) -> str:
    return f"not_camera:{model}"


def _album_token(album: int) -> str:
    return f"album:{album}"


def _not_album_token(album: int) -> str:
    return f"not_album:{album}"


def _tag_token(tag: str) -> str:
    return f"tag:{tag}"


def _not_tag_token(tag: str) -> str:
    return f"not_tag:{tag}"


def _phrase_token(phrase: str) -> str:
    return f"phrase:{phrase}"


def _not_word_token(word: str) -> str:
    return f"not_word:{word}"


_TOKENS: dict[str, Callable[[Any], str]] = {
    "like": like_token,
    "dates": date_token,
    "not_dates": _not_date_token,
    "places": place_token,
    "not_places": _not_place_token,
    "cameras": _camera_token,
    "not_cameras": _not_camera_token,
    "albums": _album_token,
    "not_albums": _not_album_token,
    "tags": _tag_token,
    "not_tags": _not_tag_token,
    "phrases": _phrase_token,
    "not_words": _not_word_token,
}
# Fields that are removed as a whole, and what is left then.
_PLAIN: dict[str, object] = {
    "months": (), "not_months": (), "month_days": (), "not_month_days": (), "weekdays": (), "hours": None, "kind": None,
    "screenshot": None, "formats": (), "not_formats": (), "frames": (), "not_frames": (),
    "favourite": None, "only": (), "sort": "relevance", "limit": None,
}  # fmt: skip


def _short(value: object) -> str:
    """Return a filter's value as it stands in a token."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _formats_label(formats: tuple[str, ...]) -> str:
    return "/".join(name.upper() for name in formats)


def _frames_label(frames: tuple[str, ...]) -> str:
    return "/".join(FRAME[frame] for frame in frames)


def _months_label(months: tuple[int, ...]) -> str:
    if len(months) > 1 and all((one % 12) + 1 == following for one, following in pairwise(months)):
        return f"{MONTH_NAMES[months[0] - 1]}–{MONTH_NAMES[months[-1] - 1]} of any year"
    return ", ".join(MONTH_NAMES[month - 1] for month in months) + " of any year"


def _month_days_label(days: tuple[str, ...]) -> str:
    names = [f"{int(day[3:])} {MONTH_NAMES[int(day[:2]) - 1]}" for day in days]
    return (names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}") + " of any year"
