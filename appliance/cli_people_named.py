"""mantel people list, name, merge, split, journal, undo, forget: an unlocked vault as the owner sees it."""

import argparse

from appliance.adapters.places import Gazetteer
from appliance.assistant.anew import write_anew
from appliance.cli_library import clock, owner
from appliance.cli_output import Output
from appliance.errors import WrongUsage
from appliance.library.access import visible_assets
from appliance.people.client import People
from appliance.people.protocol_persons import (
    Decided,
    FacesSeen,
    Forget,
    GetGroup,
    GetJournal,
    GetOverview,
    Journal,
    Merge,
    NameFaces,
    Overview,
    Split,
    Undo,
)
from appliance.people.sight import sight_bytes
from appliance.store.db import Store
from appliance.store.layout import Layout

ODD = 0.32


def list_(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    seen = People(layout.people_socket).ask(GetOverview(_sight(store), words.most), Overview)
    persons = [
        {"id": one.person.id, "name": one.person.name, "photos": one.photos, "child": one.person.child, "never": one.person.never}
        for one in seen.persons
    ]
    groups = [{"id": one.group, "photos": one.photos} for one in seen.groups]
    lines = [f"{one['id']}  {one['name']}, {one['photos']} photos{', never recognised' if one['never'] else ''}" for one in persons]
    lines += [f"{one['id']}  without a name, {one['photos']} photos" for one in groups]
    lines.append(f"{seen.questions} questions; {seen.others} more groups.")
    output.show({"persons": persons, "groups": groups, "questions": seen.questions, "others": seen.others}, lines)


def name(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    """A child is never recognised unless the owner says so."""
    user_id, recognise = _owner(store), not words.child or words.recognise
    request = NameFaces(clock(), user_id, words.name, group=words.group, child=words.child, recognise=recognise)
    people = People(layout.people_socket)
    decided = people.decide(request)
    write_anew(store, people, Gazetteer())
    _told(decided, output)


def merge(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    people = People(layout.people_socket)
    source, target = (_person(people, store, one) for one in (words.person, words.into))
    _told(people.decide(Merge(clock(), _owner(store), source, target)), output)


def split(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    """What looks least like the rest of a group becomes a group of its own."""
    people = People(layout.people_socket)
    faces = people.ask(GetGroup(words.group, _sight(store)), FacesSeen).faces
    odd = tuple(face.id for face in faces if face.apart > ODD)
    if not odd or len(odd) == len(faces):
        raise WrongUsage(what="No face of this group looks unlike the others.")
    _told(people.decide(Split(clock(), _owner(store), odd)), output)


def journal(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    entries = People(layout.people_socket).ask(GetJournal(0, words.most), Journal).entries
    shown = [
        {"number": one.number, "at": one.at, "said": one.said, "undone": bool(one.undone), "can_undo": one.can_undo}
        for one in entries
    ]
    lines = [f"{one.number:>5}  {one.said}{' (taken back)' if one.undone else ''}" for one in entries]
    output.show({"entries": shown}, lines or ["Nothing decided yet."])


def undo(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    people = People(layout.people_socket)
    decided = people.decide(Undo(clock(), _owner(store), words.number))
    write_anew(store, people, Gazetteer())
    _told(decided, output)


def forget(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    if not words.confirm:
        raise WrongUsage(what="This erases the person, their faces and every decision that tells of them, for good. Add --confirm.")
    people = People(layout.people_socket)
    _told(people.decide(Forget(clock(), _owner(store), _person(people, store, words.person))), output)


def _person(people: People, store: Store, asked: str) -> str:
    """Return the id of who is meant by an id or a name; raises WrongUsage, also when two have the name."""
    everybody = people.ask(GetOverview(_sight(store), 0), Overview).persons
    found = [one.person.id for one in everybody if asked == one.person.id or asked.casefold() == one.person.name.casefold()]
    if len(found) != 1:
        raise WrongUsage(what=f"{len(found) or 'No'} persons are called that; “mantel people list” shows their ids.")
    return found[0]


def _owner(store: Store) -> int:
    with store.read() as reader:
        return owner(reader).user_id


def _sight(store: Store) -> bytes:
    with store.read() as reader:
        rows = reader.all(f"SELECT asset.id FROM asset WHERE {visible_assets(owner(reader))}")
    return sight_bytes((int(asset), None) for (asset,) in rows)


def _told(decided: Decided, output: Output) -> None:
    output.show({"number": decided.number, "said": decided.said, "person": decided.person or None}, [f"{decided.said}."])


VERBS = {"list": list_, "name": name, "merge": merge, "split": split, "journal": journal, "undo": undo, "forget": forget}
