"""What people decide about faces: each form leads back to where it stood, which says what was done and lets it be undone."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts import household
from appliance.accounts.viewer import Family, Owner
from appliance.errors import DecisionBuiltOn, NotFound, TwoInOnePhoto, WrongUsage
from appliance.library import assets
from appliance.people.faces import Box
from appliance.people.protocol_persons import (
    AskedAbout,
    BringBack,
    Confirm,
    Decided,
    Deciding,
    Describe,
    Draw,
    Forget,
    GetJournal,
    GetPerson,
    GetQuestions,
    Journal,
    Merge,
    NameFaces,
    PersonSeen,
    PutAway,
    Questions,
    Reject,
    Settle,
    Split,
    Undo,
)
from appliance.web import wording
from appliance.web.asking import today_of
from appliance.web.confirming import recently_confirmed
from appliance.web.contexts_people import AskingPage, BoxPage, EntryView, JournalPage, QuestionView
from appliance.web.login import own_path
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.people import choices, known_id
from appliance.web.people_seen import bar, done, face_view, may_decide, sighted, without_names
from appliance.web.rendering import page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

LARGEST_FORM = 256 * 1024
SHOWN_FACES = 9
ENTRIES = 50
LARGEST = 2**31


@dataclass(frozen=True, slots=True)
class FacesForm:
    """`what`: name, yes, no, not_a_face, hide, split or back; `face` or a whole `group`; `person` or a new `name`; the framework
    gives a face that stands alone as itself."""

    what: str = ""
    face: list[str] | str = ""
    group: str = ""
    person: str = ""
    name: str = ""
    child: str = ""
    recognise: str = ""
    then: str = "/people"

    @property
    def faces(self) -> tuple[str, ...]:
        return tuple(map(known_id, self.face if isinstance(self.face, list) else self.face.split()))


@dataclass(frozen=True, slots=True)
class PersonForm:
    name: str = ""
    birthday: str = ""
    child: str = ""
    recognise: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class MergeForm:
    into: str = ""


@dataclass(frozen=True, slots=True)
class UndoForm:
    number: int = 0
    then: str = "/people"


@dataclass(frozen=True, slots=True)
class BoxForm:
    """Numbers are hundredths of the picture's width and height."""

    asset: int = 0
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0
    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SettleForm:
    user_id: int = 0


@get("/people/ask", sync_to_thread=True)
def asking_page(request: Asked, web: TheWeb, viewer: Viewing, did: FromQuery[int] = 0) -> Response[Any]:
    """One question at a time, the one that answers most first."""
    asked = web.people.ask(GetQuestions(sighted(web, viewer), 1), Questions)
    context = AskingPage(
        bar=bar(web, "ask", asked.left),
        done=done(web, did),
        question=_question(web, viewer, asked.questions[0]) if asked.questions else None,
        left=wording.counted(asked.left, "question") if asked.left else "",
        choices=choices(web),
    )
    return page(request, "people/ask.html", context)


def _question(web: Web, viewer: Family, one: AskedAbout) -> QuestionView:
    known = web.people.ask(GetPerson(one.person.id, sighted(web, viewer)), PersonSeen)
    more = len(one.faces) - SHOWN_FACES
    return QuestionView(
        person=one.person.id,
        name=one.person.name,
        cover=known.faces[0].id if known.faces else "",
        faces=tuple(map(face_view, one.faces)),
        more=f"and {wording.number(more)} more" if more > 0 else "",
        sure=one.sure,
        count=len(one.faces),
    )


