"""Places in a sentence: “in Rome”, “from the Côte d'Azur”, “outside Italy”, “within 20 km of Zurich”, “Portland, Oregon”."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from appliance.search import areas
from appliance.search import place_words as table
from appliance.search.filters import PlaceFilter
from appliance.search.glue import GLUE, PHOTOS
from appliance.search.kind_words import GOES_ON
from appliance.search.kinds import excluded_from
from appliance.search.reading import Reading
from appliance.search.sentence import TAKEN, fold
from appliance.search.vocabulary import NamedPlace, Vocabulary

MOST_LOOKUPS = 60
TOWN_SHARE = 0.15
Position = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a place at a word: a preposition before it, an article between, a capital that isn't the sentence's first.

    `weak` is “de” or “von”, which stand before persons as well; `of_photos` is that right after “photos”."""

    cue: bool
    weak: bool
    of_photos: bool
    strong: bool
    article: bool
    capital: bool
    first: bool


def recognise(reading: Reading) -> None:
    """Take places of several words, then of one; what is excluded goes to `not_places`."""
    last = 0
    for index in range(len(reading.words)):
        if index < last or not reading.at(index) or not reading.at(index)[0].isalpha():
            continue
        if (found := _longest(reading, index)) is not None:
            last = found[0]
            _keep(reading, index, found[0], as_filter(found[1]), _position(found[1]))
    _drop_what_holds_another(reading)


def recognise_areas(reading: Reading) -> None:
    """Take islands, mountains, sights and continents before cameras and dates are looked for: “Black Forest”, “Easter Island”."""
    for index in range(len(reading.words)):
        hit = areas.called(reading.folded, index)
        if hit is None or (hit[1].is_sight and _may_be_printed(reading, index)):
            continue  # “the sign to the Louvre”
        if _is_meant_as_area(reading, index, hit[0]) and not _is_in_a_country(reading, index, hit[0]):
            _keep(reading, index, hit[0], PlaceFilter(hit[1].name, area=hit[1].name), hit[1].centre())


def _is_in_a_country(reading: Reading, first: int, end: int) -> bool:
    """“South Africa” is no Africa, nor is “Afrique du Sud”."""
    if end + 1 < len(reading.words) and reading.at(end) in table.OF:
        return any(match.kind == "country" for match in _called(reading, reading.text(first, end + 2)))
    if first == 0 or not reading.at(first - 1).isalpha() or reading.at(first - 1) in GLUE:
        return False
    return any(match.kind == "country" for match in _called(reading, reading.text(first - 1, end)))


def _is_meant_as_area(reading: Reading, first: int, end: int) -> bool:
    """“In Java”, “Java”, but not “java code”, “Petra am Strand”; “the White House”, but not “a white house”."""
    capitals = reading.words[first].capital and reading.words[end - 1].capital
    if table.AREA_IN_CAPITALS.at(reading.folded, first) is not None:
        return capitals
    if end - first > 1 or reading.at(first) not in table.AREA_OR_WORD:
        return True
    evidence = _evidence(reading, first)
    return evidence.strong or (capitals and not evidence.first)


def recognise_long(reading: Reading) -> None:
    """Take places of several words before dates are looked for: “Santa Monica”, “San Sebastián”."""
    for index in range(len(reading.words)):
        if reading.at(index) and reading.words[index].capital and (found := _longest(reading, index, shortest=2)) is not None:
            _keep(reading, index, found[0], as_filter(found[1]), _position(found[1]))


def _longest(reading: Reading, first: int, shortest: int = 1) -> tuple[int, NamedPlace] | None:
    """Return (end, place) of the longest name at `first` that is meant as a place."""
    evidence = _evidence(reading, first)
    if reading.at(first) in GLUE and not (reading.words[first].capital and reading.at(first + 1)):
        if reading.at(first) not in table.BEGINS_A_NAME or reading.at(first + 1) in GLUE:
            return None
        shortest = max(shortest, 2)  # “los angeles”, “la paz”
    for end in range(min(first + table.LONGEST_NAME, len(reading.words)), first + shortest - 1, -1):
        if TAKEN in reading.folded[first:end] or not reading.at(end - 1)[0].isalpha():
            continue
        if end - first > 1 and not _could_be_a_name(reading, first, end):
            continue
        matches = _called(reading, reading.text(first, end))
        chosen = _choose(reading, matches, first, end, evidence)
        if chosen is not None:
            return end, chosen
    return None


def _called(reading: Reading, name: str) -> Sequence[NamedPlace]:
    """Ask the gazetteer, until so many names were asked for that this is no sentence but a page of names."""
    reading.lookups += 1
    name = reading.misspelt.get(fold(name), name)
    name = table.SHORT_NAMES.get(fold(name), name)
    return reading.vocabulary.gazetteer.find(name) if reading.lookups <= MOST_LOOKUPS else ()


