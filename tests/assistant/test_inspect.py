"""Inspections: candidates, counts, another person's eyes, and a table that no file name turns into a formula."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from appliance.accounts.viewer import Family, Viewer
from appliance.adapters.vision import VisionVerdict
from appliance.assistant import checks, inspect
from appliance.assistant.checks import question_for
from appliance.assistant.keeping import AS_ASKED
from appliance.errors import NotFound, WrongUsage
from appliance.search import index
from appliance.search.filters import Query
from appliance.search.matrix import Matrix
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, add_photo

YES, NO, UNSURE = VisionVerdict("yes", 0.9, 0.1), VisionVerdict("no", 0.1, 0.9), VisionVerdict("unsure", 0.5, 0.5)


def family(viewer: Viewer) -> Family:
    assert not hasattr(viewer, "share_id")
    return viewer


def begun(store: Store, viewer: Viewer, assets: Sequence[int], thing: str = "receipt") -> int:
    with store.write() as writer:
        return inspect.start(writer, family(viewer), f"find every {thing}", thing, assets, now=START, keeping=AS_ASKED)


def answered(store: Store, *verdicts: VisionVerdict) -> None:
    for verdict in verdicts:
        with store.write() as writer:
            check = checks.next_check(writer)
            assert check is not None
            checks.settle(writer, check, verdict, now=START)


def how(store: Store, viewer: Viewer, number: int) -> inspect.Inspection:
    with store.read() as reader:
        return inspect.get(reader, family(viewer), number, now=START)


def table(store: Store, viewer: Viewer, number: int) -> list[dict[str, Any]]:
    with store.read() as reader:
        return list(csv.DictReader(inspect.as_csv(inspect.findings(reader, family(viewer), number))))


def test_matches_come_first_and_then_everything_that_passes_the_filters(
    store: Store, layout: Layout, cast: dict[str, Viewer]
) -> None:
    first, second, hidden = (add_photo(store, layout, f"{n}.jpg", hidden=n == 2) for n in range(3))
    with store.write() as writer:
        writer.run("UPDATE asset SET description='a receipt' WHERE id=?", (second,))
        index.fold_pending(writer)
    with store.read() as reader:
        for name, expected in (("Olive", {first, second, hidden}), ("Kit", {first, second})):
            found = inspect.candidates(reader, family(cast[name]), Query(text="receipt"), embedder=None, matrix=Matrix("none"))
            assert found[0] == second
            assert set(found) == expected
        none = replace(Query(text="receipt"), months=(1,))
        assert inspect.candidates(reader, family(cast["Olive"]), none, embedder=None, matrix=Matrix("none")) == []


def test_there_are_never_too_many_candidates(
    store: Store, layout: Layout, cast: dict[str, Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        add_photo(store, layout, f"{number}.jpg")
    monkeypatch.setattr(inspect, "MOST_CANDIDATES", 3)
    with store.read() as reader:
        found = inspect.candidates(reader, family(cast["Max"]), Query(text="x"), embedder=None, matrix=Matrix("none"))
    assert len(found) == 3


@pytest.mark.parametrize(
    ("words", "thing", "question"),
    [
        ("every receipt", "receipt", "Is there a receipt in the image?"),
        ("All the red umbrellas.", "red umbrellas", "Are there red umbrellas in the image?"),
        ("an umbrella", "umbrella", "Is there an umbrella in the image?"),
        ("a glass", "glass", "Is there a glass in the image?"),
    ],
)
def test_what_is_looked_for_and_how_it_is_asked(words: str, thing: str, question: str) -> None:
    assert inspect.thing_of(words) == thing
    assert question_for(thing) == question


@pytest.mark.parametrize("words", ["", "every", "x" * 81, " .?"])
def test_nothing_and_too_much_are_refused(words: str) -> None:
    with pytest.raises(WrongUsage):
        inspect.thing_of(words)


def test_an_inspection_counts_and_ends(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    assets = [add_photo(store, layout, f"{n}.jpg") for n in range(4)]
    number = begun(store, cast["Max"], assets)
    assert begun(store, cast["Max"], assets) == number, "the same one twice is one"
    answered(store, YES, NO, UNSURE)
    one = how(store, cast["Max"], number)
    assert (one.state, one.all, one.looked, one.yes, one.unsure, one.recent) == ("running", 4, 3, 1, 1, 3)
    answered(store, YES)
    assert how(store, cast["Max"], number).state == "done"
    assert begun(store, cast["Max"], assets) != number


def test_a_stopped_one_waits_and_goes_on(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    assets = [add_photo(store, layout, f"{n}.jpg") for n in range(2)]
    number = begun(store, cast["Kit"], assets)
    with store.write() as writer:
        under_way = checks.next_check(writer)
        assert under_way is not None
        inspect.stop(writer, family(cast["Kit"]), number)
        assert checks.next_check(writer) is None
        checks.settle(writer, under_way, YES, now=START)
        inspect.go_on(writer, family(cast["Kit"]), number)
    answered(store, NO)
    assert how(store, cast["Kit"], number).state == "done"
    assert [row["answer"] for row in table(store, cast["Kit"], number)] == ["yes"]


def test_nobody_reads_or_stops_anothers(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    number = begun(store, cast["Max"], [add_photo(store, layout)])
    with store.write() as writer:
        for name in ("Olive", "Kit"):
            someone = family(cast[name])
            assert inspect.latest(writer, someone, 9, now=START) == []
            with pytest.raises(NotFound):
                inspect.get(writer, someone, number, now=START)
            with pytest.raises(NotFound):
                inspect.findings(writer, someone, number)
            with pytest.raises(NotFound):
                inspect.stop(writer, someone, number)
            with pytest.raises(NotFound):
                inspect.go_on(writer, someone, number)


def test_what_becomes_hidden_is_neither_counted_nor_listed(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    assets = [add_photo(store, layout, f"{n}.jpg") for n in range(2)]
    number = begun(store, cast["Max"], assets)
    answered(store, YES, YES)
    with store.write() as writer:
        writer.run("UPDATE asset SET hidden=1 WHERE id=?", (assets[0],))
    assert (how(store, cast["Max"], number).all, how(store, cast["Max"], number).yes) == (1, 1)
    assert [row["photo"] for row in table(store, cast["Max"], number)] == [f"/photos/{assets[1]}"]


def test_the_table_says_when_and_where_and_holds_no_formula(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    assets = [add_photo(store, layout, f"{n}.jpg") for n in range(3)]
    with store.write() as writer:
        writer.run("UPDATE asset SET file_name=?, town='Rome', country='IT' WHERE id=?", ('=HYPERLINK("x"),"y\n', assets[0]))
        writer.run("UPDATE asset SET time_source='upload' WHERE id=?", (assets[1],))
        receipt = "Spar\nHauptstr. 1\nMilch 2,50\nBrot 10,00\nSUMME EUR 12,50"
        writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'ocr',?)", (assets[0], receipt))
    number = begun(store, cast["Olive"], assets)
    answered(store, YES, UNSURE, NO)
    first, second = table(store, cast["Olive"], number)
    assert first == {
        "date": "2024-07-14", "time": "12:00", "place": "Rome, IT", "file": '\'=HYPERLINK("x"),"y\n', "answer": "yes",
        "sure": "90%", "shop": "Spar", "total": "12.50", "currency": "EUR", "photo": f"/photos/{assets[0]}",
    }  # fmt: skip
    assert (second["date"], second["time"], second["answer"]) == ("", "", "unsure")


def test_without_candidates_it_is_done_at_once(store: Store, cast: dict[str, Viewer]) -> None:
    assert how(store, cast["Olive"], begun(store, cast["Olive"], [])).state == "done"
