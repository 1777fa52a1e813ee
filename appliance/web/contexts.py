"""What the templates are given: one frozen dataclass for each page or fragment, holding words ready to be shown."""

from dataclasses import dataclass

from appliance.search.marking import Run
from appliance.web.contexts_faces import PhotoFaces
from appliance.web.contexts_looking import LookView


@dataclass(frozen=True, slots=True)
class TileView:
    """One photo of a grid. `ratio` names a class of components.css, `ready`: its thumbnail exists, `length` is a video's."""

    id: int
    href: str
    ratio: int
    width: int
    height: int
    alt: str
    ready: bool
    length: str


@dataclass(frozen=True, slots=True)
class MonthLink:
    """One entry of the list of months; `month` is 'YYYY-MM', `assets` a number for people."""

    month: str
    name: str
    assets: str


@dataclass(frozen=True, slots=True)
class YearOfMonths:
    year: str
    months: tuple[MonthLink, ...]


@dataclass(frozen=True, slots=True)
class MonthOfTiles:
    """`heading` is empty when the month goes on from the part before."""

    month: str
    heading: str
    count: str
    tiles: tuple[TileView, ...]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    title: str
    lead: str
    month: str
    years: tuple[YearOfMonths, ...]
    months: tuple[MonthOfTiles, ...]
    newer: str
    older: str
    older_words: str


@dataclass(frozen=True, slots=True)
class Fact:
    """The first of `lines` is the fact; the rest says more about it."""

    name: str
    picture: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptionView:
    """The caption of one photo's page. `words` is empty when there is none or it is hidden, `waits` says why there is none yet;
    `seen` and `made` tell words that changed meanwhile, `asked` is the question whose results are looked through."""

    id: int
    kind: str
    words: str
    model: str
    sample: bool
    verdict: str
    looks_again: bool
    waits: str
    may_judge: bool
    may_take: bool
    made: int
    seen: int
    asked: str
    said: str


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One caption of the review. `state`: new, accepted, hidden, again, described or gone; `before` is the page's own place.

    `place` is "review", or "hidden" on the list of those that were hidden, where their words stand."""

    tile: TileView
    words: str
    model: str
    sample: bool
    when: str
    made: int
    state: str
    before: str
    place: str
    said: str


@dataclass(frozen=True, slots=True)
class UndoView:
    """What was just judged without htmx, and the form that takes it back: its address and its fields."""

    said: str
    action: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaptionsPage:
    """`any`: there are captions at all; `lead` says what becomes of those to come. `hidden`: the list of those that were hidden;
    `to_hidden` is its address, when there are any."""

    items: tuple[ReviewItem, ...]
    counts: str
    any: bool
    hidden: bool
    to_hidden: str
    lead: str
    before: str
    newest: str
    older: str
    undo: UndoView | None


@dataclass(frozen=True, slots=True)
class CaptionsChoice:
    """The form on Settings: when the rest of the captions is written. `minutes` is empty for no limit."""

    when: str
    begins: int
    ends: int
    minutes: str
    zone: str
    may_choose: bool
    may_judge: bool
    now: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of text over the picture, in units of the drawing: its box, and `start`, `length` and `size` of its words along it."""

    words: str
    left: float
    top: float
    width: float
    height: float
    start: str
    length: float
    size: float
    baseline: float
    found: bool


@dataclass(frozen=True, slots=True)
class TextView:
    """Text in a picture. `rows` are its rows as runs, found or not; `found` says in how many lines the question's words stand."""

    words: str
    width: int
    height: int
    lines: tuple[LineView, ...]
    rows: tuple[tuple[Run, ...], ...]
    found: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """`name` is empty when it is no document; `decided` says who says so; `undo` is the choice that takes the last one back."""

    name: str
    decided: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    said: str
    undo: str


@dataclass(frozen=True, slots=True)
class TextPage:
    """The part of PhotoPage that photo/_document.html needs."""

    id: int
    kind: str
    document: DocumentView


@dataclass(frozen=True, slots=True)
class PhotoPage:
    """`ready` says that the preview exists; `draft` are words taken into the description's form, not saved yet."""

    id: int
    kind: str
    title: str
    alt: str
    ready: bool
    width: int
    height: int
    media_type: str
    back: str
    back_words: str
    newer: str
    newer_words: str
    older: str
    older_words: str
    description: str
    editing: bool
    saved: str
    draft: str
    caption: CaptionView
    facts: tuple[Fact, ...]
    text: TextView
    document: DocumentView
    look: LookView
    faces: PhotoFaces
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlikePart:
    """The photos in the strip “More like this”."""

    tiles: tuple[TileView, ...]


@dataclass(frozen=True, slots=True)
class UploadLine:
    name: str
    state: str
    asset_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class UploadPage:
    largest: int
    largest_words: str
    free: str
    busy: bool
    tidy: bool
    summary: str
    lines: tuple[UploadLine, ...]


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage with its numbers as words; `all` and `done` drive the bar, `note` is what a person should know."""

    stage: str
    name: str
    does: str
    state: str
    picture: str
    all: int
    done: int
    done_words: str
    waiting_words: str
    running: str
    failed: int
    per_minute: str
    left: str
    paused: bool
    note: str
    estimate: str


@dataclass(frozen=True, slots=True)
class FailureView:
    asset_id: int
    file_name: str
    stage: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexingPage:
    summary: str
    may_steer: bool
    may_judge: bool
    stages: tuple[StageView, ...]
    failures: tuple[FailureView, ...]
    failures_words: str


@dataclass(frozen=True, slots=True)
class SessionView:
    key: str
    agent: str
    address: str
    since: str
    last_seen: str
    current: bool


@dataclass(frozen=True, slots=True)
class ModelView:
    name: str
    purpose: str
    installed: bool
    sample: bool
    fix: str


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """The card in Settings. `on`, `owner`: what there is to choose; `sees`: may this viewer see persons; `viewers`: owner or
    adults; `since` and `receipt` are sentences or empty."""

    on: bool
    owner: bool
    sees: bool
    viewers: str
    since: str
    receipt: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    said: str
    name: str
    kind: str
    birthday: str
    may_invite: bool
    sessions: tuple[SessionView, ...]
    appearance: str
    answers: str
    proposals: str  # "" without a text model: then there is nothing to choose
    models: tuple[ModelView, ...]
    captions: CaptionsChoice
    people: PeopleSettings
    leaves: tuple[str, ...]
    version: str
    library: str
    disk: str
