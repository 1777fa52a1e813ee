"""The pages of the box as the bar and the list behind “More” name them: one list; a new page adds one line.

A wide window shows every entry of BAR, a phone the first FIRST and the others behind “More”, where LATER always is."""

from dataclasses import dataclass

from appliance.accounts.viewer import Child, Family

FIRST = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """`within` are beginnings of the other addresses that belong to this page; a child's account does not see what is for
    `grown_ups`, and what is for `people` only they who may see persons, while People is on."""

    href: str
    name: str
    picture: str
    within: tuple[str, ...] = ()
    grown_ups: bool = False
    people: bool = False


BAR = (
    Entry("/", "Ask", "ask", ("/ask", "/conversations/")),
    Entry("/timeline", "Timeline", "timeline"),
    Entry("/albums", "Albums", "album", ("/albums/",)),
    Entry("/map", "Map", "map", ("/map/",)),
    Entry("/shares", "Shares", "share", ("/shares/",), grown_ups=True),
    Entry("/upload", "Add", "upload"),
    Entry("/indexing", "Indexing", "indexing"),
    Entry("/settings", "Settings", "settings"),
)
LATER = (
    Entry("/people", "People", "people", ("/people/",), people=True),
    Entry("/conversations", "What you asked", "asked"),
    Entry("/inspections", "Inspections", "inspect", ("/inspections/",)),
    Entry("/captions", "Captions", "words", grown_ups=True),
    Entry("/backup", "Backup", "backup", ("/backup/",), grown_ups=True),
    Entry("/models", "Models", "models"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry for one viewer on one page; `later`: on a phone it stands behind “More”."""

    href: str
    name: str
    picture: str
    current: bool
    later: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    """`current_later`: the page that is shown is one of those behind “More”; `current_always`: there on a wide window, too."""

    bar: tuple[Link, ...]
    later: tuple[Link, ...]

    @property
    def current_later(self) -> bool:
        return any(link.current for link in (*self.later, *(link for link in self.bar if link.later)))

    @property
    def current_always(self) -> bool:
        return any(link.current for link in self.later)


def navigation(viewer: Family, here: str, people: bool) -> Navigation:
    """The pages that `viewer`, who sees `people` or not, may use, seen from the path `here`."""
    bar, later = (
        [entry for entry in entries if not (entry.grown_ups and isinstance(viewer, Child)) and (people or not entry.people)]
        for entries in (BAR, LATER)
    )
    return Navigation(
        tuple(_link(entry, here, later=index >= FIRST) for index, entry in enumerate(bar)),
        tuple(_link(entry, here, later=True) for entry in later),
    )


def _link(entry: Entry, here: str, *, later: bool) -> Link:
    return Link(entry.href, entry.name, entry.picture, here == entry.href or here.startswith(entry.within), later)
