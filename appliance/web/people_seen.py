"""Who may see persons, whether the vault is open, and the words that several of its pages share."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from appliance.accounts.viewer import Family
from appliance.assistant.anew import write_anew
from appliance.errors import NotFound, PeopleAway, PeopleLocked, PeopleOff
from appliance.library.access import visible_assets
from appliance.people import consent
from appliance.people.protocol_persons import Entry, GetJournal, Journal, Named, SeenFace
from appliance.people.sight import sight_bytes
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.asking import NoPlaces
from appliance.web.contexts_faces import DoneView
from appliance.web.contexts_people import BarView, FaceView, PersonCard
from appliance.web.state import Web


def sighted(web: Web, viewer: Family) -> bytes:
    """Return what `viewer` may see, as the people process is told it. Raises NotFound for who may see nobody: alike while People
    is off and while it is locked."""
    with web.store.read() as reader:
        if not consent.may_see(reader, viewer):
            raise NotFound
        return sight_of(reader, viewer)


def may_decide(web: Web, viewer: Family) -> None:
    """Raises NotFound for who may see nobody."""
    with web.store.read() as reader:
        if not consent.may_see(reader, viewer):
            raise NotFound


def sight_of(reader: Reader, viewer: Family) -> bytes:
    year = "CASE asset.time_source WHEN 'upload' THEN NULL ELSE CAST(substr(asset.capture_time, 1, 4) AS INTEGER) END"
    sql = f"""SELECT asset.id, {year} FROM asset WHERE {visible_assets(viewer)}"""
    return sight_bytes((int(asset), year) for asset, year in reader.all(sql))


def is_unlocked(web: Web) -> bool:
    """Raises nothing: while nobody answers, it is locked."""
    try:
        return web.people.state().unlocked
    except (PeopleAway, PeopleOff):
        return False


def without_names(web: Web) -> None:
    """Take the names that People holds now out of everything that was asked. Locked meanwhile, the next unlocking does it."""
    with suppress(PeopleAway, PeopleLocked, PeopleOff):
        write_anew(web.store, web.people, web.gazetteer or NoPlaces())


def bar(web: Web, here: Literal["people", "ask", "journal", "away", ""], questions: int = 0) -> BarView:
    """What stands above each page of an unlocked vault. Raises PeopleAway."""
    minutes = max(1, round(web.people.state().seconds / 60))
    return BarView(here, wording.counted(minutes, "minute"), questions)


def done(web: Web, number: int) -> DoneView | None:
    """What was just decided, from the journal: an address holds its number only."""
    if number < 1:
        return None
    (*found,) = web.people.ask(GetJournal(number + 1, 1), Journal).entries
    return _done(found[0]) if found and found[0].number == number else None


def _done(entry: Entry) -> DoneView:
    return DoneView(entry.number, entry.said, entry.can_undo, bool(entry.undone))


def face_view(face: SeenFace, *, names: dict[str, str] | None = None) -> FaceView:
    known = names or {}
    name = known.get(face.person or "", "")
    return FaceView(face.id, face.asset, name, face.apart > LOOKS_APART)


LOOKS_APART = 0.32


def cards(persons: Sequence[Named]) -> tuple[PersonCard, ...]:
    return tuple(
        PersonCard(
            one.person.id,
            one.person.name,
            one.cover,
            wording.counted(one.photos, "photo"),
            one.person.child,
            one.person.never,
        )
        for one in persons
    )
