"""Tell me elsewhere: where the backup process sends its two messages, a test, and off. The secret is handed over, never shown."""

from dataclasses import dataclass
from typing import Any, Literal

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from appliance.adapters.telling import Target
from appliance.backup import requests, telling
from appliance.errors import WrongUsage
from appliance.web import wording
from appliance.web.confirming import is_fresh, recently_confirmed
from appliance.web.contexts_backup import TellingPage, TellingView
from appliance.web.login import LARGEST_FORM
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

KINDS = ("webhook", "mail")


@dataclass(frozen=True, slots=True)
class TellingForm:
    kind: str = ""
    box: str = ""
    url: str = ""
    authorization: str = ""
    server: str = ""
    port: int = 0
    tls: Literal["starttls", "implicit"] = "starttls"
    sender: str = ""
    recipient: str = ""
    user: str = ""
    password: str = ""


@get("/backup/telling", guards=[only_owner], sync_to_thread=True)
def telling_page(request: Asked, web: TheWeb, kind: FromQuery[str] = "") -> Response[Any]:
    return page(request, "backup/telling.html", _context(request, web, TellingForm(kind=kind)))


@post("/backup/telling", guards=[only_owner, recently_confirmed], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def tell_elsewhere(request: Asked, web: TheWeb, viewer: Viewing, data: Form[TellingForm]) -> Response[Any]:
    try:
        target = _target(data)
        with web.store.write() as writer:
            number = telling.ask_to_set(writer, web.layout, target, user_id=viewer.user_id, now=web.clock())
    except WrongUsage as error:
        return page(request, "backup/telling.html", _context(request, web, data, str(error)), status=422)
    return Redirect(f"/backup/asked/{number}", status_code=303)


@post("/backup/telling/test", guards=[only_owner], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def send_test(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    with web.store.write() as writer:
        number = requests.ask(writer, "tell-test", user_id=viewer.user_id, now=web.clock())
    return Redirect(f"/backup/asked/{number}", status_code=303)


@post("/backup/telling/off", guards=[only_owner, recently_confirmed], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def tell_nowhere(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    with web.store.write(durable=True) as writer:
        telling.turn_off(writer, user_id=viewer.user_id, now=web.clock())
    return Redirect("/backup/telling", status_code=303)


def _target(data: TellingForm) -> Target:
    """Raises WrongUsage for another kind than there are."""
    box = data.box.strip()
    if data.kind == "webhook":
        return Target("webhook", box, data.url.strip(), data.authorization.strip())
    if data.kind == "mail":
        return Target(
            "mail", box, server=data.server.strip(), port=data.port, tls=data.tls, sender=data.sender.strip(),
            recipient=data.recipient.strip(), user=data.user.strip(), password=data.password,
        )  # fmt: skip
    raise WrongUsage(what="Messages go to a webhook or through a mail server: choose one of the two.")


def _context(request: Asked, web: Web, typed: TellingForm, fault: str = "") -> TellingPage:
    with web.store.read() as reader:
        known = telling.read(reader)
    view = None
    if known is not None:
        last = wording.ago(known.sent_at, web.clock()) if known.sent_at else "none was due yet"
        view = TellingView(known.where, last, known.problem)
    kind = typed.kind if typed.kind in KINDS else ""
    sentences = tuple(telling.SENTENCES.values())
    return TellingPage(kind, typed, fault, view, sentences, not is_fresh(request.auth, web.clock()))