def _could_be_a_name(reading: Reading, first: int, end: int) -> bool:
    """Several words are looked up only when no mark but a hyphen parts them, and most begin alike."""
    inner = [reading.at(index) for index in range(first, end)]
    if any(not (word.isalpha() or word in {"-", "."}) for word in inner) or inner[-1] in GLUE:
        return False
    return reading.words[first].capital == reading.words[end - 1].capital


def _evidence(reading: Reading, first: int) -> Evidence:
    before = first - 1
    article = reading.at(before) in table.ARTICLES and bool(reading.at(before))
    before -= article
    cue = reading.at(before) if before >= 0 else TAKEN
    goes_on = before > 0 and cue in GOES_ON and bool(cue) and not reading.at(before - 1) and bool(reading.places)
    return Evidence(
        cue=goes_on or (bool(cue) and cue in table.CUES and cue not in table.WEAK_CUES),
        weak=bool(cue) and cue in table.WEAK_CUES,
        of_photos=bool(cue) and (cue == "of" or cue in table.OF) and before > 0 and reading.words[before - 1].folded in PHOTOS,
        strong=(bool(cue) and cue in table.STRONG_CUES) or _distance_before(reading, first - article) is not None,
        article=article and cue not in {"en", "à"},
        capital=reading.words[first].capital,
        first=not any(word.capital or word.folded for word in reading.words[:first]),
    )


def _choose(reading: Reading, matches: Sequence[NamedPlace], first: int, end: int, evidence: Evidence) -> NamedPlace | None:
    """Return the match that is meant: one in the library before others, then the most populous; None when no place is meant."""
    known = [match for match in matches if is_known(reading.vocabulary, match)]
    best = _largest(known or matches)
    if best is None or (best.kind == "country" and end - first == 1 and _is_adjective(reading, reading.at(first), best)):
        return None
    if _is_printed(reading, best, first, end, known=bool(known)):
        return None
    return best if _is_meant(reading, best, first, end, evidence, bool(known)) else None


def _is_printed(reading: Reading, match: NamedPlace, first: int, end: int, *, known: bool) -> bool:
    """“The receipt from Café Blum”, “whiteboard with Gothenburg”: a name that stands on a document, though it is a place's too.

    A place that the library has photos from, or a country, is one unless it is a part of a longer name."""
    if not _may_be_printed(reading, first):
        return False
    return (not known and match.kind != "country") or (reading.words[first].capital and _is_part_of_a_name(reading, first, end))


def _may_be_printed(reading: Reading, first: int) -> bool:
    """The sentence is about a document, and does not go on with where that was photographed (“receipts in Rome”)."""
    before = first - 1 - (reading.at(first - 1) in table.ARTICLES and bool(reading.at(first - 1)))
    said_where = bool(reading.at(before)) and reading.at(before) in table.WHERE_A_DOCUMENT_IS
    return not said_where and any(word.folded in table.DOCUMENTS for word in reading.words)


def _largest(matches: Sequence[NamedPlace]) -> NamedPlace | None:
    """Return the most populous by its own name; a town before its region when much of the region lives there (“Berlin”); and a
    region before the country that some call by its name (“England”)."""
    best = max(matches, key=lambda match: (match.own_name or match.kind != "town", match.population), default=None)
    if best is not None and best.kind == "country" and not best.own_name:
        parts = (match for match in matches if match.kind == "region" and match.country_code == best.country_code)
        return next(parts, best)  # “England”
    if best is None or best.kind != "region":
        return best
    towns = (match for match in matches if match.kind == "town" and match.own_name and match.country_code == best.country_code)
    town = max(towns, key=lambda match: match.population, default=best)
    return town if town.population >= TOWN_SHARE * best.population else best


def _is_adjective(reading: Reading, word: str, country: NamedPlace) -> bool:
    """“Italian” is found as “Italia” with an ending; “Japan”, which ends so itself, is not found without its last letter."""
    stem = reading.vocabulary.gazetteer.find(word[:-1]) if word.endswith("an") else ()
    return any(match.kind == "country" and match.country_code == country.country_code for match in stem)


