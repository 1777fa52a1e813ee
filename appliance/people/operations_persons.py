"""How questions about faces and persons are answered, and decisions carried out, over an open vault."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from appliance.errors import NotFound
from appliance.people import decisions, suggesting
from appliance.people import protocol_persons as said
from appliance.people.decisions import Stamp, next_stamp
from appliance.people.faces import AWAY, Decision, Face, Person, State, Withdrawal
from appliance.people.memory import Write, still_stands
from appliance.people.opened import Opened, new_id
from appliance.people.protocol_persons import Decided, Deciding, Named, SeenFace, Unnamed
from appliance.people.sight import Sight

GROUP_FACES = 4
MOST_SHOWN = 4000


def _overview(vault: Opened, request: said.GetOverview) -> said.Overview:
    sight = _sight(vault, request.sight)
    memory = vault.memory
    questions = vault.suggesting.count(sight)
    named = [_named(vault, person, sight) for person in memory.persons.values()]
    groups = sorted(_unnamed(vault, sight), key=lambda group: (-group.photos, group.group))
    return said.Overview(
        persons=tuple(sorted(named, key=lambda one: (one.person.never, one.person.name.casefold(), one.person.id))),
        groups=tuple(groups[: request.most]),
        others=max(0, len(groups) - request.most),
        questions=questions,
        away=len(_away(vault, sight)),
        open=tuple(sorted(one.user_id for one in memory.withdrawn.values() if one.open)),
    )


def _named(vault: Opened, person: Person, sight: Sight) -> Named:
    seen = [face for face in vault.memory.owned(person.id) if sight.shows(face.asset)]
    return Named(person, len({face.asset for face in seen}), "" if person.never or not seen else seen[0].id)


def _unnamed(vault: Opened, sight: Sight) -> Iterable[Unnamed]:
    anybody_never = any(person.never for person in vault.memory.persons.values())
    for group in vault.memory.of_group:
        faces = [face for face in vault.memory.grouped(group) if sight.shows(face.asset)]
        suppressed = sum(map(vault.suggesting.is_suppressed, faces)) if anybody_never else 0
        if faces and 2 * suppressed < len(faces):
            yield Unnamed(group, len({face.asset for face in faces}), tuple(face.id for face in faces[:GROUP_FACES]))


def _person(vault: Opened, request: said.GetPerson) -> said.PersonSeen:
    sight = _sight(vault, request.sight)
    person = vault.memory.person(request.person)
    faces = [face for face in vault.memory.owned(person.id) if sight.shows(face.asset)]
    others = Counter(
        other for face in faces for other in {vault.memory.faces[one].person for one in vault.memory.of_asset[face.asset]} if other
    )
    shown = [vault.memory.persons[other] for other, _ in others.most_common() if other != person.id]
    beside = tuple(
        msgspec.structs.replace(_named(vault, other, sight), photos=others[other.id]) for other in shown if not other.never
    )
    return said.PersonSeen(person, tuple(_seen(vault, face) for face in faces[:MOST_SHOWN]), beside)


def _group(vault: Opened, request: said.GetGroup) -> said.FacesSeen:
    """The outliers first."""
    sight = _sight(vault, request.sight)
    faces = [face for face in vault.memory.grouped(request.group) if sight.shows(face.asset)]
    if not faces:
        raise NotFound
    return said.FacesSeen(tuple(_seen(vault, face, far) for face, far in suggesting.outliers_first(faces[:MOST_SHOWN])))


def _away(vault: Opened, sight: Sight) -> list[Face]:
    faces = (vault.memory.faces[face] for face in vault.memory.away)
    return [face for face in faces if sight.shows(face.asset)]


def _put_away(vault: Opened, request: said.GetAway) -> said.FacesSeen:
    return said.FacesSeen(tuple(_seen(vault, face) for face in _away(vault, _sight(vault, request.sight))[:MOST_SHOWN]))


def _questions(vault: Opened, request: said.GetQuestions) -> said.Questions:
    sight = _sight(vault, request.sight)
    found, left = vault.suggesting.questions(sight, request.most)
    asked = [
        said.AskedAbout(
            vault.memory.persons[one.person], tuple(_seen(vault, vault.memory.faces[face]) for face in one.faces), one.sure
        )
        for one in found
    ]
    return said.Questions(tuple(asked), left)


def _journal(vault: Opened, request: said.GetJournal) -> said.Journal:
    numbers = sorted((number for number in vault.memory.journal if not request.before or number < request.before), reverse=True)
    entries = [_entry(vault, vault.memory.journal[number]) for number in numbers[: request.most]]
    return said.Journal(tuple(entries), len(numbers) > request.most)


def _entry(vault: Opened, one: Decision) -> said.Entry:
    can_undo = bool(one.faces or one.persons) and not one.undone and still_stands(vault.memory, one)
    return said.Entry(one.number, one.at, one.by, one.said, one.undone, can_undo)


def _face(vault: Opened, request: said.GetFace) -> said.FacesSeen:
    return said.FacesSeen((_seen(vault, vault.memory.face(request.face)),))


def _names(vault: Opened, request: said.GetNames) -> said.Names:
    return said.Names(tuple(person for person in vault.memory.persons.values() if request.never or not person.never))


def _assets_with(vault: Opened, request: said.GetAssetsWith) -> said.Assets:
    memory = vault.memory
    if not request.persons:
        return said.Assets(tuple(sorted({face.asset for face in memory.faces.values() if face.state not in AWAY})))
    wanted = [memory.persons[person] for person in request.persons if person in memory.persons]
    sets = [{memory.faces[face].asset for face in memory.of_person.get(one.id, ())} for one in wanted if not one.never]
    if request.together and len(sets) < len(request.persons):
        return said.Assets(())
    found: set[int] = set.intersection(*sets) if request.together and sets else set().union(*sets)
    return said.Assets(tuple(sorted(found)))


def _persons_in(vault: Opened, request: said.GetPersonsIn) -> said.PersonsIn:
    memory, wanted = vault.memory, set(request.assets)
    shown = (person.id for person in memory.persons.values() if not person.never)
    assets = {
        person: wanted.intersection(memory.faces[face].asset for face in memory.of_person.get(person, ())) for person in shown
    }
    return said.PersonsIn({person: tuple(sorted(there)) for person, there in assets.items() if there})


def _faces_in(vault: Opened, request: said.GetFacesIn) -> said.FacesSeen:
    """From left to right, without those of persons who are never to be recognised, and without what was put away."""
    vault.suggesting.refresh()
    shown = [face for face in vault.memory.in_asset(request.asset) if face.is_owned or face.state is State.FOUND]
    return said.FacesSeen(tuple(_seen(vault, face) for face in shown if not _is_never(vault, face)))


def _is_never(vault: Opened, face: Face) -> bool:
    person = vault.memory.persons.get(face.person or "")
    return bool(person and person.never) or vault.suggesting.is_suppressed(face)


def _seen(vault: Opened, face: Face, far: float = 0.0) -> SeenFace:
    maybe = vault.suggesting.comparing.found.get(face.id) if face.state is State.FOUND else None
    person = face.person if face.is_owned else None
    known = maybe.person if maybe and maybe.person in vault.memory.persons and maybe.person not in face.refused else None
    return SeenFace(face.id, face.asset, face.box, str(face.state), person, face.group, known, round(far, 4))


def _sight(vault: Opened, content: bytes) -> Sight:
    sight = Sight(content)
    vault.suggesting.see(sight)
    return sight


def _stamp(vault: Opened, request: Deciding) -> Stamp:
    return next_stamp(vault.memory, request.at, request.by)


def _decide(vault: Opened, decision: Decision, person: str = "") -> Decided:
    vault.decide(decision)
    return Decided(decision.number, decision.said, person)


def _chosen(vault: Opened, faces: Sequence[str], group: str | None) -> list[Face]:
    """The faces that are meant; raises NotFound."""
    found = vault.memory.grouped(group) if group is not None else [vault.memory.face(face) for face in faces]
    if not found:
        raise NotFound
    return found


def _alike(vault: Opened, faces: Sequence[str], group: str | None, *, child: bool) -> list[str]:
    """Of a group only those that are like each other: the others are asked about afterwards."""
    chosen = _chosen(vault, faces, group)
    return [face.id for face in (suggesting.sure_faces(chosen, child=child) if group is not None else chosen)]


def _name(vault: Opened, request: said.NameFaces) -> Decided:
    person = Person(
        new_id(), decisions.clean_name(request.name), child=request.child, never=not request.recognise, created=request.at
    )
    faces = _alike(vault, request.faces, request.group, child=request.child)
    return _decide(vault, decisions.name(vault.memory, _stamp(vault, request), faces, person), person.id)


def _confirm(vault: Opened, request: said.Confirm) -> Decided:
    child = vault.memory.person(request.person).child
    faces = _alike(vault, request.faces, request.group, child=child)
    return _decide(vault, decisions.confirm(vault.memory, _stamp(vault, request), faces, request.person), request.person)


def _reject(vault: Opened, request: said.Reject) -> Decided:
    return _decide(vault, decisions.reject(vault.memory, _stamp(vault, request), request.faces, request.person), request.person)


def _put(vault: Opened, request: said.PutAway) -> Decided:
    faces = [face.id for face in _chosen(vault, request.faces, request.group)]
    return _decide(vault, decisions.put_away(vault.memory, _stamp(vault, request), faces, State(request.what)))


def _bring_back(vault: Opened, request: said.BringBack) -> Decided:
    return _decide(vault, decisions.bring_back(vault.memory, _stamp(vault, request), request.faces))


def _split(vault: Opened, request: said.Split) -> Decided:
    return _decide(vault, decisions.split(vault.memory, _stamp(vault, request), request.faces, new_id()))


def _merge(vault: Opened, request: said.Merge) -> Decided:
    decision = decisions.merge(vault.memory, _stamp(vault, request), request.source, request.target)
    return _decide(vault, decision, request.target)


def _draw(vault: Opened, request: said.Draw) -> Decided:
    stamp = _stamp(vault, request)
    if request.person:
        person = vault.memory.person(request.person)
    else:
        person = Person(new_id(), decisions.clean_name(request.name), created=request.at)
    return _decide(vault, decisions.draw(vault.memory, stamp, new_id(), request.asset, request.box, person), person.id)


def _describe(vault: Opened, request: said.Describe) -> Decided:
    after = msgspec.structs.replace(
        vault.memory.person(request.person),
        name=decisions.clean_name(request.name),
        birthday=decisions.clean_birthday(request.birthday, date.fromisoformat(request.today)),
        child=request.child,
        never=request.never,
        user_id=request.user_id,
    )
    return _decide(vault, decisions.describe(vault.memory, _stamp(vault, request), after), request.person)


def _forget(vault: Opened, request: said.Forget) -> Decided:
    vault.forget(request.person, decisions.forget(vault.memory, _stamp(vault, request), request.person))
    return Decided(0, "Forgotten: the name, the faces, and every decision that told of them are erased.")


def _undo(vault: Opened, request: said.Undo) -> Decided:
    vault.undo(request.number, request.at)
    return Decided(0, f"Taken back: {vault.memory.journal[request.number].said}.")


def _settle(vault: Opened, request: said.Settle) -> Decided:
    note = vault.memory.withdrawn.get(request.user_id)
    if note is None:
        raise NotFound
    vault.write([Write("withdrawal", str(note.user_id), Withdrawal(note.user_id, note.at, open=False))])
    return Decided(0, "Noted.")


def _allow(vault: Opened, request: said.Allow) -> Decided:
    vault.write(decisions.allow(vault.memory, request.by))
    return Decided(0, "The owner may link a person to your account again.")


PERSONS: Mapping[type, Callable[[Opened, Any], said.PersonsAnswer]] = {
    said.GetOverview: _overview, said.GetPerson: _person, said.GetGroup: _group, said.GetAway: _put_away,
    said.GetQuestions: _questions, said.GetJournal: _journal, said.GetFace: _face, said.GetNames: _names,
    said.GetAssetsWith: _assets_with, said.GetPersonsIn: _persons_in, said.GetFacesIn: _faces_in,
    said.NameFaces: _name, said.Confirm: _confirm, said.Reject: _reject, said.PutAway: _put, said.BringBack: _bring_back,
    said.Split: _split, said.Merge: _merge, said.Draw: _draw, said.Describe: _describe, said.Forget: _forget, said.Undo: _undo,
    said.Settle: _settle, said.Allow: _allow,
}  # fmt: skip
"""Request → what answers it."""
