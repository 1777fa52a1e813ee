"""From a position to a town, and from what people call a place to the place."""

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.adapters import place_towns, places_prepared
from appliance.adapters.place_names import fold
from appliance.adapters.places import TOWNS_FILE, Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.mark.parametrize(
    ("latitude", "longitude", "country", "region", "town"),
    [
        (43.46745, 11.88513, "IT", "Tuscany", "Arezzo"),
        (41.8902, 12.4922, "IT", "Lazio", "Rome"),
        (48.1374, 11.5755, "DE", "Bavaria", "Munich"),
        (48.8584, 2.2945, "FR", "Île-de-France", "Paris"),
        (40.7829, -73.9654, "US", "New York", "New York City"),
        (51.5007, -0.1246, "GB", "England", "London"),
        (-33.9249, 18.4241, "ZA", "Western Cape", "Cape Town"),
        (35.6586, 139.7454, "JP", "Tokyo", "Tokyo"),
        (-16.5, 179.999, "FJ", "Northern", None),
        (36.1, -112.1, "US", "Arizona", None),
        (47.4917, 11.0955, "DE", "Bavaria", "Garmisch-Partenkirchen"),
    ],
)
def test_a_position_has_a_country_a_region_and_a_town(
    gazetteer: Gazetteer, latitude: float, longitude: float, country: str, region: str, town: str | None
) -> None:
    place = gazetteer.nearest(latitude, longitude)
    assert place is not None
    assert (place.country_code, place.region) == (country, region)
    assert town in (None, place.town)


def test_a_village_nearby_wins_over_a_city_that_is_not_there(gazetteer: Gazetteer) -> None:
    beside_munich = gazetteer.nearest(48.1930, 11.6430)
    assert beside_munich is not None
    assert beside_munich.town == "Unterföhring"


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(0.0, -30.0), (-50.0, -130.0), (89.9, 0.0), (math.nan, 10.0), (10.0, math.inf)]
)
def test_far_out_there_is_no_place(gazetteer: Gazetteer, latitude: float, longitude: float) -> None:
    assert gazetteer.nearest(latitude, longitude) is None


def test_a_quarter_among_many_belongs_to_its_city(gazetteer: Gazetteer) -> None:
    for latitude, longitude, town in ((48.1112, 11.4700, "Munich"), (52.4927, 13.4234, "Berlin"), (35.6581, 139.7017, "Tokyo")):
        place = gazetteer.nearest(latitude, longitude)
        assert place is not None
        assert place.town == town


def test_many_may_ask_before_anything_is_read() -> None:
    unread = Gazetteer()
    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(lambda _: unread.nearest(43.46745, 11.88513), range(8)))
    assert [place.town for place in places if place] == ["Arezzo"]


def test_what_is_read_beforehand_is_what_is_read_later(gazetteer: Gazetteer) -> None:
    ready = Gazetteer()
    ready.load()
    assert ready.find("Florenz") == gazetteer.find("Florenz")
    assert ready.nearest(43.7696, 11.2558) == gazetteer.nearest(43.7696, 11.2558)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("places") / "places.npz"
    places_prepared.write(file)
    return file


def test_what_was_prepared_is_what_the_source_says(prepared: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "places.npz"
    for read in (place_towns.towns, place_towns.town_names):
        ready, source = read(TOWNS_FILE, prepared), read(TOWNS_FILE, nowhere)
        for name in type(source).__slots__:
            assert np.array_equal(getattr(ready, name), getattr(source, name)), name


def test_what_was_prepared_of_something_else_or_is_damaged_is_not_used(prepared: Path, tmp_path: Path) -> None:
    other = tmp_path / "cities.json"
    other.write_text('{"1": {"name": "Arezzo", "latitude": 43.5, "longitude": 11.9, "countrycode": "IT", "population": 9,'
                     ' "timezone": "Europe/Rome", "admin1code": "16", "alternatenames": []}}', encoding="utf-8")  # fmt: skip
    assert place_towns.towns(other, prepared).name(0) == "Arezzo"
    whole = prepared.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"PK" + whole[2:5000] + bytes(len(whole) - 5000)):
        file = tmp_path / "places.npz"
        file.write_bytes(damaged)
        assert place_towns.towns(other, file).name(0) == "Arezzo"


def test_no_two_names_of_towns_share_a_key() -> None:
    every = {fold(record.name) for block in place_towns.records(TOWNS_FILE, place_towns.NameRecord) for record in block}
    assert len({place_towns.key(name) for name in every}) == len(every) > 100_000