def _is_meant(reading: Reading, match: NamedPlace, first: int, end: int, evidence: Evidence, known: bool) -> bool:
    word, one_word = reading.at(first), end - first == 1
    if word in table.NEVER:
        return False
    if one_word and word in table.WORDS_TOO:
        return _is_meant_besides(reading, match, first, evidence, known=known)
    if one_word and word in table.SHORT_NAMES:
        return known or evidence.capital or evidence.strong
    broad = match.kind != "town"
    if not evidence.capital:
        alone = known and one_word and _stands_alone(reading, first, end) and word not in table.NEVER_IN_LOWER_CASE
        return alone or _is_meant_in_lower_case(match, word, evidence, known=known, one_word=one_word)
    if evidence.cue and not evidence.article:
        return known or broad or match.population >= table.PEOPLE_AFTER_A_CUE
    if match.kind == "town" and not match.own_name and len(word) < table.SHORTEST_OTHER_NAME:
        return False
    enough = table.PEOPLE_WITH_A_CAPITAL if match.own_name else table.PEOPLE_BY_ANOTHER_NAME
    return known or broad or (match.population >= enough and not _is_part_of_a_name(reading, first, end))


def _is_meant_besides(reading: Reading, match: NamedPlace, first: int, evidence: Evidence, *, known: bool) -> bool:
    """Say whether a word that means something else as well, as “nice” does, is meant as a place."""
    end = first + 1
    if not evidence.capital and reading.at(first) in table.NEVER_IN_LOWER_CASE:
        return False
    if evidence.capital and known:
        return not evidence.first or evidence.strong or reading.at(end) in table.ENDS_A_PLACE
    alone = _stands_alone(reading, first, end) and (match.kind == "country" or reading.at(end) == ",")
    if known and not evidence.article and (evidence.of_photos or alone):
        return True
    return evidence.strong and not evidence.article


def _stands_alone(reading: Reading, first: int, end: int) -> bool:
    """“china 2019”, “jordan, only videos”: no other free word stands beside it."""
    return not reading.at(first - 1) and (not reading.at(end) or reading.at(end) in table.ENDS_A_PLACE)


def _is_part_of_a_name(reading: Reading, first: int, end: int) -> bool:
    """“Mount Fuji”, “Paris Hilton”: another free word with a capital stands right beside, and no preposition before."""
    beside = [index for index in (first - 1, end) if reading.at(index).isalpha() and reading.words[index].capital]
    return any(reading.at(index) not in GLUE for index in beside)


def _is_meant_in_lower_case(match: NamedPlace, word: str, evidence: Evidence, *, known: bool, one_word: bool) -> bool:
    if word in table.NEVER_IN_LOWER_CASE and one_word:
        return False
    if match.kind == "country":
        return len(word) > 3 or evidence.cue or (known and len(word) > 2)
    if evidence.article and match.kind == "town":
        return False
    if evidence.strong:
        enough = table.PEOPLE_IN_LOWER_CASE_AFTER_A_CUE if match.own_name else table.PEOPLE_BY_ANOTHER_NAME
        return (known and len(word) > 3) or match.population >= enough
    if (
        evidence.of_photos
        and evidence.weak
        and match.population >= table.PEOPLE_AFTER_PHOTOS_OF
        and len(word) >= table.SHORTEST_OTHER_NAME
    ):
        return True
    if match.kind == "region" and match.population >= table.PEOPLE_IN_LOWER_CASE and len(word) >= table.LONG_NAME:
        return True
    if known and not match.own_name and (evidence.weak or evidence.cue or len(word) >= table.LONG_NAME):
        return len(word) > 3
    return (known and match.own_name and len(word) > 3) or (
        match.own_name and match.population >= (table.PEOPLE_IN_LOWER_CASE if one_word else table.PEOPLE_WITH_SEVERAL_WORDS)
    )


def is_known(vocabulary: Vocabulary, match: NamedPlace) -> bool:
    """Say whether the library has photos from there."""
    if match.kind == "country":
        return match.country_code in vocabulary.countries
    return (match.country_code, match.name) in (vocabulary.regions if match.kind == "region" else vocabulary.towns)


def as_filter(match: NamedPlace) -> PlaceFilter:
    if match.kind == "country":
        return PlaceFilter(match.name, country=match.country_code)
    if match.kind == "region":
        return PlaceFilter(match.name, country=match.country_code, region=match.name)
    return PlaceFilter(match.name, country=match.country_code, region=match.region, town=match.name)


def _position(match: NamedPlace) -> Position | None:
    return None if match.latitude is None or match.longitude is None else (match.latitude, match.longitude)


def _keep(reading: Reading, first: int, end: int, place: PlaceFilter, position: Position | None) -> None:
    """File the place where the words before it say: excluded, within a distance, near, or simply there."""
    start = _sort_before(reading, first - (reading.at(first - 1) in table.ARTICLES and bool(reading.at(first - 1))))
    end += reading.at(end) in table.SORTS_OF_PLACE and (not reading.at(end + 1).isalpha() or reading.at(end + 1) in GLUE)
    if (within := _distance_before(reading, start)) is not None:
        place = _circle(place, position, within[1])
        start = within[0]
    elif (excluded := _outside_before(reading, start)) is not None:
        reading.not_places.append(place)
        reading.take(excluded, end)
        reading.excluded_to = end
        return
    elif (near := _near_before(reading, start)) is not None:
        place = _circle(place, position, table.NEAR_KM) if place.town else place
        start = near
    if place not in reading.places:
        reading.places.append(place)
    reading.take(start, end)


