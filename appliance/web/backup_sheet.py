"""The emergency sheet: addresses, recovery passphrases and steps on paper; typed back once, so that the paper is known to exist.

It is shown to the owner who has just typed the own password, and each showing is in the audit log.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from appliance.backup import asked, repositories, requests
from appliance.backup.repositories import Repository
from appliance.backup.requests import Request
from appliance.store import audit
from appliance.store.db import Reader
from appliance.web import backup_views as views
from appliance.web.confirming import recently_confirmed
from appliance.web.contexts_backup import SheetCopy, SheetPage
from appliance.web.login import LARGEST_FORM
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

NEEDS = {
    "s3": "the key id and the secret key",
    "rest": "the user and password, if there are any",
    "rclone": "the rclone configuration",
    "sftp": "a login on that server",
}


@dataclass(frozen=True, slots=True)
class TypedBack:
    repository: int = 0
    passphrase: str = ""


@get("/backup/sheet", guards=[only_owner, recently_confirmed], sync_to_thread=True)
def emergency_sheet(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    """The backup process alone may read passphrases: it is asked for them, and the page waits until they are handed over."""
    with web.store.read() as reader:
        every, newest = repositories.every(reader), _newest(reader)
    known = asked.read_sheet(web.layout, newest.id, web.clock()) if newest else None
    if every and known is None and not (newest and newest.state in ("waiting", "running")):
        with web.store.write(durable=True) as writer:
            requests.ask(writer, "sheet", user_id=viewer.user_id, now=web.clock())
            subjects = [one.id for one in every]
            audit.record(writer, now=web.clock(), user_id=viewer.user_id, action="backup.sheet_shown", subjects=subjects)
    return page(request, "backup/sheet.html", _sheet(web, every, known))


@post("/backup/sheet", guards=[only_owner, recently_confirmed], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def type_back(request: Asked, web: TheWeb, viewer: Viewing, data: Form[TypedBack]) -> Response[Any]:
    """What was typed from paper is compared; capitals and blanks are no mistake where Mantel made the passphrase."""
    with web.store.read() as reader:
        every, one, newest = repositories.every(reader), repositories.get(reader, data.repository), _newest(reader)
    known = asked.read_sheet(web.layout, newest.id, web.clock()) if newest else None
    if known is None or one.id not in known:
        return Redirect("/backup/sheet", status_code=303)
    if not _is_same(data.passphrase, known[one.id]):
        said = "That is not the passphrase on this sheet. Look at each letter again; nothing was changed."
        return page(request, "backup/sheet.html", _sheet(web, every, known, fault=said, at=one.id), status=422)
    with web.store.write(durable=True) as writer:
        writer.run("UPDATE repository SET key_confirmed_at=? WHERE id=?", (web.clock(), one.id))
        audit.record(writer, now=web.clock(), user_id=viewer.user_id, action="backup.key_confirmed", subjects=[one.id])
    return Redirect("/backup/sheet", status_code=303)


def _newest(reader: Reader) -> Request | None:
    number = reader.value("SELECT max(id) FROM backup_request WHERE verb='sheet'")
    return None if number is None else requests.get(reader, number)


def _sheet(web: Web, every: list[Repository], known: Mapping[int, str] | None, *, fault: str = "", at: int = 0) -> SheetPage:
    copies = tuple(
        SheetCopy(
            id=one.id,
            name=one.name,
            address=one.address,
            passphrase=known[one.id],
            needs=NEEDS.get(one.kind, ""),
            confirmed=views.day(one.key_confirmed_at) if one.key_confirmed_at else "",
            fault=fault if one.id == at else "",
        )
        for one in every
        if known and one.id in known
    )
    return SheetPage(copies, views.day(web.clock()), waits=bool(every) and not copies)


def _is_same(typed: str, known: str) -> bool:
    typed = typed.strip()
    grouped = "-".join(typed.lower().replace("-", " ").split())
    return any(hmac.compare_digest(said.encode(), known.encode()) for said in (typed, grouped))
