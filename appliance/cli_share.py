"""mantel share: create, list, show, revoke, extend."""

import argparse
import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appliance import app
from appliance.accounts.passwords import hash_password
from appliance.accounts.viewer import Owner
from appliance.assistant.asked_people import asked, faces
from appliance.cli_library import NOBODY, clock, opened, owner
from appliance.cli_output import DONE, FAILED, IN_PART, Output, plain, table
from appliance.errors import WrongUsage
from appliance.library import albums
from appliance.search.ids import LARGEST_ID
from appliance.settings import Settings
from appliance.sharing import copying, links, receipt, warnings
from appliance.sharing.addresses import address_of
from appliance.sharing.links import TOKEN_BYTES, Item, Link, Options
from appliance.sharing.warnings import Warning
from appliance.store.db import Reader, Store
from appliance.store.layout import Layout
from appliance.worker import Worker

OPENS = 100


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    """The command line acts for the owner."""
    with opened(settings) as (store, layout):
        with store.read() as reader:
            viewer = owner(reader)
        if viewer == NOBODY:
            raise WrongUsage(what="A link needs somebody who answers for it, and there is no owner yet; see “mantel setup-link”.")
        if words.verb in ("show", "revoke", "extend") and len(words.ids) != 1:
            raise WrongUsage(what=f"“mantel share {words.verb}” needs the number of one link; “mantel share list” shows them.")
        match words.verb:
            case "create":
                return _create(words, settings, store, layout, viewer, output)
            case "list":
                return _list(store, viewer, output)
            case "revoke":
                return _revoke(words.ids[0], store, layout, viewer, output)
            case "extend":
                return _extend(words.ids[0], words.expires, store, viewer, output)
            case _:
                return _show(words.ids[0], store, viewer, output)


def _create(words: argparse.Namespace, settings: Settings, store: Store, layout: Layout, viewer: Owner, output: Output) -> int:
    options = Options(
        title=words.title,
        size=words.size,
        keep_location=words.keep_location,
        downloads=not words.no_download,
        password_hash=hash_password(_first_line(words.password_file)) if words.password_file else None,
        most_views=words.views,
        days=words.expires,
    )
    token = secrets.token_bytes(TOKEN_BYTES)
    url = address_of(settings, token, household=app.address(settings))
    with store.read() as reader:
        chosen = [*words.ids, *_of_album(reader, viewer, words.album)]
        sensitive = warnings.warn(reader, chosen, faces(asked(reader, viewer, layout)))
    with store.write(durable=True) as writer:
        number = links.create(writer, viewer, chosen, options, token=token, now=clock())
    waits_for = _wait(settings, store, layout, viewer, number, output) if words.wait else ""
    with store.read() as reader:
        link, items = links.get(reader, viewer, number, now=clock()), links.items(reader, number)
    document = {
        "id": number,
        "url": url,
        "expires": _moment(link.expires_at),
        "state": link.state,
        "reason": link.reason or waits_for or None,
        "receipt": [_receipt(item) for item in items],
        "warnings": [{"kind": one.kind, "words": one.words, "assets": list(one.assets)} for one in sensitive],
    }
    output.show(document, _created(link, url, items, sensitive, waits_for))
    return {"live": DONE, "making": DONE if not words.wait else IN_PART}.get(link.state, FAILED)


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise WrongUsage(what=f"{file} holds no password on its first line.") from error


def _of_album(reader: Reader, viewer: Owner, named: str | None) -> list[int]:
    """The assets of an album that is named by its title, or by its number."""
    if named is None:
        return []
    album = albums.titled(reader, viewer, named)
    if album is None and named.isascii() and named.isdigit():
        album = albums.get(reader, viewer, min(int(named), LARGEST_ID)).id
    if album is None:
        raise WrongUsage(what=f"There is no album “{named}”.")
    return [tile.id for tile in albums.tiles(reader, viewer, album, limit=links.MOST_ASSETS + 1)]


