"""What the templates of asking are given, like contexts.py: results, conversations, what is offered, albums."""

from dataclasses import dataclass

from appliance.web.contexts import TileView


@dataclass(frozen=True, slots=True)
class SuggestionView:
    sentence: str
    href: str
    picture: str


@dataclass(frozen=True, slots=True)
class ChipView:
    """One thing that was understood; `href` asks again without it; of words that were left aside, with them. `field` is what it
    says when it can be changed, else empty."""

    label: str
    href: str
    picture: str
    token: str
    field: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class PieceView:
    """Some words of the answer; `href` leads to the rows that they are drawn from, empty when that is all of the results."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class BarView:
    """One year or month of a plot: `x` to `height` in its drawing, `days` and `assets` as words for the table."""

    name: str
    days: str
    assets: str
    href: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PlotView:
    """`summary` says in words what is drawn; `ticks` are the names below the first and last bar."""

    summary: str
    width: int
    height: int
    bars: tuple[BarView, ...]
    ticks: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ActionView:
    """What is offered, or what became of it. `does` is what the button says; `field` is the label of the name, empty when there is
    none to give. `said` tells what was done, `album` leads to it."""

    id: int
    does: str
    field: str
    name: str
    said: str
    may_undo: bool
    album: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """What was proposed for photos that somebody chose, with the first of them."""

    title: str
    count: str
    action: ActionView
    tiles: tuple[TileView, ...]


@dataclass(frozen=True, slots=True)
class TurnView:
    """One question of the conversation; `follows`: it changed the one before it."""

    sentence: str
    href: str
    current: bool
    follows: bool


@dataclass(frozen=True, slots=True)
class HitView:
    tile: TileView
    why: str


@dataclass(frozen=True, slots=True)
class LookView:
    """A question about one picture, which the vision model answers: it streams from `answer_from`, or is posted to `post_to`."""

    question: str
    answer_from: str
    post_to: str
    model: str
    sample: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A text model's proposal: `means` in words of this box, `values` by the form's fields, sent back with `here` when chosen."""

    means: str
    count: str
    here: str
    values: tuple[tuple[str, str], ...]
    model: str
    sample: bool


@dataclass(frozen=True, slots=True)
class UnreadView:
    """The words about which a text model is asked: its proposal streams from `stream_from`; `page_at` is the page with it.
    Where it was waited for, `proposal` is there, or `said` why there is none."""

    left: str
    stream_from: str
    page_at: str
    proposal: ProposalView | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """An offer to look at each candidate for `thing`; without a vision model `lacks_model` and the words alone decide."""

    thing: str
    lacks_model: bool


@dataclass(frozen=True, slots=True)
class FoundView:
    """Results. `answer` is the whole answer, or empty: then it streams from `answer_from`, unless that is empty too.

    `after` are the sentences that a bookmark follows up on, `turns` those of a conversation. `here` is sent with the next question.
    `about_box`: no photos were asked for. `maybe` are shown under few matches, or none.
    `lacks_album`: the sentence names an album that is not there. `change_at` is where chips are changed and pinned; empty for a
    bookmark. `look` takes the place of the answer. `unlock` leads to where People is unlocked, and back; empty when no name is
    needed."""

    total: int
    count: str
    about_box: bool
    after: tuple[str, ...]
    turns: tuple[TurnView, ...]
    conversation: str
    here: str
    chips: tuple[ChipView, ...]
    change_at: str
    hits: tuple[HitView, ...]
    maybe: tuple[HitView, ...]
    notes: tuple[str, ...]
    unlock: str
    lacks_album: bool
    answer: tuple[PieceView, ...]
    plot: PlotView | None
    answer_from: str
    look: LookView | None
    check: CheckView | None
    unread: UnreadView | None
    actions: tuple[ActionView, ...]
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
class ConversationLine:
    id: int
    title: str
    href: str
    when: str


@dataclass(frozen=True, slots=True)
class ConversationsPage:
    """`deleted` is the id of one that was just deleted and can come back; 0 when there is none."""

    lines: tuple[ConversationLine, ...]
    deleted: int
    said: str
    older: str
    newer: str


@dataclass(frozen=True, slots=True)
class AlbumView:
    id: int
    title: str
    count: str
    cover: TileView | None


@dataclass(frozen=True, slots=True)
class AlbumsPage:
    """`gone` are the ids and titles of albums that can be brought back, `deleted` the one that was just deleted."""

    albums: tuple[AlbumView, ...]
    gone: tuple[tuple[int, str], ...]
    deleted: int


@dataclass(frozen=True, slots=True)
class AlbumPage:
    """`former` is the title before, when it was just renamed."""

    id: int
    may_change: bool
    may_delete: bool
    former: str
    title: str
    count: str
    tiles: tuple[TileView, ...]
    more: str
