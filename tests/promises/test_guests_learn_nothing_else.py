"""A guest who holds a link gets its photos and its title. Every byte that he can fetch is searched for everything else there is.

The whole way is real: photos taken in, words written about them, an album, a link made by the owner, copies made and proven by the
worker.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from litestar import Litestar
from PIL import Image

from appliance.accounts.viewer import Owner
from appliance.app import create_app, create_guest_app
from appliance.library import albums
from appliance.settings import Settings
from appliance.sharing import links
from appliance.sharing.clean_copies import Size
from appliance.sharing.links import Options
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web.state import wall_clock
from appliance.worker import Worker
from tests import drawn
from tests.conftest import HOST, Browser

LARGE = 73_400_210  # ids from here on are told apart from every other number
PLANTED = {
    "file name": "Kindergarten-Lindenstrasse",
    "camera": "Kanoniker 7000",
    "maker of the camera": "Optikwerk",
    "description": "Mia's seventh birthday in the garden",
    "caption": "a girl blows out seven candles",
    "tag": "birthdays-of-mia",
    "text": "RECHNUNG 4711",
    "album": "Mia and her friends",
    "town": "Grimmelshausen",
    "owner": "Olivenbaum",
    "member": "Maximilianus",
    "capture day": "2023:05:17",
    "capture day, as kept": "2023-05-17",
    "capture day, for people": "17 May 2023",
    "capture time": "16:42:11",
}


class Addresses(HTMLParser):
    """Everything that a page names: links, pictures, forms, and what scripts read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name in ("href", "src", "poster", "action") or value.startswith("/")):
                self.found.add(value.partition("#")[0])


@dataclass(frozen=True)
class House:
    """A library whose every word is planted, and the secrets that came by themselves: hashes, ids, folders."""

    store: Store
    worker: Worker
    owner: Owner
    assets: list[int]
    home: Path

    def secrets(self) -> dict[str, bytes]:
        """Name → bytes that no guest may find."""
        found = {name: word.encode() for name, word in PLANTED.items()}
        with self.store.read() as reader:
            for number, (asset, digest) in enumerate(reader.all("SELECT id, sha256 FROM asset")):
                found |= {f"asset {number}": str(asset).encode(), f"SHA-256 {number}": digest.encode()}
            for number, (copy, folder) in enumerate(reader.all("SELECT id, folder FROM clean_copy")):
                found |= {f"copy {number}": str(copy).encode(), f"folder {number}": folder.encode()}
            found["digest of the token"] = reader.value("SELECT hex(token_hash) FROM share_link LIMIT 1").lower().encode()
            for table in ("album", "user", "share_link"):
                found[f"id of {table}"] = str(reader.value(f"SELECT max(id) FROM {table}")).encode()
            for column in ("made_at", "expires_at"):
                found[column] = str(reader.value(f"SELECT max({column}) FROM share_link")).encode()
        return found | {"home": str(self.home).encode()}


@pytest.fixture
def house(tmp_path: Path, settings: Settings, store: Store, layout: Layout) -> Iterator[House]:
    worker = Worker(settings, store, layout)
    with store.write() as writer:
        for table in ("asset", "user", "album", "share_link", "clean_copy"):
            writer.run("INSERT INTO sqlite_sequence(name, seq) VALUES(?,?)", (table, LARGE))
        ids = [
            writer.insert("INSERT INTO user(name, kind, password_hash, created_at) VALUES(?,?,'',0)", (PLANTED[who], who))
            for who in ("owner", "member")
        ]
    owner = Owner(ids[0], PLANTED["owner"])
    assets = []
    for number, (width, height) in enumerate(((2600, 1800), (900, 1400), (640, 480))):
        tags = drawn.exif(
            taken="2023:05:17 16:42:11", place=(48.14, 11.58), make=PLANTED["maker of the camera"], model=PLANTED["camera"]
        )
        file = tmp_path / f"{number}.jpg"
        file.write_bytes(drawn.picture(width=width, height=height, tags=tags, text=str(number)))
        taken = worker.intake.take(file, file_name=f"{PLANTED['file name']} {number}.jpg", added_by=owner.user_id, now=wall_clock())
        assets.append(taken.asset_id)
    with store.write() as writer:
        writer.run("UPDATE asset SET description=?, town=?", (PLANTED["description"], PLANTED["town"]))
        for asset in assets:
            writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'m',?,0)", (asset, PLANTED["caption"]))
            writer.run("INSERT INTO tag VALUES(?,?,'person')", (asset, PLANTED["tag"]))
            writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'m',?)", (asset, PLANTED["text"]))
        albums.put(writer, owner, albums.make(writer, owner, PLANTED["album"], now=0), assets, now=0)
    yield House(store, worker, owner, assets, settings.home)
    worker.close()


