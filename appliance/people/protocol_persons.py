"""What can be asked of an unlocked vault about faces and persons, and what is decided there. `sight` is what the person who asks
may see (`sight.py`); `at` is milliseconds since 1970 UTC, `by` a user id; ids of persons, groups and faces are opaque."""

from typing import Annotated, Literal

import msgspec

from appliance.people.faces import LONGEST_NAME, Box, Person

MOST_FACES = 5000
MOST_ASSETS = 300_000
"""In one request, which is bounded in bytes too."""
Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
Ids = Annotated[tuple[Id, ...], msgspec.Meta(max_length=MOST_FACES)]
Text = Annotated[str, msgspec.Meta(max_length=4 * LONGEST_NAME)]


class Asking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """A request that changes nothing."""


class GetOverview(Asking, frozen=True, tag="overview"):
    """Everybody who has a name, and the `most` largest groups of those who have none."""

    sight: bytes
    most: int


class GetPerson(Asking, frozen=True, tag="person"):
    person: Id
    sight: bytes


class GetGroup(Asking, frozen=True, tag="group"):
    group: Id
    sight: bytes


class GetAway(Asking, frozen=True, tag="away"):
    """Faces that somebody put away."""

    sight: bytes


class GetQuestions(Asking, frozen=True, tag="questions"):
    sight: bytes
    most: int


class GetJournal(Asking, frozen=True, tag="journal"):
    """The `most` latest decisions before number `before` (0: the latest)."""

    before: int
    most: int


class GetFace(Asking, frozen=True, tag="face"):
    face: Id


class GetNames(Asking, frozen=True, tag="names"):
    """Everybody who may be named and searched for; `never`: with those who are never to be recognised, so that their names are
    written nowhere."""

    never: bool = False


class GetAssetsWith(Asking, frozen=True, tag="assets with"):
    """Assets in which any of `persons` is; `together`: all of them. Without persons: in which anybody is, named or not."""

    persons: Annotated[tuple[Id, ...], msgspec.Meta(max_length=20)]
    together: bool = False


class GetPersonsIn(Asking, frozen=True, tag="persons in"):
    """Who has a confirmed face in which of `assets`; nobody who is never to be recognised."""

    assets: Annotated[tuple[int, ...], msgspec.Meta(max_length=MOST_ASSETS)]


class GetFacesIn(Asking, frozen=True, tag="faces in"):
    asset: int


class Deciding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """A request that changes something; the answer is Decided."""

    at: int
    by: int


class NameFaces(Deciding, frozen=True, tag="name"):
    """A new person: `faces`, or with `group` those of it that are like the others."""

    name: Text
    faces: Ids = ()
    group: Id | None = None
    child: bool = False
    recognise: bool = True


class Confirm(Deciding, frozen=True, tag="confirm"):
    """The same for a person who is there already."""

    person: Id
    faces: Ids = ()
    group: Id | None = None


class Reject(Deciding, frozen=True, tag="reject"):
    person: Id
    faces: Ids


class PutAway(Deciding, frozen=True, tag="put away"):
    """`faces`, or the whole `group`."""

    what: Literal["not_a_face", "hidden"]
    faces: Ids = ()
    group: Id | None = None


class BringBack(Deciding, frozen=True, tag="bring back"):
    faces: Ids


class Split(Deciding, frozen=True, tag="split"):
    faces: Ids


class Merge(Deciding, frozen=True, tag="merge"):
    source: Id
    target: Id


class Draw(Deciding, frozen=True, tag="draw"):
    """A box around a face that was not found; `name` makes a new person when `person` is None."""

    asset: int
    box: Box
    person: Id | None = None
    name: Text = ""


class Describe(Deciding, frozen=True, tag="describe"):
    """What is known of a person becomes this. `today`: YYYY-MM-DD."""

    person: Id
    name: Text
    birthday: Annotated[str, msgspec.Meta(max_length=40)]
    child: bool
    never: bool
    user_id: int | None
    today: str


class Forget(Deciding, frozen=True, tag="forget"):
    """For good."""

    person: Id


class Settle(Deciding, frozen=True, tag="settle"):
    """Whoever the account `user_id` is, who took their face back, is not here, or was forgotten by hand."""

    user_id: int


class Allow(Deciding, frozen=True, tag="allow"):
    """The account `by` lets itself be linked to a person again."""


class Undo(Deciding, frozen=True, tag="undo"):
    number: int


class SeenFace(msgspec.Struct, frozen=True):
    """`apart`: how far it is from the others of its group; `state` as in faces.State; `person` owns it, `maybe` is asked about."""

    id: str
    asset: int
    box: Box
    state: str
    person: str | None = None
    group: str | None = None
    maybe: str | None = None
    apart: float = 0.0


class Named(msgspec.Struct, frozen=True):
    """`photos`: how many can be seen; `cover`: the face that stands for the person, empty when none can be seen."""

    person: Person
    photos: int
    cover: str


class Unnamed(msgspec.Struct, frozen=True):
    group: str
    photos: int
    faces: tuple[str, ...]


class Overview(msgspec.Struct, frozen=True, tag="overview"):
    """`others`: how many more groups there are; `away`: faces that were put away; `open`: accounts that took their face back while
    nobody was linked to them."""

    persons: tuple[Named, ...]
    groups: tuple[Unnamed, ...]
    others: int
    questions: int
    away: int
    open: tuple[int, ...]


class PersonSeen(msgspec.Struct, frozen=True, tag="person"):
    """`faces`: the person's own, the best first; `beside`: who else is in these photos, most often first."""

    person: Person
    faces: tuple[SeenFace, ...]
    beside: tuple[Named, ...]


class FacesSeen(msgspec.Struct, frozen=True, tag="faces"):
    faces: tuple[SeenFace, ...]


class AskedAbout(msgspec.Struct, frozen=True):
    person: Person
    faces: tuple[SeenFace, ...]
    sure: bool


class Questions(msgspec.Struct, frozen=True, tag="questions"):
    """`left`: how many there are, these with them."""

    questions: tuple[AskedAbout, ...]
    left: int


class Entry(msgspec.Struct, frozen=True):
    """`undone`: 0 when it holds. `can_undo`: nothing was built on it."""

    number: int
    at: int
    by: int
    said: str
    undone: int
    can_undo: bool


class Journal(msgspec.Struct, frozen=True, tag="journal"):
    entries: tuple[Entry, ...]
    older: bool


class Names(msgspec.Struct, frozen=True, tag="names"):
    persons: tuple[Person, ...]


class Assets(msgspec.Struct, frozen=True, tag="assets"):
    ids: tuple[int, ...]


class PersonsIn(msgspec.Struct, frozen=True, tag="persons in them"):
    """`assets`: ids in order, for each person who is in any."""

    assets: dict[str, tuple[int, ...]]


class Decided(msgspec.Struct, frozen=True, tag="decided"):
    """`number` is what can be taken back, 0 when it cannot. `person`: whom it was about, empty for nobody."""

    number: int
    said: str
    person: str = ""


PersonsRequest = (
    GetOverview | GetPerson | GetGroup | GetAway | GetQuestions | GetJournal | GetFace | GetNames | GetAssetsWith | GetPersonsIn
    | GetFacesIn | NameFaces | Confirm | Reject | PutAway | BringBack | Split | Merge | Draw | Describe | Forget | Undo
    | Settle | Allow
)  # fmt: skip
PersonsAnswer = Overview | PersonSeen | FacesSeen | Questions | Journal | Names | Assets | PersonsIn | Decided