@post("/people/faces", sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def decide_faces(web: TheWeb, viewer: Viewing, data: Form[FacesForm]) -> Redirect:
    may_decide(web, viewer)
    then = own_page(data.then)
    return back(then, decide(web, _request(web, viewer, data)).number)


def _request(web: Web, viewer: Family, data: FacesForm) -> Deciding:
    at, by, faces = web.clock(), viewer.user_id, data.faces
    group = known_id(data.group) if data.group else None
    match data.what:
        case "name" if data.person:
            return Confirm(at, by, known_id(data.person), faces, group)
        case "name":
            recognise = not data.child or bool(data.recognise)
            return NameFaces(at, by, data.name, faces, group, child=bool(data.child), recognise=recognise)
        case "yes":
            return Confirm(at, by, known_id(data.person), faces, group)
        case "no":
            return Reject(at, by, known_id(data.person), faces)
        case "not_a_face":
            return PutAway(at, by, "not_a_face", faces, group)
        case "hide":
            return PutAway(at, by, "hidden", faces, group)
        case "split":
            return Split(at, by, faces)
        case "back":
            return BringBack(at, by, faces)
    raise WrongUsage(what="Nobody said what to do with these faces.")


@post("/people/persons/{person:str}", sync_to_thread=True)
def describe_person(web: TheWeb, viewer: Viewing, person: FromPath[str], data: Form[PersonForm]) -> Redirect:
    """Name and birthday; for the owner also “child”, “recognise” and the account that this person is."""
    sight = sighted(web, viewer)
    known = web.people.ask(GetPerson(known_id(person), sight), PersonSeen).person
    owner = isinstance(viewer, Owner)
    child = bool(data.child) if owner else known.child
    account = known.user_id
    if owner:
        with web.store.read() as reader:
            accounts = {str(one.user_id): one.user_id for one in household.people(reader, web.clock())}
        account = accounts.get(data.account)
    # who becomes a child here was asked in a form whose “recognise” was about a grown-up: a child is left alone until asked for
    never = known.never if not owner else not data.recognise or (child and not known.child)
    today = today_of(web).isoformat()
    request = Describe(web.clock(), viewer.user_id, person, data.name, data.birthday, child, never, account, today)
    return back(f"/people/persons/{person}", decide(web, request).number)


@post("/people/persons/{person:str}/merge", sync_to_thread=True)
def merge_person(web: TheWeb, viewer: Viewing, person: FromPath[str], data: Form[MergeForm]) -> Redirect:
    may_decide(web, viewer)
    into = known_id(data.into)
    return back(f"/people/persons/{into}", web.people.decide(Merge(web.clock(), viewer.user_id, known_id(person), into)).number)


@post("/people/persons/{person:str}/forget", guards=[only_owner, recently_confirmed], sync_to_thread=True)
def forget_person(web: TheWeb, viewer: Viewing, person: FromPath[str]) -> Redirect:
    may_decide(web, viewer)
    web.people.decide(Forget(web.clock(), viewer.user_id, known_id(person)))
    return Redirect("/people?said=forgotten", status_code=303)


@post("/people/settle", guards=[only_owner], sync_to_thread=True)
def settle_withdrawal(web: TheWeb, viewer: Viewing, data: Form[SettleForm]) -> Redirect:
    """Whoever took their face back is not among the persons here, or was forgotten by hand."""
    may_decide(web, viewer)
    web.people.decide(Settle(web.clock(), viewer.user_id, data.user_id))
    return Redirect("/people?said=settled", status_code=303)


@get("/people/journal", sync_to_thread=True)
def journal_page(
    request: Asked, web: TheWeb, viewer: Viewing, before: FromQuery[int] = 0, undone: FromQuery[int] = 0
) -> Response[Any]:
    may_decide(web, viewer)
    return page(request, "people/journal.html", _journal(web, before=before, undone=undone))


@post("/people/undo", sync_to_thread=True)
def undo_decision(request: Asked, web: TheWeb, viewer: Viewing, data: Form[UndoForm]) -> Response[Any] | Redirect:
    may_decide(web, viewer)
    then = own_page(data.then)
    try:
        decide(web, Undo(web.clock(), viewer.user_id, data.number))
    except (DecisionBuiltOn, TwoInOnePhoto) as refusal:
        return page(request, "people/journal.html", _journal(web, problem=str(refusal)), status=refusal.status)
    return back(then, data.number)


def _journal(web: Web, *, before: int = 0, undone: int = 0, problem: str = "") -> JournalPage:
    found = web.people.ask(GetJournal(max(0, min(before, LARGEST)), ENTRIES), Journal)
    with web.store.read() as reader:
        accounts = {one.user_id: one.name for one in household.people(reader, web.clock())}
    entries = tuple(
        EntryView(
            one.number,
            one.said,
            wording.ago(one.at, web.clock()),
            accounts.get(one.by, "Nobody here"),
            bool(one.undone),
            one.can_undo,
        )
        for one in found.entries
    )
    older = f"/people/journal?before={entries[-1].number}" if found.older else ""
    return JournalPage(bar(web, "journal"), "Taken back." if undone else "", problem, entries, older)


@get("/people/boxes", sync_to_thread=True)
def box_page(request: Asked, web: TheWeb, viewer: Viewing, asset: FromQuery[int] = 0) -> Response[Any]:
    """Where a person draws a box around a face that was not found."""
    may_decide(web, viewer)
    with web.store.read() as reader:
        found = assets.get(reader, viewer, min(asset, LARGEST))
    context = BoxPage(
        bar(web, ""), asset, found.row.width or 3, found.row.height or 2, wording.day(found.row.capture_time), "", choices(web)
    )
    return page(request, "people/box.html", context)


@post("/people/boxes", sync_to_thread=True)
def draw_box(web: TheWeb, viewer: Viewing, data: Form[BoxForm]) -> Redirect:
    may_decide(web, viewer)
    with web.store.read() as reader:
        assets.get(reader, viewer, min(data.asset, LARGEST))
    box = Box(data.left / 100, data.top / 100, data.width / 100, data.height / 100)
    person = known_id(data.person) if data.person else None
    decided = decide(web, Draw(web.clock(), viewer.user_id, data.asset, box, person, data.name))
    return back(f"/people/persons/{decided.person}", decided.number)


def decide(web: Web, request: Deciding) -> Decided:
    """Have it decided; where that may have brought a name, everything that was asked before is written anew without it."""
    decided = web.people.decide(request)
    if isinstance(request, (NameFaces, Draw, Describe, Undo)):
        without_names(web)
    return decided


def own_page(then: str) -> str:
    """A page of People or a photo's; raises NotFound for another."""
    path = own_path(then)
    if not path.startswith(("/people", "/photos/")):
        raise NotFound
    return path


def back(then: str, number: int) -> Redirect:
    """No name stands in an address, but the number of what was decided."""
    return Redirect(f"{then}{'&' if '?' in then else '?'}{urlencode({'did': number})}", status_code=303)
