"""What a photo's page and those of People are given of faces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DoneView:
    """What was just decided."""

    number: int
    said: str
    can_undo: bool
    undone: bool


@dataclass(frozen=True, slots=True)
class ChoiceOfPerson:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class FaceOver:
    """One face of a photo: its box in the units of the drawing over it; whose it is, or who is asked about."""

    number: int
    id: str
    left: float
    top: float
    width: float
    height: float
    person: str
    name: str
    maybe: str
    maybe_name: str


@dataclass(frozen=True, slots=True)
class PhotoFaces:
    """The faces of a photo. `href` asks for them, empty when nobody may; `asked`: somebody did; `open`: People is unlocked. `then`
    leads back here after a decision."""

    href: str = ""
    asked: bool = False
    open: bool = False
    then: str = ""
    width: int = 1
    height: int = 1
    faces: tuple[FaceOver, ...] = ()
    choices: tuple[ChoiceOfPerson, ...] = ()
    done: DoneView | None = None
