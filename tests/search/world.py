"""A small library's vocabulary over the real gazetteer, and the day on which the sentences of these tests are asked."""

from datetime import date
from functools import cache

from appliance.adapters.places import Gazetteer
from appliance.search.visible import visible_by
from appliance.search.vocabulary import Vocabulary, album, camera, words_of
from tests.search.shelf import embedder

TODAY = date(2026, 11, 22)  # a Sunday

CAMERAS = (
    ("NIKON", "COOLPIX P6000"),
    ("Canon", "Canon EOS 40D"),
    ("Apple", "iPhone 6"),
    ("Apple", "iPhone 6 Plus"),
    ("Google", "Pixel 6"),
    ("SONY", "DSC-RX100"),
)
TOWNS = (
    ("IT", "Rome"),
    ("FR", "Paris"),
    ("FR", "Nice"),
    ("CH", "Zürich"),
    ("NO", "Bergen"),
    ("PT", "Lisbon"),
    ("JP", "Kyoto"),
    ("IT", "Venice"),
    ("GB", "London"),
    ("DE", "Munich"),
)

ALBUMS = ((1, "Rome 2019"), (2, "Anna's wedding"), (3, "Summer holidays"))
TAGS = ("garden", "house plants", "Geburtstag")


@cache
def library() -> Vocabulary:
    return Vocabulary(
        Gazetteer(),
        tuple(camera(make, model) for make, model in CAMERAS),
        frozenset(country for country, _ in TOWNS),
        frozenset({("IT", "Tuscany"), ("IT", "Lazio")}),
        frozenset(TOWNS),
        tuple(album(number, title) for number, title in ALBUMS),
        {words_of(tag): tag for tag in TAGS},
        visible=visible_by(embedder()),
    )
