"""A photo taken out of the backups: what is lost is said first and the password asked, the backup process does it."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from appliance.backup import requests, taking_out
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.confirming import is_fresh, recently_confirmed
from appliance.web.contexts_backup import TakeOutPage
from appliance.web.login import LARGEST_FORM
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked


@dataclass(frozen=True, slots=True)
class TakeOutForm:
    asset: int = 0


@get("/backup/take-out", guards=[only_owner], sync_to_thread=True)
def take_out_page(request: Asked, web: TheWeb, asset: FromQuery[int] = 0) -> Response[Any]:
    with web.store.read() as reader:
        name = _name(reader, asset)
        out = reader.value("SELECT since FROM kept_out WHERE asset_id=?", (asset,))
        copies = tuple(
            (title, bool(append_only)) for title, append_only in reader.all("SELECT name, append_only FROM repository ORDER BY id")
        )
    since = wording.ago(out, web.clock()) if out is not None else ""
    context = TakeOutPage(asset, name, since, taking_out.LOST, copies, not is_fresh(request.auth, web.clock()))
    return page(request, "backup/take_out.html", context)


@post("/backup/take-out", guards=[only_owner, recently_confirmed], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def take_out(request: Asked, web: TheWeb, viewer: Viewing, data: Form[TakeOutForm]) -> Response[Any]:
    with web.store.write() as writer:
        _name(writer, data.asset)
        details = {"asset": data.asset}
        number = requests.ask(writer, "take-out", details=details, user_id=viewer.user_id, now=web.clock())
    return Redirect(f"/backup/asked/{number}", status_code=303)


@post("/backup/take-in", guards=[only_owner], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def take_in(request: Asked, web: TheWeb, viewer: Viewing, data: Form[TakeOutForm]) -> Response[Any]:
    with web.store.write(durable=True) as writer:
        _name(writer, data.asset)
        taking_out.back_in(writer, data.asset, now=web.clock(), user_id=viewer.user_id)
    return Redirect(f"/backup/take-out?asset={data.asset}", status_code=303)


def _name(reader: Reader, asset: int) -> str:
    """The original's own name. Raises NotFound."""
    return str(reader.one("SELECT file_name FROM asset WHERE id=?", (asset,))[0])
