"""What the owner asks of the backup process in the browser: a new copy, a restore, a good version; and what came of it."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.backup import asked, requests, restore
from appliance.backup.addresses import kind_of
from appliance.backup.plan import Wish
from appliance.backup.requests import Request
from appliance.errors import WrongUsage
from appliance.library import selections
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.backup import VERBS
from appliance.web.backup_kinds import KINDS, kind_named
from appliance.web.confirming import is_fresh, recently_confirmed
from appliance.web.contexts_backup import AddPage, AskedPage, RestorePage
from appliance.web.login import LARGEST_FORM
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

LARGEST_ADD = 1 << 20


@dataclass(frozen=True, slots=True)
class AddForm:
    kind: str = ""
    name: str = ""
    address: str = ""
    user: str = ""
    password: str = ""
    rclone: str = ""
    passphrase: str = ""
    offsite: bool = False
    append_only: bool = False
    removable: bool = False
    upload_kib: int = 0


@dataclass(frozen=True, slots=True)
class MendForm:
    path: str = ""


@dataclass(frozen=True, slots=True)
class RestoreForm:
    """What is meant, and where it goes: `into` is 'folder' or 'place'."""

    selection: int = 0
    asset: int = 0
    album: int = 0
    date: str = ""
    everything: bool = False
    into: str = "folder"
    replace: bool = False


@get("/backup/add", guards=[only_owner], sync_to_thread=True)
def add_page(request: Asked, web: TheWeb, kind: FromQuery[str] = "") -> Response[Any]:
    chosen = kind_named(kind)
    typed = AddForm(kind=kind, offsite=bool(chosen and chosen.away))
    return page(request, "backup/add.html", AddPage(KINDS, chosen, typed, ""))


@post("/backup/add", guards=[only_owner], sync_to_thread=True, request_max_body_size=LARGEST_ADD)
def add_repository(request: Asked, web: TheWeb, viewer: Viewing, data: Form[AddForm]) -> Response[Any]:
    """What cannot be meant is said beside what was typed; the rest the backup process tries."""
    try:
        if not data.name.strip() or len(data.name) > 60:
            raise WrongUsage(what="Give the copy a name of up to 60 letters.")
        address = data.address.strip()
        if kind_of(address, web.layout.home) != data.kind:
            raise WrongUsage(what="That is the address of another kind of place: choose its kind first.")
        wish = Wish(
            data.name.strip(), address, data.offsite, data.append_only, data.removable or None, max(0, data.upload_kib),
            data.passphrase.strip(), data.user.strip(), data.password, data.rclone.encode(),
        )  # fmt: skip
    except WrongUsage as error:
        return page(request, "backup/add.html", AddPage(KINDS, kind_named(data.kind), data, str(error)), status=422)
    with web.store.write() as writer:
        number = asked.ask_to_add(writer, web.layout, wish, user_id=viewer.user_id, now=web.clock())
    return Redirect(f"/backup/asked/{number}", status_code=303)


@get("/backup/asked/{number:int}", guards=[only_owner], sync_to_thread=True)
def asked_page(request: Asked, web: TheWeb, number: FromPath[int]) -> Response[Any]:
    with web.store.read() as reader:
        context = _asked(requests.get(reader, number), web.clock())
    if request.headers.get("hx-request"):
        return fragment(request, "backup/_asked.html", context)
    return page(request, "backup/asked.html", context)


@post("/backup/mend", guards=[only_owner], sync_to_thread=True)
def mend_file(request: Asked, web: TheWeb, viewer: Viewing, data: Form[MendForm]) -> Response[Any]:
    with web.store.write() as writer:
        writer.one("SELECT path FROM rot WHERE path=? AND state<>'ok'", (data.path,))
        number = requests.ask(writer, "mend", details={"path": data.path}, user_id=viewer.user_id, now=web.clock())
    return Redirect(f"/backup/asked/{number}", status_code=303)


@get("/backup/restore", guards=[only_owner], sync_to_thread=True)
def restore_page(
    request: Asked,
    web: TheWeb,
    viewer: Viewing,
    selection: FromQuery[int] = 0,
    asset: FromQuery[int] = 0,
    album: FromQuery[int] = 0,
    date: FromQuery[str] = "",
) -> Response[Any]:
    typed = RestoreForm(selection, asset, album, date)
    return page(request, "backup/restore.html", _restore_page(request, web, viewer, typed))


@post("/backup/restore", guards=[only_owner, recently_confirmed], sync_to_thread=True, request_max_body_size=LARGEST_FORM)
def restore_files(request: Asked, web: TheWeb, viewer: Viewing, data: Form[RestoreForm]) -> Response[Any]:
    try:
        with web.store.write() as writer:
            what = _meant(writer, viewer, data)
            restore.choose(writer, **what)
            details = {**what, "into": "place" if data.into == "place" else "folder", "replace": data.replace}
            number = requests.ask(writer, "restore", details=details, user_id=viewer.user_id, now=web.clock())
    except WrongUsage as error:
        return page(request, "backup/restore.html", _restore_page(request, web, viewer, data, str(error)), status=422)
    return Redirect(f"/backup/asked/{number}", status_code=303)


def _meant(reader: Reader, viewer: Family, data: RestoreForm) -> dict[str, Any]:
    """The words of restore.choose. Raises NotFound for a selection or album that is not there."""
    if data.selection:
        return {"assets": list(selections.assets_of(reader, viewer, data.selection))}
    if data.asset:
        return {"assets": [data.asset]}
    if data.album:
        reader.one("SELECT id FROM album WHERE id=? AND deleted_at IS NULL", (data.album,))
        return {"assets": [one for (one,) in reader.all("SELECT asset_id FROM album_asset WHERE album_id=?", (data.album,))]}
    return {"date": data.date.strip(), "everything": data.everything}


def _restore_page(request: Asked, web: Web, viewer: Family, typed: RestoreForm, fault: str = "") -> RestorePage:
    named = bool(typed.selection or typed.asset or typed.album or typed.date)
    summary, single = "", 0
    with web.store.read() as reader:
        if named and not fault:
            try:
                meant = _meant(reader, viewer, typed)
                files = restore.choose(reader, **meant)
                single = meant["assets"][0] if len(meant.get("assets", ())) == 1 else 0
                total = wording.size(sum(one.bytes for one in files))
                summary = f"{wording.counted(len(files), 'original')}, {total}."
            except WrongUsage as error:
                fault = str(error)
        copies = int(reader.value("SELECT count(*) FROM repository"))
        recent = reader.all("SELECT id, said FROM backup_request WHERE verb='restore' ORDER BY id DESC LIMIT 5")
    folder = str(web.layout.restored)
    confirm = not is_fresh(request.auth, web.clock())
    return RestorePage(typed, summary, single, fault, copies > 0, folder, confirm, tuple(recent))


def _asked(one: Request, now: int) -> AskedPage:
    messages = dict.fromkeys(("tell-set", "tell-test"), ("/backup/telling", "Tell me elsewhere"))
    where = {
        "add-repository": ("/backup/sheet", "Print the emergency sheet"),
        "mend": ("/backup/files", "Back to the files"),
    } | messages
    again = {"add-repository": ("/backup/add", "Fill in the form again"), "restore": ("/backup/restore", "Try again")} | messages
    href, words = (where if one.state == "done" else again).get(one.verb, ("/backup", "Backup"))
    done, total = one.result.get("done", 0), one.result.get("total", 0)
    return AskedPage(
        number=one.id,
        title=VERBS.get(one.verb, one.verb),
        name=str(one.details.get("name", "")),
        state=one.state,
        busy=one.state in ("waiting", "running"),
        said=one.said,
        done=done,
        total=total,
        progress=f"{wording.number(done)} of {wording.number(total)}" if total else "",
        slow=one.state == "waiting" and now - one.asked_at > 60_000,
        href=href,
        words=words,
    )