def _sort_before(reading: Reading, first: int) -> int:
    """Return where “the city of”, “die Insel”, “our home town” starts that ends right before `first`; `first` when none does."""
    noun = first - 1 - (reading.at(first - 1) in table.OF_A_SORT and bool(reading.at(first - 1)))
    if noun < 0 or not reading.at(noun) or reading.at(noun) not in table.SORTS_OF_PLACE:
        return first
    while reading.at(noun - 1) and reading.at(noun - 1) in table.BEFORE_A_SORT | table.ARTICLES:
        noun -= 1
    return noun


def _circle(place: PlaceFilter, position: Position | None, kilometres: float) -> PlaceFilter:
    """Return what lies within a distance of a place; the place alone when its position isn't known."""
    if position is None:
        return place
    return PlaceFilter(
        f"within {kilometres:g} km of {place.label}", latitude=position[0], longitude=position[1], radius_km=kilometres
    )


def _distance_before(reading: Reading, first: int) -> tuple[int, float] | None:
    """Return (start, kilometres) of “within 20 km of” that ends right before `first`."""
    index = first
    while reading.at(index - 1) in table.OF_A_CENTRE and reading.at(index - 1):
        index -= 1
    kilometres = table.KILOMETRES.get(reading.at(index - 1))
    number = reading.number_at(index - 2)
    if kilometres is None or not number or index == first:
        return None
    start = index - 2
    for back in range(1, 5):
        if start - back >= 0 and table.WITHIN.end_at(reading.folded, start - back) == start:
            return start - back, number * kilometres
    return start, number * kilometres


def _outside_before(reading: Reading, first: int) -> int | None:
    """Return where “not from”, “outside”, “hors de” starts, if it ends right before `first`."""
    for start in range(max(first - 5, 0), first):
        if table.OUTSIDE.end_at(reading.folded, start) == first:
            return start
    return excluded_from(reading, first, table.CUES | table.TAKEN_THERE | PHOTOS | {"of"})


def _near_before(reading: Reading, first: int) -> int | None:
    for start in range(max(first - 5, 0), first):
        if table.NEAR.end_at(reading.folded, start) == first:
            return start
    return None


def _drop_what_holds_another(reading: Reading) -> None:
    """“Rome, Italy”, “Italy … in Rome” mean Rome; “Portland, Oregon” the Portland of Oregon; “the Alps in Austria” that part."""
    broad = [place for place in reading.places if place.town is None and place.radius_km is None]
    for holder in sorted(broad, key=lambda place: place.area is not None):
        others = [place for place in reading.places if place is not holder and (place.town or place.region != holder.region)]
        inner = [_inside(reading, place, holder) for place in others]
        if any(inner):
            changed = {id(place): new for place, new in zip(others, inner, strict=True) if new}
            reading.places = [changed.get(id(place), place) for place in reading.places if place is not holder]


def _inside(reading: Reading, place: PlaceFilter, holder: PlaceFilter) -> PlaceFilter | None:
    """Return `place` as it lies in `holder`: itself, or another of the same name; None when there is none."""
    if holder.area is not None:
        return place if _lies_in_area(reading, place, holder) else None
    if place.area is not None:
        part = holder.region is None and holder.country in areas.named(place.area).countries
        return replace(place, country=holder.country, label=f"{place.area}, {holder.label}") if part else None
    if place.radius_km is not None or (place.town is None and holder.region is not None):
        return None
    if _holds(holder, place.country, place.region):
        return place
    matches = reading.vocabulary.gazetteer.find(place.label) if place.town else ()
    return next(
        (as_filter(match) for match in matches if match.kind == "town" and _holds(holder, match.country_code, match.region)), None
    )


def _lies_in_area(reading: Reading, place: PlaceFilter, holder: PlaceFilter) -> bool:
    """Say whether a town lies on an island, in mountains; or a country on a continent."""
    if place.area is not None or place.radius_km is not None or holder.area is None:
        return False
    area = areas.named(holder.area)
    if place.town is None:
        return not area.rectangles and place.country in area.countries
    same = (match for match in reading.vocabulary.gazetteer.find(place.town) if as_filter(match) == place)
    return any(area.holds(match.country_code, match.latitude, match.longitude) for match in same)


def _holds(holder: PlaceFilter, country: str | None, region: str | None) -> bool:
    return holder.country == country and holder.region in (None, region)
