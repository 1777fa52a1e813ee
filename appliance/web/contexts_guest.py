"""What the guest's templates are given. Nothing here, and so nothing there, can name an asset, a file, a time or a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuestForm:
    password: str = ""


@dataclass(frozen=True, slots=True)
class GatePage:
    """The door of a link: with a password, or one that may be opened so often only; `problem` is a sentence or empty."""

    title: str
    action: str
    password: bool
    counted: bool
    problem: str


@dataclass(frozen=True, slots=True)
class GuestTile:
    """One photo or video; `number` is its place in the link, `words` are “Photo 3”, `ratio` names a class of components.css.

    `poster` and `length` are a video's, else empty.
    """

    number: int
    href: str
    thumb: str
    view: str
    poster: str
    ratio: int
    width: int
    height: int
    words: str
    length: str


@dataclass(frozen=True, slots=True)
class GuestPage:
    """All photos of a link. `all` (the zip) and `send` are addresses, empty when the link does not allow it."""

    title: str
    lead: str
    tiles: tuple[GuestTile, ...]
    all: str
    all_size: str
    send: str
    sent: str


@dataclass(frozen=True, slots=True)
class GuestPhoto:
    """One photo; `before`, `after` and `file` are addresses or empty."""

    title: str
    tile: GuestTile
    media_type: str
    count: str
    back: str
    before: str
    after: str
    file: str
