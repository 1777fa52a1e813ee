"""What sharing promises the household: a link ends at once, nothing on the disk opens it, no child makes one, no name is written
down."""

import re
from pathlib import Path

import pytest
from litestar import Litestar

from appliance.accounts.viewer import Viewer
from appliance.library import selections
from appliance.sharing import links
from appliance.sharing.links import Options, token_text
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import PASSWORD, START, Browser, add_photo
from tests.sharing.links_made import family, make_all, share

TOKEN = bytes(range(32))
ADDRESS = f"/s/{token_text(TOKEN)}"
GUESTS_PASSWORD = "told by telephone"


@pytest.fixture
def photos(store: Store, layout: Layout) -> list[int]:
    return [add_photo(store, layout, name) for name in ("Birthday of Kit.jpg", "beach.jpg")]


def files(layout: Layout) -> list[Path]:
    return [path for path in layout.home.rglob("*") if path.is_file()]


def test_a_revoked_link_answers_like_one_that_never_was_and_its_copies_are_gone(
    olive: Browser, gita: Browser, store: Store, layout: Layout, cast: dict[str, Viewer], photos: list[int]
) -> None:
    link = share(store, family(cast, "Olive"), photos, of=TOKEN)
    make_all(store, layout)
    parts = (
        ADDRESS,
        *(f"{ADDRESS}/{number}/{part}" for number in (1, 2) for part in ("thumb", "view", "file")),
        f"{ADDRESS}/all.zip",
    )
    assert {part: gita.get(part).status_code for part in parts} == dict.fromkeys(parts, 200)
    olive.post(f"/shares/{link}/revoke")
    never = gita.get("/s/" + "x" * 43)
    assert {(gita.get(part).status_code, gita.get(part).content) for part in parts} == {(404, never.content)}
    assert list(layout.clean_copies.iterdir()) == []


def test_nothing_in_the_home_opens_a_link(
    olive: Browser, store: Store, layout: Layout, cast: dict[str, Viewer], photos: list[int]
) -> None:
    with store.write() as writer:
        number = selections.keep(writer, family(cast, "Olive"), photos, now=START)
    fields = {"selection": str(number), "downloads": "yes", "password": GUESTS_PASSWORD}
    where = olive.post("/shares", data=fields).headers["location"]
    make_all(store, layout)
    shown = re.search(r'value="http://[^"]*/s/([\w-]{43})"', olive.get(where).text)
    assert shown
    for path in files(layout):
        content = path.read_bytes()
        assert shown[1].encode() not in content, path
        assert GUESTS_PASSWORD.encode() not in content, path
        assert PASSWORD.encode() not in content, path


def test_a_child_shares_nothing_in_any_way(
    kit: Browser, store: Store, layout: Layout, cast: dict[str, Viewer], photos: list[int]
) -> None:
    theirs = share(store, family(cast, "Olive"), photos, of=TOKEN)
    with store.write() as writer:
        number = selections.keep(writer, family(cast, "Kit"), photos, now=START)
    for path in ("/shares", f"/shares/new?selection={number}", f"/shares/{theirs}", f"/shares/{theirs}/progress"):
        assert kit.get(path).status_code == 403
    for path in (
        "/shares",
        *(f"/shares/{theirs}/{act}" for act in ("extend", "password", "address", "again", "leave-out", "revoke")),
    ):
        assert kit.post(path, data={"selection": str(number), "days": "3"}).status_code == 403
    assert kit.post("/selections", data={"then": "share", "asset": str(photos[0])}).status_code == 403
    assert "Share" not in kit.get(f"/photos/{photos[0]}").text
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM share_link") == 1


def test_the_audit_log_names_nobody_and_nothing(olive: Browser, store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    title = "Birthday for Grandma Gerda"
    link = share(store, family(cast, "Olive"), photos, Options(title), of=TOKEN)
    make_all(store)
    olive.post(f"/shares/{link}/extend", data={"days": "3"})
    olive.post(f"/shares/{link}/password", data={"password": GUESTS_PASSWORD})
    olive.post(f"/shares/{link}/address")
    olive.post(f"/shares/{link}/revoke")
    with store.read() as reader:
        written = reader.all("SELECT action, subjects FROM audit ORDER BY id")
    assert [action for action, _ in written] == [
        "share.made", "asset.shared", "share.extended", "share.password", "share.address", "share.revoked",
    ]  # fmt: skip
    assert all(re.fullmatch(r"\[[\d, ]*\]", subjects) for _, subjects in written)


def test_no_link_is_without_an_end(store: Store, cast: dict[str, Viewer], photos: list[int], app: Litestar) -> None:
    share(store, family(cast, "Olive"), photos, of=TOKEN)
    make_all(store)
    clock, gita = app.state.web.clock, Browser(app)
    assert gita.get(ADDRESS).status_code == 200
    clock.advance(days=14, minutes=-1)
    assert gita.get(ADDRESS).status_code == 200
    clock.advance(minutes=1)
    assert gita.get(ADDRESS).status_code == 404
    with store.write() as writer:
        assert len(links.tidy(writer, now=clock.now)) == len(photos)
