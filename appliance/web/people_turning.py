"""Turning People on and off, unlocking and locking, who may see it, and each account's word about its own face."""

from dataclasses import dataclass
from typing import Any

import anyio
from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Family, Owner
from appliance.errors import (
    MantelError,
    NotFound,
    PassphraseTooShort,
    PasswordsDiffer,
    PeopleAway,
    PeopleBusy,
    TooManyAttempts,
    VaultDamaged,
    WrongPassphrase,
    WrongUsage,
)
from appliance.library import assets
from appliance.people import consent, erasing, inbox, turning
from appliance.people.consent import Viewers
from appliance.people.inbox import Withdrawn
from appliance.people.protocol_persons import Allow
from appliance.store.db import Reader
from appliance.vault.keys import LEAST_CHARACTERS
from appliance.web import wording
from appliance.web.confirming import is_fresh, recently_confirmed
from appliance.web.contexts import PeopleSettings
from appliance.web.contexts_people import ConsentPage, LockedPage, OffPage, ReceiptPage
from appliance.web.login import LARGEST_FORM, own_path
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.people_seen import is_unlocked, may_decide, without_names
from appliance.web.rendering import page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web


@dataclass(frozen=True, slots=True)
class ConsentForm:
    passphrase: str = ""
    again: str = ""
    viewers: str = "owner"
    understood: str = ""


@dataclass(frozen=True, slots=True)
class UnlockForm:
    passphrase: str = ""
    then: str = "/people"


@dataclass(frozen=True, slots=True)
class ViewersForm:
    viewers: str = "owner"


@dataclass(frozen=True, slots=True)
class OffForm:
    sure: str = ""


