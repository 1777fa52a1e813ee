"""A home, its store, and the cast: Olive owns the box, Max is a member, Kit a child; Gita holds a link and Stan is a stranger."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from appliance.accounts import sessions, users
from appliance.accounts.passwords import hash_password
from appliance.accounts.viewer import Child, Guest, Member, Owner, Viewer
from appliance.app import open_web, routed
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web.state import Web
from tests import order
from tests.databases import make_empty, new_store
from tests.real_photos import real_library

__all__ = ["real_library"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = order.in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return order.InOrder(config, log)


HOST = "mantel.local"
PASSWORD = "correct horse battery"
START = 1_750_000_000_000
CAST = {"Olive": "owner", "Max": "member", "Kit": "child"}


@dataclass
class Clock:
    """Time in tests passes when it is told to; milliseconds since 1970 UTC."""

    now: int = START

    def __call__(self) -> int:
        return self.now

    def advance(self, *, minutes: float = 0, days: float = 0) -> None:
        self.now += int(minutes * 60_000 + days * 24 * 3_600_000)


class Browser(TestClient[Litestar]):
    """Keeps cookies, follows no redirect, and gets an error as its page. No background work runs: pages alone are tested."""

    def __init__(self, app: Litestar) -> None:
        super().__init__(app, base_url=f"http://{HOST}", raise_server_exceptions=False)
        self.follow_redirects = False

    def log_in(self, name: str, password: str = PASSWORD) -> "Browser":
        """Log in, and from then on send the CSRF token with every request, as htmx does."""
        answer = self.post("/login", data={"name": name, "password": password})
        assert answer.status_code == 303, answer.text
        self.headers["X-CSRF-Token"] = self.csrf()
        return self

    def enter(self, viewer: Viewer) -> "Browser":
        """Like `log_in`, without the tenth of a second that a password takes."""
        assert not isinstance(viewer, Guest)
        web: Web = self.app.state.web
        secret, token = secrets.token_bytes(32), secrets.token_urlsafe(32)
        with web.store.write() as writer:
            sessions.start_session(
                writer, secret, csrf=token, user_id=viewer.user_id, now=web.clock(), agent="Browser", address="192.168.1.7"
            )
        self.cookies.set("mantel", sessions.to_cookie(secret), domain=HOST)
        self.headers["X-CSRF-Token"] = token
        return self

    def csrf(self) -> str:
        secret = sessions.from_cookie(self.cookies["mantel"])
        assert secret is not None
        store: Store = self.app.state.web.store
        with store.read() as reader:
            return str(reader.value("SELECT csrf FROM session WHERE id_hash=?", (sha256(secret).digest(),)))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home with its folders."""
    folder = tmp_path / "home"
    Layout(folder).create()
    return folder


@pytest.fixture
def layout(home: Path) -> Layout:
    return Layout(home)


@pytest.fixture
def store(layout: Layout) -> Iterator[Store]:
    opened = new_store(layout.database, layout.database_copies)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, allowed_hosts=("localhost", "127.0.0.1", HOST))


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Litestar]:
    """The whole web over `home`, as it is right after the start: nobody lives here yet."""
    with served(settings, clock) as made:
        yield made


@contextmanager
def served(settings: Settings, clock: Clock) -> Iterator[Litestar]:
    """The web over the library of `settings`, one at a time: the next takes the place of the one before."""
    make_empty(Layout(settings.home).database)
    made = routes(settings.allowed_hosts)
    known = _known(made)
    made.state.web = web = open_web(settings, clock)
    try:
        yield made
    finally:
        web.store.close()
        if _known(made) != known:
            routes.cache_clear()  # a test gave it a route of its own


@cache
def routes(allowed_hosts: tuple[str, ...]) -> Litestar:
    """The pages, put together once for the whole run: that takes a quarter of a second, and they keep nothing of a library."""
    return routed(allowed_hosts)


def _known(app: Litestar) -> list[tuple[str, frozenset[str]]]:
    return [(route.path, frozenset(route.methods)) for route in app.routes if isinstance(route, HTTPRoute)]


@cache
def known_hash() -> str:
    """PASSWORD, hashed once for the whole run: a hash takes long on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def cast(store: Store) -> dict[str, Viewer]:
    """Olive, Max and Kit with an account each, all with PASSWORD; Gita as whoever holds share link 1."""
    with store.write() as writer:
        ids = {
            name: users.add_user(writer, name=name, kind=kind, password_hash=known_hash(), now=START) for name, kind in CAST.items()
        }
    return {
        "Olive": Owner(ids["Olive"], "Olive"),
        "Max": Member(ids["Max"], "Max"),
        "Kit": Child(ids["Kit"], "Kit"),
        "Gita": Guest(share_id=1),
    }


@pytest.fixture
def stan(app: Litestar) -> Browser:
    return Browser(app)


@pytest.fixture
def gita(app: Litestar) -> Browser:
    return Browser(app)


@pytest.fixture
def olive(app: Litestar, cast: dict[str, Viewer]) -> Browser:
    return Browser(app).enter(cast["Olive"])


@pytest.fixture
def max_(app: Litestar, cast: dict[str, Viewer]) -> Browser:
    return Browser(app).enter(cast["Max"])


@pytest.fixture
def kit(app: Litestar, cast: dict[str, Viewer]) -> Browser:
    return Browser(app).enter(cast["Kit"])


def add_photo(store: Store, layout: Layout, name: str = "beach.jpg", *, hidden: bool = False) -> int:
    """Put a photo into the library, as far as pages see it: a row, and files whose bytes say what they are. Return its id."""
    content = f"original of {name}".encode()
    digest = sha256(content).hexdigest()
    relative = f"2024/2024-07-14/{name}"
    for path, data in (
        (layout.original(relative), content),
        (layout.preview(digest), f"preview of {name}".encode()),
        (layout.thumbnail(digest), f"thumbnail of {name}".encode()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with store.write() as writer:
        return writer.insert(
            """INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, width, height,
                                 capture_time, time_source, added_at, hidden)
               VALUES(?,?,?,?,?,'jpeg','photo',4000,3000,'2024-07-14T12:00:00','exif',?,?)""",
            (digest, relative, name, len(content), START, START, int(hidden)),
        )
