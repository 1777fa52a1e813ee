"""What the templates are given: one frozen dataclass for each page or fragment, holding words ready to be shown."""

from dataclasses import dataclass


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
class SuggestionView:
    sentence: str
    href: str
    picture: str


@dataclass(frozen=True, slots=True)
class ChipView:
    """One thing that was understood; `href` asks again without it."""

    label: str
    href: str
    picture: str


@dataclass(frozen=True, slots=True)
class HitView:
    tile: TileView
    why: str


@dataclass(frozen=True, slots=True)
class FoundView:
    """Results. `answer` is the whole answer, or empty: then it streams from `answer_from`. `after` are the sentences that this
    question follows up on, `following` those that the next one would."""

    total: int
    count: str
    after: tuple[str, ...]
    following: tuple[str, ...]
    chips: tuple[ChipView, ...]
    hits: tuple[HitView, ...]
    notes: tuple[str, ...]
    answer: str
    answer_from: str
    more: str


@dataclass(frozen=True, slots=True)
class AskPage:
    sentence: str
    example: str
    empty: bool
    suggestions: tuple[SuggestionView, ...]
    latest: tuple[TileView, ...]
    found: FoundView | None


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
class PhotoPage:
    """`ready` says that the preview exists; `caption_waits` is a sentence on why there is no caption yet."""

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
    caption: str
    caption_model: str
    caption_sample: bool
    caption_waits: str
    facts: tuple[Fact, ...]
    text: str
    failures: tuple[str, ...]


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
class SettingsPage:
    said: str
    name: str
    kind: str
    sessions: tuple[SessionView, ...]
    appearance: str
    models: tuple[ModelView, ...]
    leaves: tuple[str, ...]
    version: str
    library: str
    disk: str
