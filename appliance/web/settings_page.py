"""Settings: who and where you are logged in, how pages look in this browser, which models are here, what can leave the box."""

from dataclasses import dataclass
from typing import Any, Literal

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery
from litestar.response import Redirect

import appliance
from appliance.accounts import household, sessions
from appliance.accounts.sessions import Device, Session
from appliance.accounts.viewer import Child, Owner
from appliance.errors import LoginNeeded
from appliance.library import assets
from appliance.web import preferences, wording
from appliance.web.captions import captions_choice
from appliance.web.contexts import SessionView, SettingsPage
from appliance.web.installed import models, text_model
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.people_turning import people_settings
from appliance.web.receiving import free_bytes
from appliance.web.rendering import APPEARANCE_COOKIE, page
from appliance.web.sessions_middleware import Asked

YEAR_SECONDS = 365 * 24 * 3600
SAID = {
    "ended": "That session has ended.",
    "appearance": "This browser will remember that.",
    "captions": "Captions are written like that from now on.",
    "answers": "Saved, for all of your browsers.",
    "proposals": "Saved, for all of your browsers.",
    "birthday": "Saved.",
    "viewers": "Saved.",
    "withdrawn": "Taken back: what is known of your face is erased when People is unlocked next; until then nobody can read it.",
    "allowed": "The owner may link a person to your account again.",
}
LEAVES = (
    "No page of Mantel asks another machine for anything: its tests open every page in a real browser, and a single request that "
    "goes elsewhere fails them.",
    "Mantel opens no connection to the outside but to an address that the owner types, for a model to install or for a backup: its "
    "tests watch what every process of it asks the system for. A photo leaves when somebody who is logged in downloads it, as a "
    "clean copy when a guest opens a share link that somebody here made, and encrypted by restic where the owner added a backup "
    "elsewhere.",
    "When the owner named a webhook or a mail server for it, it is told that the backups turned red or are complete again: a fixed "
    "sentence, and no photo or name.",
)
ELSEWHERE = "Pictures are looked at on another machine, {}, which the owner chose: previews go there, and nowhere else."


@dataclass(frozen=True, slots=True)
class AppearanceForm:
    appearance: Literal["system", "light", "dark"] = "system"


@dataclass(frozen=True, slots=True)
class AnswersForm:
    answers: Literal["on", "off"] = "on"


@dataclass(frozen=True, slots=True)
class ProposalsForm:
    proposals: Literal["on", "off"] = "on"


@dataclass(frozen=True, slots=True)
class SessionForm:
    session: str = ""


@get("/settings", sync_to_thread=True)
def settings_page(request: Asked, web: TheWeb, viewer: Viewing, said: FromQuery[str] = "") -> Response[Any]:
    session = _session(request)
    with web.store.read() as reader:
        devices = sessions.list_devices(reader, viewer.user_id)
        answers = preferences.answers(reader, viewer)
        proposals = preferences.proposals(reader, viewer)
        born = household.person(reader, viewer.user_id, web.clock()).birthday
        total = sum(month.assets for month in assets.months(reader, viewer))
        captions = captions_choice(web, reader, viewer)
        people = people_settings(web, reader, viewer)
    context = SettingsPage(
        said=SAID.get(said, ""),
        name=viewer.name,
        kind={Owner: "Owner", Child: "Child"}.get(type(viewer), "Member"),
        birthday=born.isoformat() if born else "",
        may_invite=isinstance(viewer, Owner),
        sessions=tuple(_session_view(device, session, web.clock()) for device in devices),
        appearance=request.cookies.get(APPEARANCE_COOKIE, "system"),
        answers="on" if answers else "off",
        proposals="" if text_model(web) is None else "on" if proposals else "off",
        models=models(web),
        captions=captions,
        people=people,
        leaves=(*LEAVES, ELSEWHERE.format(web.settings.vision_address)) if web.settings.vision_address else LEAVES,
        version=appliance.__version__,
        library=wording.counted(total, "photo or video", "photos and videos"),
        disk=f"{wording.size(free_bytes(web.layout))} free",
    )
    return page(request, "settings/page.html", context)


@post("/settings/appearance", sync_to_thread=False)
def choose_appearance(data: Form[AppearanceForm], web: TheWeb) -> Redirect:
    """Kept in a cookie of this browser, so that a page is right from its first byte, without a script."""
    keep = data.appearance != "system"
    cookie = Cookie(
        key=APPEARANCE_COOKIE,
        value=data.appearance if keep else "",
        path="/",
        max_age=YEAR_SECONDS if keep else 0,
        httponly=True,
        samesite="lax",
        secure=web.settings.https,
    )
    return Redirect("/settings?said=appearance", status_code=303, cookies=[cookie])


@post("/settings/answers", sync_to_thread=True)
def choose_answers(data: Form[AnswersForm], web: TheWeb, viewer: Viewing) -> Redirect:
    """Answers in words beside the results, or plain search; for this person, in every browser."""
    with web.store.write() as writer:
        preferences.choose_answers(writer, viewer, on=data.answers == "on")
    return Redirect("/settings?said=answers", status_code=303)


@post("/settings/proposals", sync_to_thread=True)
def choose_proposals(data: Form[ProposalsForm], web: TheWeb, viewer: Viewing) -> Redirect:
    """Whether a text model proposes what unread words mean; for this person, in every browser."""
    with web.store.write() as writer:
        preferences.choose_proposals(writer, viewer, on=data.proposals == "on")
    return Redirect("/settings?said=proposals", status_code=303)


@post("/settings/sessions/end", sync_to_thread=True)
def end_session(web: TheWeb, viewer: Viewing, data: Form[SessionForm]) -> Redirect:
    """Ends one of the viewer's own sessions; anybody else's is not found."""
    with web.store.write() as writer:
        sessions.end_device(writer, viewer.user_id, data.session)
    return Redirect("/settings?said=ended", status_code=303)


def _session(request: Asked) -> Session:
    if request.auth is None:
        raise LoginNeeded
    return request.auth


def _session_view(device: Device, session: Session, now: int) -> SessionView:
    return SessionView(
        key=device.handle,
        agent=wording.agent(device.agent),
        address=device.address,
        since=wording.ago(device.created_at, now),
        last_seen=wording.ago(device.last_seen, now),
        current=device.handle == session.id_hash.hex(),
    )
