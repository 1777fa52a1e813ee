"""What the templates of sharing are given, like contexts.py."""

from dataclasses import dataclass

from appliance.web.contexts import TileView
from appliance.web.qr import QrView
from appliance.web.shares_sent import SentLine


@dataclass(frozen=True, slots=True)
class WarningView:
    """One thing to look at before sharing. `drop` leads to the same page without these photos; empty when it is about all."""

    kind: str
    words: str
    tiles: tuple[TileView, ...]
    more: int
    drop: str
    drop_words: str


@dataclass(frozen=True, slots=True)
class DroppedView:
    """What was left out, with the way to put it back."""

    words: str
    back: str


@dataclass(frozen=True, slots=True)
class ChoiceView:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShareForm:
    """The fields of /shares/new. `without` are kinds of warnings whose photos are left out. A box without a tick sends nothing."""

    selection: int = 0
    without: str | list[str] = ""
    title: str = ""
    size: str = "screen"
    days: str = "14"
    password: str = ""
    most_views: str = ""
    downloads: str = ""
    keep_location: str = ""
    uploads_into: str = ""
    own_password: str = ""


@dataclass(frozen=True, slots=True)
class NewSharePage:
    """What is to be shared and how. `form` holds what was typed before, `problem` a sentence or empty; `confirm`: the own password
    is asked for. Nothing is left to share when `tiles` is empty; without a `selection` nothing was chosen."""

    selection: int
    without: tuple[str, ...]
    count: str
    tiles: tuple[TileView, ...]
    more: int
    warnings: tuple[WarningView, ...]
    dropped: tuple[DroppedView, ...]
    form: ShareForm
    days: tuple[ChoiceView, ...]
    albums: tuple[ChoiceView, ...]
    problem: str
    confirm: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link in the list and on its own page. `picture` and `state_words` say how it is; `reason` why it stopped."""

    id: int
    title: str
    maker: str
    state: str
    picture: str
    state_words: str
    reason: str
    what: str
    ends: str
    opened: str
    is_over: bool
    has_password: bool
    made: int
    items: int
    failed: int


@dataclass(frozen=True, slots=True)
class SharesPage:
    """`said` is what was just done, or empty; `everybodys`: the links of others are among them."""

    links: tuple[LinkView, ...]
    days: tuple[ChoiceView, ...]
    over: tuple[LinkView, ...]
    said: str
    everybodys: bool


@dataclass(frozen=True, slots=True)
class AddressView:
    """The address, shown while this process remembers it; `here_only`: a guest's device would look for it on itself."""

    address: str
    qr: QrView
    here_only: bool


@dataclass(frozen=True, slots=True)
class RemovedView:
    what: str
    count: str
    names: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One photo of a link, and what its copy does not hold any more; `state` is done, failed (with its `reason`) or empty."""

    tile: TileView
    state: str
    reason: str
    receipt: str
    removed: tuple[RemovedView, ...]


@dataclass(frozen=True, slots=True)
class OpenView:
    when: str
    what: str
    address: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    """`everybodys`: the maker of the link is named. `receipt`: what all copies together do not hold.
    `more`: photos that are not shown here."""

    link: LinkView
    everybodys: bool
    address: AddressView | None
    receipt: str
    items: tuple[ItemView, ...]
    more: int
    opens: tuple[OpenView, ...]
    sent: tuple[SentLine, ...]
    days: tuple[ChoiceView, ...]
    said: str