def shared(house: House, size: Size) -> str:
    """Make a link to everything and wait until it lives; return its token."""
    token = sha256(size.encode()).digest()
    with house.store.write() as writer:
        options = Options(title="A day in May", size=size)
        link = links.create(writer, house.owner, house.assets, options, token=token, now=wall_clock())

    def state() -> str:
        with house.store.read() as reader:
            return links.get(reader, house.owner, link, now=wall_clock()).state

    house.worker.run(lambda: state() != "making", stages=())
    assert state() == "live"
    return links.token_text(token)


def fetched(browser: Browser, start: str) -> dict[str, bytes]:
    """Address → headers and body of everything that can be reached from `start`, whatever is packed in it unpacked."""
    waiting, done = {start}, {}
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
        done[path] = headers + b"\n\n" + answer.content
        kind = answer.headers["content-type"]
        if kind.startswith("text/html"):
            read = Addresses()
            read.feed(answer.text)
            waiting |= {address for address in read.found if address.partition("?")[0] != path} - done.keys()
            waiting |= {f"{address}/file" for address in read.found if re.fullmatch(rf"{start}/\d+", address)} - done.keys()
        elif kind == "application/zip":
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                for info in archive.infolist():
                    done[f"{path}: {info.filename}"] = repr(info).encode() + info.extra + info.comment + archive.read(info)
        elif kind.startswith("image/") and kind != "image/svg+xml":
            with Image.open(io.BytesIO(answer.content)) as image:
                image.load()
                done[f"{path}: told by Pillow"] = repr(
                    {name: image.info[name] for name in image.info if name != "icc_profile"}
                ).encode()
                assert not image.getexif()
    return done


def finds(content: bytes, secret: bytes) -> bool:
    text = secret.decode()
    ways = (secret, secret.lower(), text.encode("utf-16-le"), text.encode("utf-16-be"), text.replace(" ", "+").encode())
    return any(way in content for way in ways)


@pytest.mark.parametrize("size", ["screen", "full"])
@pytest.mark.parametrize("port", [create_app, create_guest_app])
def test_every_byte_that_a_guest_can_fetch_holds_nothing_of_the_house(
    house: House, settings: Settings, size: Size, port: type[Litestar]
) -> None:
    token = shared(house, size)
    app = port(settings)  # type: ignore[arg-type]
    try:
        got = fetched(Browser(app), f"/s/{token}")
    finally:
        (app.state.web if "web" in app.state else app.state.guest_side).store.close()
    assert len([path for path in got if path.endswith(("/thumb", "/view", "/file"))]) == 9
    assert any(": photo-003.jpg" in path for path in got), "the zip was opened"
    found = {
        (path, name)
        for path, content in got.items()
        for name, secret in house.secrets().items()
        if finds(content.replace(token.encode(), b""), secret)
    }
    assert found == set()
    assert HOST.encode() not in b"".join(got.values())


def test_the_search_would_find_what_is_there(house: House) -> None:
    shared(house, "screen")
    original = (house.home / "originals").rglob("*.jpg")
    content = b"".join(path.name.encode() + path.read_bytes() for path in original)
    secrets = house.secrets()
    assert {name for name in ("file name", "camera", "maker of the camera", "capture day") if finds(content, secrets[name])} == {
        "file name", "camera", "maker of the camera", "capture day",
    }  # fmt: skip
