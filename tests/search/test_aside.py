"""Words of a question that are left aside beside a filter, because nobody can see them; and those that never are."""

from dataclasses import replace

import pytest

from appliance.search.query import Query, parse
from appliance.search.visible import visible_by
from tests.search.shelf import embedder
from tests.search.world import TODAY, library


def asked(sentence: str, *, prior: Query | None = None) -> Query:
    return parse(sentence, today=TODAY, vocabulary=library(), prior=prior)


@pytest.mark.parametrize(
    ("sentence", "aside"),
    [
        ("Could you unearth the photos from 2019?", "unearth"),
        ("Whip up all my pictures from Rome", "Whip"),
        ("everything we hoarded in Lisbon", "hoarded"),
        ("photos that were chronicled in 2018", "chronicled"),
        ("pictures preserved from 2012", "preserved"),
        ("everything we shot while walking around Venice", "walking"),
        ("photos whose timestamp hovers around 2014", "hovers"),
        ("Krame mir die Bilder hervor, die wir 2019 in Rom ergattert haben", "hervor, ergattert"),
        ("photos from our sabbatical in Bergen", "sabbatical"),
        ("taken on my wife's Pixel 6", "wife"),
        ("anywhere in Norway, any city", "city"),
        ("I need the images from July 2021 for a photo book", "book"),
        ("photos from May 2024 and show them in a grid", "grid"),
        ("a collage of pictures from Bergen", "collage"),
        ("what I saw in downtown London", "downtown"),
        ("We were just talking about our trip. Find the photos from Rome.", "talking"),
        ("Can you show me photos from Rome? Feeling a bit nostalgic today.", "Feeling a bit nostalgic today."),
    ],
)
def test_what_only_asks_or_tells_of_the_day_is_left_aside_and_told(sentence: str, aside: str) -> None:
    query = asked(sentence)
    assert (query.text, query.aside) == ("", aside)
    assert query.chips


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("what we ate in Rome", "ate"),
        ("penguins in Kyoto", "penguins"),
        ("photos of a saxophone from 2019", "saxophone"),
        ("our trip to Wakanda last summer", "Wakanda"),
        ("did we see pelicans in Venice?", "pelicans"),
        ("pictures from 2019 which have stalactites in them", "stalactites"),
        ("show me goulash in Munich", "goulash"),
        ("pictures with Clara in London", "Clara"),
        ("rote Blumen im Sommer 2020", "rote Blumen"),
    ],
)
def test_what_can_be_seen_and_every_name_stays(sentence: str, text: str) -> None:
    query = asked(sentence)
    assert text in query.text
    assert not query.aside


@pytest.mark.parametrize("sentence", ["photos taken with yashica in 2019", "what did the Hasselblad take in Rome?"])
def test_a_camera_that_the_library_lacks_is_never_left_aside(sentence: str) -> None:
    query = asked(sentence)
    assert not query.aside
    assert query.text or query.cameras


def test_without_a_filter_nothing_is_left_aside() -> None:
    assert asked("could you unearth a rusty anchor") == Query(text="unearth a rusty anchor")


def test_what_the_question_before_left_aside_is_not_told_again() -> None:
    before = asked("Could you unearth the photos from 2019?")
    assert asked("only in Rome", prior=before).aside == ""


def test_without_the_search_model_where_a_word_stands_decides_alone() -> None:
    bare = replace(library(), visible=None)
    query = parse("everything we hoarded in Lisbon during our sabbatical", today=TODAY, vocabulary=bare)
    assert (query.text, query.aside) == ("", "hoarded, sabbatical")


def test_things_are_more_visible_than_words_for_photos() -> None:
    visible = visible_by(embedder())
    things, sayings = ["accordion", "snowplough", "trombone", "waterfall"], ["sabbatical", "timestamp", "retrieved", "itinerary"]
    assert min(map(visible, things)) > 0 > max(map(visible, sayings))