def test_the_date_line_separates_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.nearest(-16.78, 180.0) == gazetteer.nearest(-16.78, -180.0)


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=100, deadline=None)
def test_any_position_has_an_answer(gazetteer: Gazetteer, latitude: float, longitude: float) -> None:
    place = gazetteer.nearest(latitude, longitude)
    assert place is None or (gazetteer.country_names(place.country_code) and place.timezone)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *[(name, "DE") for name in ("Germany", "Deutschland", "Allemagne", "Alemania", "deutschlands", "GERMANY")],
        *[(name, "IT") for name in ("Italy", "Italien", "Italiens", "Italie", "Italia", "l'Italie")],
        *[
            (name, "US")
            for name in ("USA", "usa", "U.S.A.", "US", "United States", "the United States", "Vereinigte Staaten", "den USA")
        ],
        *[(name, "GB") for name in ("UK", "uk", "Great Britain", "England", "Großbritannien", "Grossbritannien", "Royaume-Uni")],
        *[(name, "NL") for name in ("Holland", "the Netherlands", "Niederlande", "den Niederlanden", "Pays-Bas", "Países Bajos")],
        *[(name, "CH") for name in ("Switzerland", "die Schweiz", "der Schweiz", "la Suisse", "Suiza")],
        *[(name, "TR") for name in ("Turkey", "Türkei", "Turkei", "Türkiye", "Turquie")],
        *[("Côte d’Ivoire", "CI"), ("cote d'ivoire", "CI"), ("Czech Republic", "CZ"), ("Tschechien", "CZ"), ("South Korea", "KR")],
        *[("Oesterreich", None), ("us", None), ("it", None), ("", None), ("Atlantis", None), ("Österreich", "AT"), ("Japón", "JP")],
    ],
)
def test_a_country_is_known_by_what_people_call_it(gazetteer: Gazetteer, name: str, code: str | None) -> None:
    assert gazetteer.country_code(name) == code


def test_a_country_has_its_names_in_english_its_own_and_the_asked_languages(gazetteer: Gazetteer) -> None:
    assert gazetteer.country_names("DE", ["fr", "es", "de"]) == ["Germany", "Deutschland", "Allemagne", "Alemania"]
    assert gazetteer.country_names("CH")[:4] == ["Switzerland", "Schweiz", "Suisse", "Svizzera"]
    assert gazetteer.country_names("XX", ["xx-not-a-language"]) == []
    assert gazetteer.country_names("IT", ["no such language!"])[0] == "Italy"


@pytest.mark.parametrize(
    ("name", "country", "own"),
    [
        *[(name, "IT", "Rome") for name in ("Rome", "Roma", "Rom", "ROM", "roma")],
        *[(name, "DE", "Munich") for name in ("Munich", "München", "Munchen", "Muenchen")],
        *[(name, "AT", "Vienna") for name in ("Vienna", "Wien", "Vienne", "Viena")],
        *[(name, "IT", "Florence") for name in ("Florence", "Florenz", "Firenze", "Florencia")],
        *[("Paris", "FR", "Paris"), ("Arezzo", "IT", "Arezzo"), ("Athen", "GR", "Athens"), ("Lissabon", "PT", "Lisbon")],
    ],
)
def test_a_town_is_found_by_any_of_its_names(gazetteer: Gazetteer, name: str, country: str, own: str) -> None:
    towns = [match for match in gazetteer.find(name) if match.kind == "town"]
    assert any((town.country_code, town.name) == (country, own) for town in towns[:3])


@pytest.mark.parametrize(
    ("name", "country", "own"),
    [
        *[(name, "IT", "Tuscany") for name in ("Tuscany", "Toskana", "Toscana", "Toscane")],
        *[
            ("Bayern", "DE", "Bavaria"),
            ("Schottland", "GB", "Scotland"),
            ("Kalifornien", "US", "California"),
            ("Bretagne", "FR", "Brittany"),
        ],
    ],
)
def test_a_region_is_found_by_its_names(gazetteer: Gazetteer, name: str, country: str, own: str) -> None:
    assert ("region", country, own) in [(match.kind, match.country_code, match.name) for match in gazetteer.find(name)]


def test_the_largest_of_several_comes_first(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("Paris")
    assert [match.population for match in found] == sorted((match.population for match in found), reverse=True)
    assert (found[0].country_code, found[0].region, found[0].own_name) == ("FR", "Île-de-France", True)


def test_a_country_is_found_as_a_country(gazetteer: Gazetteer) -> None:
    assert [(match.kind, match.name) for match in gazetteer.find("Italien")] == [("country", "Italy")]


def test_what_is_no_place_is_not_found(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("xyzzy") == gazetteer.find("") == gazetteer.find("🏖") == []


def test_where_a_photo_was_taken_can_be_asked_for_by_that_name(gazetteer: Gazetteer) -> None:
    place = gazetteer.nearest(43.7696, 11.2558)
    assert place is not None and place.town is not None and place.region is not None
    assert (place.country_code, place.town) in [(match.country_code, match.name) for match in gazetteer.find(place.town)]
    assert (place.country_code, place.region) in [(match.country_code, match.name) for match in gazetteer.find(place.region)]


@given(st.text(max_size=40))
@example("℠")
@settings(max_examples=200, deadline=None)
def test_any_text_may_be_asked_for(gazetteer: Gazetteer, text: str) -> None:
    assert fold(fold(text)) == fold(text)
    gazetteer.find(text)
