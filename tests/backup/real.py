"""A library with real originals, a repository made by real restic, and a backup of it as a night makes one."""

from pathlib import Path

from appliance.backup import keys, nightly, plan
from appliance.backup.box import Box
from appliance.backup.plan import Wish
from appliance.backup.repositories import Repository
from appliance.backup.runs import Run
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, add_photo

YEARS = (2019, 2021, 2024)


def library(store: Store, layout: Layout, count: int = 9) -> list[int]:
    """Photos of three years, each with other bytes; the first one has a sidecar."""
    ids = []
    for number in range(count):
        asset_id = add_photo(store, layout, f"photo {number}.jpg")
        year = YEARS[number % len(YEARS)]
        relative = f"{year}/{year}-07-14/photo {number}.jpg"
        old = layout.original(f"2024/2024-07-14/photo {number}.jpg")
        if layout.original(relative) != old:
            layout.original(relative).parent.mkdir(parents=True, exist_ok=True)
            old.rename(layout.original(relative))
        with store.write() as writer:
            sql = "UPDATE asset SET original=?, capture_time=? WHERE id=?"
            writer.run(sql, (relative, f"{year}-07-14T12:00:00", asset_id))
        ids.append(asset_id)
    layout.original(f"{YEARS[0]}/{YEARS[0]}-07-14/photo 0.jpg.xmp").write_text("<x/>")
    return ids


def box_of(store: Store, layout: Layout, now: int = START) -> Box:
    return Box(store, layout, lambda: now)


def add(box: Box, folder: Path, name: str = "shelf", *, offsite: bool = False) -> Repository:
    folder.mkdir(exist_ok=True)
    return plan.add(box, Wish(name, str(folder), offsite=offsite)).repository


def passphrase(box: Box, repository: Repository) -> str:
    return keys.passphrase(box.layout, repository.keys_folder)


def backed_up(box: Box, repository: Repository) -> Run:
    """A night's run; what it held back or could not do stands in it."""
    return nightly.run(box, [repository])[0]


def pack_of(folder: Path) -> Path:
    """The largest pack of a repository: the one with the originals' bytes."""
    return max((path for path in (folder / "data").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)


def flip(file: Path) -> None:
    """Change four bytes in the middle, as a disk does that decays."""
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 4] = bytes(byte ^ 0xFF for byte in content[middle : middle + 4])
    file.write_bytes(content)
