"""What the templates of the backup pages are given; contexts.py holds the rest."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TodoView:
    """`href` leads to a page; else `action` is where the button posts to, with `repository` (0: all)."""

    sentence: str
    bad: bool
    button: str
    href: str
    action: str
    repository: int


@dataclass(frozen=True, slots=True)
class CopyView:
    """One copy; `id` 0 is the live one. `done` of `total` bytes and `left` while a backup runs; `doing` is empty when none does."""

    id: int
    name: str
    place: str
    where: str
    picture: str
    state: str
    good: bool
    facts: tuple[tuple[str, str], ...]
    doing: str
    done: int
    total: int
    left: str
    paused: bool


@dataclass(frozen=True, slots=True)
class SourceView:
    who: str
    words: str
    good: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """`what`: a backup, a check or a drill; `href`: its certificate, or empty."""

    when: str
    what: str
    where: str
    outcome: str
    picture: str
    reason: str
    href: str


@dataclass(frozen=True, slots=True)
class PlotView:
    """Two lines as SVG points; `rows`: the same as (day, in every copy, in the library)."""

    expected: str
    held: str
    width: int
    height: int
    first: str
    last: str
    summary: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class BackupPage:
    """`may_see`: the owner sees more than the sentence."""

    may_see: bool
    colour: str
    picture: str
    sentence: str
    todo: tuple[TodoView, ...]
    copies: tuple[CopyView, ...]
    sources: tuple[SourceView, ...]
    plot: PlotView | None
    runs: tuple[RunView, ...]
    waiting: tuple[str, ...]
    unprotected: str
    busy: bool
    said: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    runs: tuple[RunView, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class FileView:
    asset_id: int
    name: str
    words: str
    why: str
    mendable: bool


@dataclass(frozen=True, slots=True)
class FilesPage:
    summary: str
    alarms: tuple[FileView, ...]
    files: tuple[FileView, ...]
    after: int | None
    said: str


@dataclass(frozen=True, slots=True)
class DrillPage:
    """`files`: (path, what was found) of those that were not as they should be."""

    number: int
    when: str
    where: str
    passed: bool
    sentence: str
    facts: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place for a copy; `away`: usually outside the house; `login`: what its user name is called, or empty."""

    name: str
    title: str
    words: str
    label: str
    example: str
    hint: str
    away: bool
    login: str
    rclone: bool


class Typed(Protocol):
    """What stands in the fields of the form that adds a copy, secrets apart."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def offsite(self) -> bool: ...
    @property
    def append_only(self) -> bool: ...
    @property
    def removable(self) -> bool: ...
    @property
    def upload_kib(self) -> int: ...


@dataclass(frozen=True, slots=True)
class AddPage:
    """`kind` None: it is still to be chosen."""

    kinds: tuple[Kind, ...]
    kind: Kind | None
    typed: Typed
    fault: str


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A request and what came of it. `slow`: no backup process has taken it for a minute."""

    number: int
    title: str
    name: str
    state: str
    busy: bool
    said: str
    done: int
    total: int
    progress: str
    slow: bool
    href: str
    words: str


class Meant(Protocol):
    """What stands in the fields of the form that restores."""

    @property
    def selection(self) -> int: ...
    @property
    def asset(self) -> int: ...
    @property
    def album(self) -> int: ...
    @property
    def date(self) -> str: ...
    @property
    def into(self) -> str: ...


@dataclass(frozen=True, slots=True)
class RestorePage:
    """`single`: the asset when it is one alone, or 0; `confirm`: the password must be typed again; `recent`: (number, what came of
    it)."""

    typed: Meant
    summary: str
    single: int
    fault: str
    possible: bool
    folder: str
    confirm: bool
    recent: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class TakeOutPage:
    """`since`: how long ago it was taken out, or empty; `lost`: what is lost; `copies`: (name, only takes new data)."""

    asset: int
    name: str
    since: str
    lost: str
    copies: tuple[tuple[str, bool], ...]
    confirm: bool


@dataclass(frozen=True, slots=True)
class SheetCopy:
    """`needs`: what else opens it; `confirmed`: the day on which the passphrase was typed back, or empty."""

    id: int
    name: str
    address: str
    passphrase: str
    needs: str
    confirmed: str
    fault: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """`waits`: the backup process has not handed the passphrases over yet."""

    copies: tuple[SheetCopy, ...]
    today: str
    waits: bool


class ToldTyped(Protocol):
    """What stands in the fields of the form that says where messages go; of the secrets nothing comes back."""

    @property
    def kind(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def server(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def tls(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def box(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TellingView:
    """Where messages go now; `last` says when one went out, `problem` what is wrong, or nothing."""

    where: str
    last: str
    problem: str


@dataclass(frozen=True, slots=True)
class TellingPage:
    """`kind`: of the form that is shown, or empty; `now` None while it is off; `sentences`: all that is ever sent."""

    kind: str
    typed: ToldTyped
    fault: str
    now: TellingView | None
    sentences: tuple[str, ...]
    confirm: bool
