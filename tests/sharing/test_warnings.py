"""Look before you share: what rows say may be sensitive."""

import pytest

from appliance.sharing import warnings
from appliance.sharing.warnings import Faces, Warning, warn
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import add_photo

HOME, BEACH = (48.1374, 11.5755), (41.9, 12.5)


@pytest.fixture
def photos(store: Store, layout: Layout) -> list[int]:
    made = [add_photo(store, layout, f"{name}.jpg") for name in "abcd"]
    with store.write() as writer:
        writer.run("INSERT INTO job(stage, asset_id, state) SELECT 'text', id, 'done' FROM asset")
    return made


def warned(store: Store, assets: list[int]) -> dict[str, Warning]:
    with store.read() as reader:
        return {warning.kind: warning for warning in warnings.warn(reader, assets)}


def read(store: Store, asset_id: int, words: str, kind: str | None = None) -> None:
    with store.write() as writer:
        writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'ocr',?)", (asset_id, words))
        if kind:
            writer.run("INSERT INTO document(asset_id, kind, decided_by) VALUES(?,?,'rules')", (asset_id, kind))


def caption(store: Store, asset_id: int, words: str) -> None:
    with store.write() as writer:
        writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'m',?,0)", (asset_id, words))


def test_of_a_beach_nothing_is_said_but_that_nobody_looks_for_faces(store: Store, photos: list[int]) -> None:
    found = warned(store, photos)
    assert set(found) == {"people"}
    assert found["people"].assets == ()
    assert "Mantel does not look for faces" in found["people"].words


def test_documents_and_screens_are_told_apart(store: Store, photos: list[int]) -> None:
    for asset_id, kind in zip(photos, ("receipt", "identity", "screenshot", "page"), strict=True):
        read(store, asset_id, "some words", kind)
    found = warned(store, photos)
    assert {kind: found[kind].assets for kind in ("identity", "documents", "screens")} == {
        "identity": (photos[1],), "documents": (photos[0], photos[3]), "screens": (photos[2],),
    }  # fmt: skip
    assert found["documents"].words == "2 look like a printed page or a receipt."
    assert found["screens"].words == "One is a picture of a screen."


@pytest.mark.parametrize(
    ("words", "is_sensitive"),
    [
        ("VISA 4111 1111 1111 1111 GOOD THRU 12/29", True),
        ("4111111111111111", True),
        ("IBAN DE89 3704 0044 0532 0130 00", True),
        ("4111 1111 1111 1112", False),
        ("0000 0000 0000 0000", False),
        ("tel 089 1234567", False),
    ],
)
def test_numbers_of_cards_and_accounts_are_found_in_the_text(
    store: Store, photos: list[int], words: str, is_sensitive: bool
) -> None:
    read(store, photos[0], words)
    assert ("identity" in warned(store, photos)) == is_sensitive


def test_readable_words_are_worth_a_look(store: Store, photos: list[int]) -> None:
    read(store, photos[0], "EXIT")
    read(store, photos[1], "Familie Huber, Birkenweg 12, 80331 München, bitte klingeln")
    assert warned(store, photos)["text"].assets == (photos[1],)


def test_the_place_with_photos_of_most_days_is_taken_for_the_home(store: Store, layout: Layout, photos: list[int]) -> None:
    others = [add_photo(store, layout, f"home{number}.jpg") for number in range(5)]
    with store.write() as writer:
        for day, asset_id in enumerate(others):
            taken = f"2024-03-{day + 1:02}T08:00:00"
            writer.run("UPDATE asset SET latitude=?, longitude=?, capture_time=? WHERE id=?", (*HOME, taken, asset_id))
        writer.run("UPDATE asset SET latitude=?, longitude=? WHERE id=?", (HOME[0] + 0.004, HOME[1] + 0.004, photos[0]))
        for asset_id in photos[1:]:
            writer.run("UPDATE asset SET latitude=?, longitude=? WHERE id=?", (*BEACH, asset_id))
    found = warned(store, photos)["home"]
    assert found.assets == (photos[0],)
    assert "your home" in found.words
    with store.write() as writer:
        writer.run("UPDATE asset SET capture_time='2024-03-01T09:00:00' WHERE id=?", (others[4],))
    assert "home" not in warned(store, photos)  # four days are a holiday


def test_captions_that_speak_of_people_are_counted(store: Store, photos: list[int]) -> None:
    caption(store, photos[0], "two children build a sand castle")
    caption(store, photos[1], "a man with a kite")
    caption(store, photos[2], "the herring gull on a manhole")
    found = warned(store, photos)["people"]
    assert found.assets == tuple(photos[:2])
    assert found.words.endswith("The captions of 2 speak of people, one of them of children.")


def test_real_faces_are_counted_once_people_is_unlocked(store: Store, photos: list[int]) -> None:
    caption(store, photos[3], "a man with a kite")
    faces = Faces(frozenset((*photos[:2], 999)), frozenset(photos[:1]))
    with store.read() as reader:
        (found,) = (one for one in warn(reader, photos, faces) if one.kind == "people")
    assert found.assets == (*photos[:2], photos[3])
    assert found.words.startswith("2 show faces, one of them of a child that you named. One more is said to show people.")


def test_that_no_face_was_found_is_no_promise(store: Store, photos: list[int]) -> None:
    with store.read() as reader:
        (found,) = (one for one in warn(reader, photos, Faces(frozenset(), frozenset())) if one.kind == "people")
    assert found.words == "No face was found. Faces that are small, turned away or covered are not found."


def test_what_nobody_has_looked_at_is_said(store: Store, layout: Layout, photos: list[int]) -> None:
    new = add_photo(store, layout, "new.jpg")
    found = warned(store, [*photos, new])["unread"]
    assert (found.assets, found.words) == ((new,), "One has not been looked at for text and documents yet.")


def test_distances_hold_across_the_date_line() -> None:
    assert warnings.kilometres((0.0, 179.999), (0.0, -179.999)) < 1
    assert 500 < warnings.kilometres((48.14, 11.58), (52.52, 13.4)) < 510
