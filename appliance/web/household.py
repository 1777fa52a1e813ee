"""The family's accounts, for the owner; and the page behind an invitation, where its person chooses a password."""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import anyio
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts import household
from appliance.accounts.household import Person
from appliance.accounts.passwords import hash_password
from appliance.errors import InvitationClosed, MantelError, PasswordsDiffer
from appliance.web import wording
from appliance.web.confirming import is_fresh, recently_confirmed
from appliance.web.contexts_household import HouseholdPage, JoinPage, PersonView
from appliance.web.login import LARGEST_FORM
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.security import PUBLIC, only_owner
from appliance.web.sessions_middleware import Asked, log_in
from appliance.web.state import Web

SAID = {
    "closed": "That account is closed. What it added stays, and it can be opened again.",
    "reopened": "That account is open again, with the same password.",
    "birthday": "Saved.",
}
KINDS = {"owner": "Owner", "member": "Member", "child": "Child"}


@dataclass(frozen=True, slots=True)
class InviteForm:
    name: str = ""
    kind: str = "member"


@dataclass(frozen=True, slots=True)
class BirthdayForm:
    birthday: str = ""


@dataclass(frozen=True, slots=True)
class JoinForm:
    password: str = ""
    again: str = ""


@get("/household", guards=[only_owner], sync_to_thread=True)
def household_page(request: Asked, web: TheWeb, said: FromQuery[str] = "") -> Response[Any]:
    return page(request, "household/page.html", _page(request, web, said=SAID.get(said, "")))


@post("/household/invite", guards=[only_owner, recently_confirmed], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def invite_person(request: Asked, web: TheWeb, viewer: Viewing, data: Form[InviteForm]) -> Response[Any]:
    """The link is in this one answer and nowhere else."""
    token = secrets.token_bytes(household.TOKEN_BYTES)
    try:
        with web.store.write(durable=True) as writer:
            user_id, text = household.invite(
                writer, by=viewer.user_id, name=data.name, kind=data.kind, token=token, now=web.clock()
            )
    except MantelError as refusal:
        context = _page(request, web, problem=str(refusal), typed=data.name)
        return page(request, "household/page.html", context, status=refusal.status)
    return page(request, "household/page.html", _page(request, web, link=_link(request, text), link_for=user_id))


@post("/household/{user_id:int}/invite", guards=[only_owner, recently_confirmed], sync_to_thread=True)
def invite_again(request: Asked, web: TheWeb, viewer: Viewing, user_id: FromPath[int]) -> Response[Any]:
    """For a lost link, or a forgotten password."""
    token = secrets.token_bytes(household.TOKEN_BYTES)
    with web.store.write(durable=True) as writer:
        text = household.renew(writer, user_id, by=viewer.user_id, token=token, now=web.clock())
    return page(request, "household/page.html", _page(request, web, link=_link(request, text), link_for=user_id))


@post("/household/{user_id:int}/close", guards=[only_owner], sync_to_thread=True)
def close_account(web: TheWeb, viewer: Viewing, user_id: FromPath[int]) -> Redirect:
    with web.store.write(durable=True) as writer:
        household.close(writer, user_id, by=viewer.user_id, now=web.clock())
    return Redirect("/household?said=closed", status_code=303)


@post("/household/{user_id:int}/reopen", guards=[only_owner], sync_to_thread=True)
def reopen_account(web: TheWeb, viewer: Viewing, user_id: FromPath[int]) -> Redirect:
    with web.store.write(durable=True) as writer:
        household.reopen(writer, user_id, by=viewer.user_id, now=web.clock())
    return Redirect("/household?said=reopened", status_code=303)


@post("/household/{user_id:int}/birthday", guards=[only_owner], sync_to_thread=True)
def give_birthday(web: TheWeb, user_id: FromPath[int], data: Form[BirthdayForm]) -> Redirect:
    with web.store.write(durable=True) as writer:
        household.set_birthday(writer, user_id, data.birthday, today=_today(web))
    return Redirect("/household?said=birthday", status_code=303)


@post("/settings/birthday", sync_to_thread=True)
def give_own_birthday(web: TheWeb, viewer: Viewing, data: Form[BirthdayForm]) -> Redirect:
    with web.store.write(durable=True) as writer:
        household.set_birthday(writer, viewer.user_id, data.birthday, today=_today(web))
    return Redirect("/settings?said=birthday", status_code=303)


@get("/join/{token:str}", opt=PUBLIC, sync_to_thread=True)
def show_join(request: Asked, web: TheWeb, token: FromPath[str]) -> Response[Any]:
    with web.store.read() as reader:
        name = household.invited(reader, token, web.clock())
    return page(request, "household/join.html", JoinPage(token, name, ""))


@post("/join/{token:str}", opt=PUBLIC, request_max_body_size=LARGEST_FORM)
async def submit_join(request: Asked, web: TheWeb, token: FromPath[str], data: Form[JoinForm]) -> Response[Any]:
    name = await anyio.to_thread.run_sync(_invited, web, token)  # before a hash is paid for
    try:
        if data.password != data.again:
            raise PasswordsDiffer
        hashed = await anyio.to_thread.run_sync(hash_password, data.password, limiter=web.hashing)
        cookie = await anyio.to_thread.run_sync(_join, request, web, token, hashed)
    except InvitationClosed:
        raise
    except MantelError as refusal:
        return page(request, "household/join.html", JoinPage(token, name, str(refusal)), status=refusal.status)
    return Redirect("/", status_code=303, cookies=[cookie])


def _invited(web: Web, token: str) -> str:
    with web.store.read() as reader:
        return household.invited(reader, token, web.clock())


def _join(request: Asked, web: Web, token: str, hashed: str) -> Cookie:
    with web.store.write(durable=True) as writer:
        user_id = household.join(writer, token, password_hash=hashed, now=web.clock())
        return log_in(writer, web, request, user_id)


def _page(
    request: Asked, web: Web, *, said: str = "", problem: str = "", typed: str = "", link: str = "", link_for: int | None = None
) -> HouseholdPage:
    with web.store.read() as reader:
        found = household.people(reader, web.clock())
    return HouseholdPage(
        said=said,
        confirm=not is_fresh(request.auth, web.clock()),
        problem=problem,
        typed=typed,
        link=link,
        link_for=next((one.name for one in found if one.user_id == link_for), ""),
        people=tuple(_view(one, web.clock()) for one in found),
    )


def _view(one: Person, now: int) -> PersonView:
    return PersonView(
        id=one.user_id,
        name=one.name,
        kind=KINDS[one.kind],
        owner=one.kind == "owner",
        birthday=one.birthday.isoformat() if one.birthday else "",
        joined=one.joined,
        closed=one.closed,
        state=_state(one, now),
    )


def _state(one: Person, now: int) -> str:
    if one.closed:
        return "Account closed"
    if not one.joined:
        return "Invited, has not come yet" if one.invited_until else "The invitation is too old; make a new link"
    return f"Last here {wording.ago(one.last_seen, now)}" if one.last_seen else "Not logged in anywhere"


def _link(request: Asked, text: str) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/join/{text}"


def _today(web: Web) -> date:
    return datetime.fromtimestamp(web.clock() / 1000, UTC).date()
