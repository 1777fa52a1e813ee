"""What the pages of People are given."""

from dataclasses import dataclass

from appliance.web.contexts import TileView
from appliance.web.contexts_faces import ChoiceOfPerson, DoneView


@dataclass(frozen=True, slots=True)
class BarView:
    """Above each page while it is unlocked. `here`: people, ask, journal, away or empty; `locks_in` a few words; `questions`: how
    many there are."""

    here: str
    locks_in: str
    questions: int


@dataclass(frozen=True, slots=True)
class FaceView:
    """`name` of whose it is, or empty; `odd`: it is not much like the others."""

    id: str
    asset: int
    name: str
    odd: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """`cover` is a face, empty when there is none to be seen."""

    id: str
    name: str
    cover: str
    photos: str
    child: bool
    never: bool


@dataclass(frozen=True, slots=True)
class GroupCard:
    id: str
    photos: str
    faces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LockedPage:
    """`then`: where to go when it is open; `problem` a sentence or empty."""

    then: str
    problem: str


@dataclass(frozen=True, slots=True)
class OpenWithdrawal:
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`never`: persons who are never recognised; `withdrawn`: accounts that took their face back while nobody was linked."""

    bar: BarView
    done: DoneView | None
    said: str
    persons: tuple[PersonCard, ...]
    never: tuple[PersonCard, ...]
    groups: tuple[GroupCard, ...]
    others: str
    away: str
    withdrawn: tuple[OpenWithdrawal, ...]
    working: str
    seen_by: str
    owner: bool


@dataclass(frozen=True, slots=True)
class Account:
    user_id: int
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Year:
    year: str
    count: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`accounts` of the household for the owner; `choices`: whom this person may be merged with; `today` YYYY-MM-DD; `confirm`:
    the password is asked for in the form."""

    bar: BarView
    done: DoneView | None
    id: str
    name: str
    cover: str
    birthday: str
    child: bool
    never: bool
    user_id: int | None
    count: str
    years: tuple[Year, ...]
    places: tuple[str, ...]
    beside: tuple[PersonCard, ...]
    tiles: tuple[TileView, ...]
    more: str
    accounts: tuple[Account, ...]
    choices: tuple[ChoiceOfPerson, ...]
    owner: bool
    confirm: bool
    today: str


@dataclass(frozen=True, slots=True)
class FacesPage:
    """Faces of a group, of a person (`person`), or those that were put away (`away`); `odd`: how many look different."""

    bar: BarView
    done: DoneView | None
    title: str
    lead: str
    group: str
    person: str
    away: bool
    faces: tuple[FaceView, ...]
    choices: tuple[ChoiceOfPerson, ...]
    suggested: ChoiceOfPerson | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """“Is this `name`?” about `faces`, the first of which is the largest on the page."""

    person: str
    name: str
    cover: str
    faces: tuple[FaceView, ...]
    more: str
    sure: bool
    count: int


@dataclass(frozen=True, slots=True)
class AskingPage:
    bar: BarView
    done: DoneView | None
    question: QuestionView | None
    left: str
    choices: tuple[ChoiceOfPerson, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    number: int
    said: str
    when: str
    by: str
    undone: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class JournalPage:
    bar: BarView
    said: str
    problem: str
    entries: tuple[EntryView, ...]
    older: str


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """Before People is turned on. `least`: characters of a passphrase."""

    problem: str
    confirm: bool
    photos: str
    least: int
    viewers: str


@dataclass(frozen=True, slots=True)
class OffPage:
    """Before it is turned off; `kept` says what would be erased, as far as it is known while locked."""

    problem: str
    confirm: bool
    kept: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoxPage:
    """A box is drawn on the preview of a photo; numbers are hundredths of its width and height."""

    bar: BarView
    asset: int
    width: int
    height: int
    alt: str
    problem: str
    choices: tuple[ChoiceOfPerson, ...]
