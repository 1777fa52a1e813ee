"""Questions about the box itself, answered from its real state; of what is not built yet the answer says so."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from appliance.accounts.viewer import Child, Family, Owner
from appliance.assistant.answer import Said, Sentence, day
from appliance.assistant.plan import Topic
from appliance.backup import status
from appliance.library.access import visible_assets
from appliance.sharing import links
from appliance.sharing.links import Link
from appliance.store import queue
from appliance.store.db import Reader
from appliance.store.layout import Layout

GIGABYTE = 10**9
FOR_ADULTS = "The grown-ups look after that: the owner sees it on the page Backup."
MOST_LINKS = 3
NOT_BUILT: dict[Topic, str] = {
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


def _backup(box: Box) -> Iterator[Sentence]:
    """The verdict of the page Backup, in its words; a child hears who looks after it."""
    if isinstance(box.viewer, Child):
        yield [Said(FOR_ADULTS)]
        return
    verdict = status.verdict(box.reader, now=box.now)
    yield [Said(verdict.sentence)]
    if isinstance(box.viewer, Owner) and verdict.todo:
        yield [Said("The page Backup says what to do.")]


def _away(box: Box) -> str:
    """Where backups go out of the house; empty when they do not."""
    away = int(box.reader.value("SELECT count(*) FROM repository WHERE offsite = 1"))
    if not away:
        return ""
    return f"Backups go, encrypted, to {'one place' if away == 1 else f'{away} places'} away from home that the owner added."


def _left(box: Box) -> Iterator[Sentence]:
    away = _away(box)
    if box.elsewhere:
        yield [Said(f"Pictures are looked at on another machine, {box.elsewhere}, because the owner chose it: previews go there.")]
    elif not away:
        yield [
            Said("Nothing that Mantel sent. It asks only an address that the owner typed, to fetch a model, and sends no photo.")
        ]
    yield [Said(away or "No backup goes out of the house.")]
    if opened := _opened_by_guests(box):
        yield [Said(opened)]
    yield [Said("What somebody who is logged in downloaded is not recorded.")]


def _opened_by_guests(box: Box) -> str:
    """What guests took in the last thirty days, as far as `box.viewer` may know of their links."""
    seen = [link.id for link in links.seen(box.reader, box.viewer, now=box.now)]
    sql = """SELECT count(*), count(DISTINCT link_id) FROM share_open WHERE what IN ('page','file','zip')
      AND link_id IN (SELECT value FROM json_each(?))"""
    times, opened = box.reader.one(sql, (json.dumps(seen),))
    if not times:
        return ""
    which = "a share link" if opened == 1 else f"{opened:,} share links"
    often = "once" if times == 1 else f"{times:,} times"
    return f"In the last thirty days guests opened {which} {often}, and were given clean copies."


def _shares(box: Box) -> Iterator[Sentence]:
    if isinstance(box.viewer, Child):
        yield [Said("What is shared is not for children's accounts; ask a grown-up.")]
        return
    is_owner = isinstance(box.viewer, Owner)
    found = [link for link in links.seen(box.reader, box.viewer, now=box.now) if not link.is_over]
    if not found:
        yield [
            Said("Nobody. There is no share link, and nobody without an account here sees a photo." if is_owner else NONE_OF_YOURS)
        ]
        return
    whose = "" if is_owner else " of yours"
    yield [Said(f"Whoever holds the address of {'a link' if len(found) == 1 else f'one of {len(found):,} links'}{whose}.")]
    for link in found[:MOST_LINKS]:
        yield _about(box, link)
    if len(found) > MOST_LINKS:
        yield [Said("The Shares page lists them all.")]


NONE_OF_YOURS = "Nobody has a link of yours. The owner sees the links of others."
STATES = {"making": ", whose copies are still being made", "stopped": ", which is stopped", "used up": ", which is used up"}


def _about(box: Box, link: Link) -> Sentence:
    """One link, with the photos that it holds."""
    sql = f"""SELECT asset.id FROM share_item JOIN asset ON asset.id = asset_id
      WHERE link_id=? AND {visible_assets(box.viewer)} ORDER BY position"""
    photos = tuple(asset_id for (asset_id,) in box.reader.all(sql, (link.id,)))
    count = f"{link.items:,} photo{'' if link.items == 1 else 's'}"
    name = f"“{link.title}”, {count}" if link.title else count
    opened = f"opened {link.views:,} time{'' if link.views == 1 else 's'}" if link.views else "not opened yet"
    latest = links.opens(box.reader, link.id, limit=1)
    if latest:
        opened += f", last on {_day_of(latest[0].at)} from {latest[0].address}"
    return [Said(name, photos), Said(f"{STATES.get(link.state, '')}: until {_day_of(link.expires_at)}, {opened}.")]


def _day_of(milliseconds: int) -> str:
    return day(datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat())


def _gigabytes(count: int) -> str:
    return f"{count / GIGABYTE:,.1f} GB"


_TOPICS: dict[Topic, Callable[[Box], Iterator[Sentence]]] = {
    "photos": _photos,
    "indexing": _indexing,
    "room": _room,
    "left": _left,
    "backup": _backup,
    "shares": _shares,
}