def _wait(settings: Settings, store: Store, layout: Layout, viewer: Owner, number: int, output: Output) -> str:
    """Make the copies here, beside any other worker, until the link waits for none; return what all wait for, if anything."""
    with closing(Worker(settings, store, layout)) as worker:

        def finished() -> bool:
            with store.read() as reader:
                link = links.get(reader, viewer, number, now=clock())
            output.note(f"{link.made} of {link.items} copies")
            return link.state != "making" or bool(worker.copying.rests_for)

        worker.run(finished, stages=())
        output.end_notes()
        return worker.copying.rests_for


def _created(link: Link, url: str, items: list[Item], sensitive: tuple[Warning, ...], waits_for: str) -> Iterator[str]:
    for warning in sensitive:
        yield plain(f"Look: {warning.words}")
    yield from _about(link)
    if waits_for:
        yield plain(f"It waits: {waits_for}")
    if link.state in ("making", "live"):
        yield url
        yield "The address is shown only now."
    if link.made:
        yield f"Removed: {receipt.sentence(receipt.total(item.removed for item in items))}."


def _list(store: Store, viewer: Owner, output: Output) -> int:
    with store.read() as reader:
        found = links.seen(reader, viewer, now=clock())
    head = ("id", "state", "photos", "size", "ends", "opened", "by", "title")
    rows = [(one.id, one.state, one.items, one.size, _day(one.expires_at), one.views, one.maker, one.title) for one in found]
    output.show([_document(link) for link in found], table([head, *rows]) if rows else ["Nothing is shared."])
    return DONE


def _show(number: int, store: Store, viewer: Owner, output: Output) -> int:
    with store.read() as reader:
        link = links.get(reader, viewer, number, now=clock())
        items, opens = links.items(reader, number), links.opens(reader, number, limit=OPENS)
    document = _document(link) | {
        "receipt": [_receipt(item) for item in items],
        "opens": [{"at": _moment(one.at), "address": one.address, "what": one.what} for one in opens],
    }
    lines = [*_about(link), *(f"asset {item.asset_id}: {_removed(item)}" for item in items)]
    lines += [f"{_moment(one.at)}  {one.address}  {one.what}" for one in opens]
    output.show(document, [plain(line) for line in lines])
    return DONE


def _revoke(number: int, store: Store, layout: Layout, viewer: Owner, output: Output) -> int:
    with store.write(durable=True) as writer:
        folders = links.revoke(writer, viewer, number, now=clock())
    copying.delete(layout, folders)
    output.show({"id": number, "state": "revoked", "copies_deleted": len(folders)}, [f"Link {number} is revoked."])
    return DONE


def _extend(number: int, days: int, store: Store, viewer: Owner, output: Output) -> int:
    with store.write(durable=True) as writer:
        links.extend(writer, viewer, number, days=days, now=clock())
    with store.read() as reader:
        link = links.get(reader, viewer, number, now=clock())
    output.show(_document(link), _about(link))
    return DONE


def _about(link: Link) -> Iterator[str]:
    title = f" “{link.title}”" if link.title else ""
    state = f"{link.state}, {link.made} of {link.items} copies made" if link.state == "making" else link.state
    yield plain(f"Link {link.id}{title}: {state}. {link.items} photos and videos, {link.size} size, until {_day(link.expires_at)}.")
    if link.reason:
        yield plain(link.reason)


def _document(link: Link) -> dict[str, Any]:
    return {
        "id": link.id,
        "title": link.title,
        "state": link.state,
        "reason": link.reason,
        "made_by": link.maker,
        "size": link.size,
        "keep_location": bool(link.keep_location),
        "downloads": bool(link.downloads),
        "password": bool(link.has_password),
        "most_views": link.most_views,
        "views": link.views,
        "items": link.items,
        "copies": link.made,
        "bytes": link.bytes,
        "made": _moment(link.made_at),
        "expires": _moment(link.expires_at),
        "last_opened": _moment(link.last_opened_at) if link.last_opened_at else None,
    }


def _receipt(item: Item) -> dict[str, Any]:
    """`removed` names tags; where exiftool has no name for what was found, ours stands for it."""
    return {"asset": item.asset_id, "removed": [name for one in item.removed for name in one.names or (one.what,)]}


def _removed(item: Item) -> str:
    return f"removed {receipt.sentence(item.removed)}" if item.state == "done" else item.reason or "no copy"


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d")