@get("/people/on", guards=[only_owner], sync_to_thread=True)
def consent_page(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    with web.store.read() as reader:
        if consent.is_on(reader):
            return Redirect("/people", status_code=303)
    return page(request, "people/on.html", _consent(request, web, viewer))


@post("/people/on", guards=[only_owner, recently_confirmed], request_max_body_size=LARGEST_FORM)
async def turn_on(request: Asked, web: TheWeb, viewer: Viewing, data: Form[ConsentForm]) -> Response[Any]:
    try:
        await anyio.to_thread.run_sync(_turn_on, web, viewer, data, limiter=web.hashing)
    except (PassphraseTooShort, PasswordsDiffer, WrongUsage, PeopleAway, PeopleBusy) as refusal:
        context = await anyio.to_thread.run_sync(_consent, request, web, viewer, str(refusal), data.viewers)
        return page(request, "people/on.html", context, status=refusal.status)
    return Redirect("/people?said=on", status_code=303)


def _turn_on(web: Web, viewer: Family, data: ConsentForm) -> None:
    if not data.understood:
        raise WrongUsage(what="Tick the box that says that you have read this.")
    if data.passphrase != data.again:
        raise PasswordsDiffer
    turning.turn_on(
        web.store,
        web.layout,
        web.people,
        passphrase=data.passphrase,
        user_id=viewer.user_id,
        viewers=_viewers(data.viewers),
        now=web.clock(),
    )
    without_names(web)


def _consent(request: Asked, web: Web, viewer: Family, problem: str = "", viewers: str = "owner") -> ConsentPage:
    with web.store.read() as reader:
        total = sum(month.assets for month in assets.months(reader, viewer))
    photos = wording.counted(total, "photo or video", "photos and videos")
    return ConsentPage(problem, not is_fresh(request.auth, web.clock()), photos, LEAST_CHARACTERS, viewers)


def _viewers(text: str) -> Viewers:
    return "adults" if text == "adults" else "owner"


@post("/people/viewers", guards=[only_owner], sync_to_thread=True)
def choose_viewers(web: TheWeb, viewer: Viewing, data: Form[ViewersForm]) -> Redirect:
    with web.store.write(durable=True) as writer:
        consent.set_viewers(writer, _viewers(data.viewers), user_id=viewer.user_id, now=web.clock())
    return Redirect("/settings?said=viewers", status_code=303)


@get("/people/unlock", sync_to_thread=True)
def unlock_page(request: Asked, web: TheWeb, viewer: Viewing, then: FromQuery[str] = "/people") -> Response[Any]:
    may_decide(web, viewer)
    if is_unlocked(web):
        return Redirect(own_path(then), status_code=303)
    return page(request, "people/locked.html", LockedPage(own_path(then), ""))


@post("/people/unlock", request_max_body_size=LARGEST_FORM)
async def unlock(request: Asked, web: TheWeb, viewer: Viewing, data: Form[UnlockForm]) -> Response[Any]:
    """The passphrase is handed on to the people process, and forgotten here."""
    await anyio.to_thread.run_sync(may_decide, web, viewer)
    try:
        await anyio.to_thread.run_sync(_unlock, web, data.passphrase, limiter=web.hashing)
    except (WrongPassphrase, TooManyAttempts, PeopleAway, VaultDamaged) as refusal:
        return page(request, "people/locked.html", LockedPage(own_path(data.then), str(refusal)), status=refusal.status)
    return Redirect(own_path(data.then), status_code=303)


def _unlock(web: Web, passphrase: str) -> None:
    web.people.unlock(passphrase)
    without_names(web)


@post("/people/lock", sync_to_thread=True)
def lock(web: TheWeb, viewer: Viewing) -> Redirect:
    """Asks for no password: locking must be quick."""
    may_decide(web, viewer)
    web.people.lock()
    return Redirect("/people/unlock", status_code=303)


@get("/people/off", guards=[only_owner], sync_to_thread=True)
def off_page(request: Asked, web: TheWeb) -> Response[Any]:
    with web.store.read() as reader:
        if not consent.is_on(reader):
            return Redirect("/settings#people", status_code=303)
    return page(request, "people/off.html", _off(request, web))


@post("/people/off", guards=[only_owner, recently_confirmed], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def turn_off(request: Asked, web: TheWeb, viewer: Viewing, data: Form[OffForm]) -> Response[Any]:
    """Asks for the account's password, not for the passphrase: who forgot that must be able to erase."""
    if not data.sure:
        problem = WrongUsage(what="Tick the box first.")
        return page(request, "people/off.html", _off(request, web, str(problem)), status=problem.status)
    try:
        receipt = erasing.turn_off(web.store, web.layout, user_id=viewer.user_id, now=web.clock())
    except PeopleBusy as refusal:
        return page(request, "people/off.html", _off(request, web, str(refusal)), status=refusal.status)
    return page(request, "people/receipt.html", ReceiptPage(receipt_lines(receipt)))


def _off(request: Asked, web: Web, problem: str = "") -> OffPage:
    try:
        kinds = web.people.count()
        kept = f"{wording.counted(kinds.get('person', 0), 'person', 'persons')} and {wording.counted(kinds.get('face', 0), 'face')}"
    except MantelError:
        kept = ""  # locked, or nobody answers: it can be erased all the same
    return OffPage(problem, not is_fresh(request.auth, web.clock()), kept)


def receipt_lines(receipt: erasing.Receipt) -> tuple[str, ...]:
    return (
        f"{wording.counted(receipt.files, 'file')} of keys and of the vault overwritten, {wording.size(receipt.bytes)}.",
        f"{wording.counted(receipt.rows, 'sealed row')} in them.",
        f"{wording.counted(receipt.jobs, 'row')} of work in the database.",
    )


@post("/people/withdraw", guards=[recently_confirmed], sync_to_thread=True)
def withdraw_face(web: TheWeb, viewer: Viewing) -> Redirect:
    """Anybody's own face, also while it is locked: a sealed request, carried out at the next unlocking."""
    inbox.post(web.layout, Withdrawn(viewer.user_id, web.clock()))
    return Redirect("/settings?said=withdrawn", status_code=303)


@post("/people/allow", sync_to_thread=True)
def allow_face(web: TheWeb, viewer: Viewing) -> Redirect:
    """Takes a withdrawal back: the owner may link a person to this account again. Raises PeopleLocked, PeopleOff."""
    with web.store.read() as reader:
        if not consent.is_on(reader):
            raise NotFound
    web.people.decide(Allow(web.clock(), viewer.user_id))
    return Redirect("/settings?said=allowed", status_code=303)


def people_settings(web: Web, reader: Reader, viewer: Family) -> PeopleSettings:
    """The card in Settings: for the owner always, for others only while People is on."""
    given = consent.consent(reader)
    owner = isinstance(viewer, Owner)
    last = erasing.last_receipt(reader) if owner and not given else None
    return PeopleSettings(
        on=given is not None,
        owner=owner,
        sees=consent.may_see(reader, viewer),
        viewers=given.viewers if given else "owner",
        since=f"On since {wording.ago(given.since, web.clock())}." if given else "",
        receipt=f"Turned off {wording.ago(last.at, web.clock())}: {' '.join(receipt_lines(last))}" if last else "",
    )
