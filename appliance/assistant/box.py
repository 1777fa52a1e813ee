"""Questions about the box itself, answered from its real state; of what is not built yet the answer says so."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from appliance.accounts.viewer import Family, Owner
from appliance.assistant.answer import Said, Sentence, day
from appliance.assistant.plan import Topic
from appliance.library.access import visible_assets
from appliance.store import queue
from appliance.store.db import Reader
from appliance.store.layout import Layout

GIGABYTE = 10**9
NO_BACKUPS = "No. Mantel makes no backups yet: everything is on this one disk. Keep your own copies until it does."
NO_SHARES = "Nobody. Sharing is not built yet: nobody without an account here sees a photo."
NOT_BUILT: dict[Topic, str] = {
    "share": "Sharing is not built yet. Nothing was shared. A photo's page has a button to download it.",
    "delete": "Deleting is not built yet. Nothing was deleted. To take photos out of sight, say “hide these”.",
    "ask first": "Ask for the photos first. Then say what to do with these.",
}


@dataclass(frozen=True, slots=True)
class Box:
    """What an answer is drawn from: one snapshot, who asks, the home, the stages of indexing, whether a model writes captions, and
    the machine in the house that looks at pictures, if the owner chose one."""

    reader: Reader
    viewer: Family
    layout: Layout
    stages: tuple[str, ...]
    captions: bool
    now: int
    elsewhere: str = ""


def answer(topic: Topic, box: Box) -> Iterator[Said]:
    """Yield the answer piece by piece, as answer.answer does."""
    sentences = _TOPICS[topic](box) if topic in _TOPICS else iter([[Said(NOT_BUILT[topic])]])
    for number, sentence in enumerate(sentences):
        yield from [Said(" "), *sentence] if number else sentence


def _photos(box: Box) -> Iterator[Sentence]:
    seen = f"{visible_assets(box.viewer)} AND hidden = 0"
    photos, videos, undated = box.reader.one(
        f"""SELECT count(*) FILTER (WHERE kind='photo'), count(*) FILTER (WHERE kind='video'),
            count(*) FILTER (WHERE time_source='upload') FROM asset WHERE {seen}"""
    )
    if not photos + videos:
        yield [Said("None yet. Add some on the page Add.")]
        return
    yield [Said(f"{photos:,} photo{'' if photos == 1 else 's'} and {videos:,} video{'' if videos == 1 else 's'}.")]
    dated = f"SELECT id, capture_time FROM asset WHERE {seen} AND time_source<>'upload' ORDER BY capture_time"
    first, last = box.reader.first(f"{dated} LIMIT 1"), box.reader.first(f"{dated} DESC LIMIT 1")
    if first and last:
        oldest, newest = Said(day(first[1]), (first[0],)), Said(day(last[1]), (last[0],))
        yield [Said("The oldest is of "), oldest, Said(", the newest of "), newest, Said(".")]
    if undated:
        yield [Said(f"{undated:,} without a date of {'its' if undated == 1 else 'their'} own.")]
    if isinstance(box.viewer, Owner) and (hidden := box.reader.value(_HIDDEN)):
        yield [Said(f"{hidden:,} more {'is' if hidden == 1 else 'are'} hidden; only you see {'it' if hidden == 1 else 'them'}.")]


_HIDDEN = "SELECT count(*) FROM asset WHERE deleted_at IS NULL AND hidden = 1"


def _indexing(box: Box) -> Iterator[Sentence]:
    counts = queue.counts(box.reader, box.stages, now=box.now)
    waiting = {count.stage: count.waiting + count.running + count.blocked for count in counts}
    captions = waiting.get("caption", 0)
    others = sum(waiting.values()) - captions
    failed, paused = sum(count.failed for count in counts), [count.stage for count in counts if count.paused]
    if others:
        yield [Said(f"No: {captions + others:,} steps to go.")]
    else:
        yield [Said("Nearly." if captions else "Yes, everything is done.")]
    if captions:
        why = "" if box.captions else " They wait for a vision model; nothing else waits for them."
        yield [Said(f"{captions:,} photo{' has' if captions == 1 else 's have'} no caption yet.{why}")]
    if paused:
        yield [Said(f"Paused: {', '.join(paused)}.")]
    if failed:
        yield [Said(f"{failed:,} failed; the Indexing page says why.")]


def _room(box: Box) -> Iterator[Sentence]:
    disk = shutil.disk_usage(box.layout.home)
    held = int(box.reader.value("SELECT coalesce(sum(bytes), 0) FROM asset"))
    yield [Said(f"{_gigabytes(disk.free)} of {_gigabytes(disk.total)} are free. The originals take {_gigabytes(held)}.")]
    assets = int(box.reader.value("SELECT count(*) FROM asset"))
    if held and assets >= 20:
        yield [Said(f"At their average size that is room for about {round(disk.free / (held / assets), -2):,.0f} more.")]


def _left(box: Box) -> Iterator[Sentence]:
    if box.elsewhere:
        yield [Said(f"Pictures are looked at on another machine, {box.elsewhere}, because the owner chose it: previews go there.")]
        yield [Said("Nothing else was sent; sharing and off-site copies are not built yet.")]
    else:
        yield [
            Said("Nothing that Mantel sent. It asks only an address that the owner typed, to fetch a model, and sends no photo.")
        ]
        yield [Said("Sharing and off-site copies are not built yet.")]
    yield [Said("What somebody who is logged in downloaded is not recorded.")]


def _gigabytes(count: int) -> str:
    return f"{count / GIGABYTE:,.1f} GB"


_TOPICS: dict[Topic, Callable[[Box], Iterator[Sentence]]] = {
    "photos": _photos,
    "indexing": _indexing,
    "room": _room,
    "left": _left,
    "backup": lambda _: iter([[Said(NO_BACKUPS)]]),
    "shares": lambda _: iter([[Said(NO_SHARES)]]),
}
