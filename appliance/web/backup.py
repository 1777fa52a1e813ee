"""Backup: “are we safe?” in one sentence, the copies, what to do now, what was done. A member sees the sentence alone."""

import json
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from appliance.accounts.viewer import Child, Family, Owner
from appliance.backup import asked, health, history, plan, repositories, requests, state, status, until, versions
from appliance.backup.requests import Request
from appliance.backup.state import State
from appliance.errors import AdultNeeded
from appliance.store.db import Reader
from appliance.web import backup_views as views
from appliance.web import wording
from appliance.web.contexts_backup import BackupPage, DrillPage, FilesPage, FileView, HistoryPage
from appliance.web.parameters import Form, TheWeb, Viewing
from appliance.web.rendering import fragment, page
from appliance.web.security import only_owner
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web

RUNS_SHOWN, RUNS_PAGE = 6, 50
VERBS = {
    "run": "A backup",
    "check": "A check",
    "drill": "A drill",
    "restore": "A restore",
    "mend": "A good version",
    "take-out": "A photo out of the backups",
    "add-repository": "A new copy",
    "tell-set": "A place for messages",
    "tell-test": "A test message",
}


@dataclass(frozen=True, slots=True)
class RepositoryForm:
    """0: every repository."""

    repository: int = 0


@get("/backup", sync_to_thread=True)
def backup_page(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    if isinstance(viewer, Child):
        raise AdultNeeded
    return page(request, "backup/page.html", _context(web, viewer))


@get("/backup/status", guards=[only_owner], sync_to_thread=True)
def backup_status(request: Asked, web: TheWeb, viewer: Viewing) -> Response[Any]:
    return fragment(request, "backup/_status.html", _context(web, viewer))


@get("/backup/runs", guards=[only_owner], sync_to_thread=True)
def backup_runs(request: Asked, web: TheWeb, before: FromQuery[int] = 0) -> Response[Any]:
    now = web.clock()
    with web.store.read() as reader:
        rows = reader.all(views.HISTORY, {"before": before or 2**62, "limit": RUNS_PAGE + 1})
    older = rows[RUNS_PAGE - 1][3] if len(rows) > RUNS_PAGE else None
    return page(request, "backup/runs.html", HistoryPage(tuple(views.run(row, now) for row in rows[:RUNS_PAGE]), older))


@get("/backup/files", guards=[only_owner], sync_to_thread=True)
def backup_files(request: Asked, web: TheWeb, after: FromQuery[int] = 0) -> Response[Any]:
    with web.store.read() as reader:
        seen = _look(web, reader)
        rows = until.unprotected(reader, after=after, limit=until.PAGE + 1)
        alarms = () if after else tuple(FileView(*row) for row in reader.all(_ALARMS))
    files = tuple(_file(row, web.clock()) for row in rows[: until.PAGE])
    more = files[-1].asset_id if len(rows) > until.PAGE else None
    return page(request, "backup/files.html", FilesPage(_unprotected(seen), alarms, files, more, ""))


_ALARMS = f"""SELECT rot.asset_id, rot.path, CASE rot.state WHEN 'rotten' THEN 'Changed by itself' WHEN 'missing' THEN 'Missing'
    ELSE 'Cannot be read' END, rot.reason, EXISTS({versions.OF_ROT})
  FROM rot WHERE rot.state <> 'ok' ORDER BY rot.path LIMIT {until.PAGE}"""


@get("/backup/drills/{number:int}", guards=[only_owner], sync_to_thread=True)
def drill_page(request: Asked, web: TheWeb, number: FromPath[int]) -> Response[Any]:
    with web.store.read() as reader:
        row = reader.one(_DRILL, (number,))
    return page(request, "backup/drill.html", _certificate(number, row))


_DRILL = """SELECT started_at, ended_at, files, outcome, reason, details, repository.name, repository.address FROM drill
  JOIN repository ON repository.id = repository_id WHERE drill.id = ?"""


@post("/backup/run", guards=[only_owner], sync_to_thread=True)
def back_up_now(request: Asked, web: TheWeb, viewer: Viewing, data: Form[RepositoryForm]) -> Response[Any]:
    return _ask(request, web, viewer, "run", data)


@post("/backup/check", guards=[only_owner], sync_to_thread=True)
def check_now(request: Asked, web: TheWeb, viewer: Viewing, data: Form[RepositoryForm]) -> Response[Any]:
    return _ask(request, web, viewer, "check", data, {"data": True})


@post("/backup/drill", guards=[only_owner], sync_to_thread=True)
def drill_now(request: Asked, web: TheWeb, viewer: Viewing, data: Form[RepositoryForm]) -> Response[Any]:
    return _ask(request, web, viewer, "drill", data)


def _ask(
    request: Asked, web: Web, viewer: Family, verb: str, data: RepositoryForm, details: dict[str, bool] | None = None
) -> Response[Any]:
    """Leave a request for the backup process, which begins within seconds. Raises NotFound when there is no such repository."""
    with web.store.write() as writer:
        if data.repository:
            repositories.get(writer, data.repository)
        number = data.repository or None
        requests.ask(writer, verb, repository_id=number, details=details, user_id=viewer.user_id, now=web.clock())
    return _answer(request, web, viewer)


@post("/backup/pause", guards=[only_owner], sync_to_thread=True)
def pause_copy(request: Asked, web: TheWeb, viewer: Viewing, data: Form[RepositoryForm]) -> Response[Any]:
    with web.store.write(durable=True) as writer:
        plan.pause(writer, repositories.get(writer, data.repository), now=web.clock())
    return _answer(request, web, viewer)


@post("/backup/resume", guards=[only_owner], sync_to_thread=True)
def resume_copy(request: Asked, web: TheWeb, viewer: Viewing, data: Form[RepositoryForm]) -> Response[Any]:
    with web.store.write(durable=True) as writer:
        plan.resume(writer, repositories.get(writer, data.repository))
    return _answer(request, web, viewer)


@post("/backup/confirm-shrunk", guards=[only_owner], sync_to_thread=True)
def confirm_shrunk(request: Asked, web: TheWeb, viewer: Viewing, data: Form[RepositoryForm]) -> Response[Any]:
    """The owner says that the library shrank on purpose."""
    with web.store.write(durable=True) as writer:
        one = repositories.get(writer, data.repository)
        plan.allow_forget(writer, one, now=web.clock(), user_id=viewer.user_id)
    return _answer(request, web, viewer)


def _answer(request: Asked, web: Web, viewer: Family) -> Response[Any]:
    if request.headers.get("hx-request"):
        return fragment(request, "backup/_status.html", _context(web, viewer))
    return Redirect("/backup", status_code=303)


def _look(web: Web, reader: Reader) -> State:
    return state.gather(reader, now=web.clock(), free=status.free_room(reader))


def _context(web: Web, viewer: Family, said: str = "") -> BackupPage:
    with web.store.read() as reader:
        seen = _look(web, reader)
        verdict = health.judge(seen)
        owner = isinstance(viewer, Owner)
        sources = until.safe_until(reader, seen) if owner else ()
        points = history.protected_over_time(reader, now=seen.now) if owner else ()
        rows = reader.all(views.HISTORY, {"before": 2**62, "limit": RUNS_SHOWN}) if owner else []
        open_requests = asked.open_ones(reader) if owner else []
    running = any(copy.is_running(seen.now) for copy in seen.copies)
    return BackupPage(
        may_see=owner,
        colour=verdict.colour,
        picture=views.PICTURES[verdict.colour],
        sentence=verdict.sentence,
        todo=tuple(views.todo(finding) for finding in verdict.todo) if owner else (),
        copies=(views.live(seen), *(views.copy(copy, seen) for copy in seen.copies)) if owner else (),
        sources=tuple(views.source(source) for source in sources),
        plot=views.plot(points),
        runs=tuple(views.run(row, seen.now) for row in rows),
        waiting=tuple(_waits(request) for request in open_requests),
        unprotected=_unprotected(seen) if owner else "",
        busy=running or bool(open_requests),
        said=said,
    )


def _waits(request: Request) -> str:
    what = VERBS.get(request.verb, "Something")
    return f"{what} was asked for and begins soon." if request.state == "waiting" else f"{what} is being worked on."


def _unprotected(seen: State) -> str:
    if not seen.copies:
        return f"No copy is set up: {wording.counted(seen.files, 'original')} on this disk only." if seen.files else ""
    lacking = [f"{wording.number(copy.unprotected)} not in {copy.title}" for copy in seen.copies if copy.unprotected]
    return f"{', '.join(lacking)}." if lacking else "Every original is in every copy."


def _file(row: until.Unprotected, now: int) -> FileView:
    where = f"not in {', '.join(row.lacking)}" if row.lacking else "in no copy"
    words = f"{wording.size(row.bytes)}, added {wording.ago(row.added_at, now)}, {where}"
    return FileView(row.asset_id, row.original, words, row.why, mendable=False)


def _certificate(number: int, row: tuple[Any, ...]) -> DrillPage:
    began, ended, files, outcome, reason, details, name, address = row
    found = json.loads(details)
    passed = outcome == "passed"
    facts = [("Copy", f"{name}, {address}"), ("Begun", views.moment(began))]
    facts += [("Ended", views.moment(ended))] if ended else []
    facts += [(str(label), str(words)) for label, words in found.get("facts", [])]
    sentence = {
        "passed": f"{wording.counted(files, 'original')} and the database were restored, and each is what it should be.",
        "running": "It is running.",
        "waiting": "It waited for the copy and will be tried again.",
        "stopped": "It was stopped and says nothing.",
    }.get(outcome, reason or "It failed.")
    wrong = tuple((str(path), str(what)) for path, what in found.get("wrong", []))
    return DrillPage(number, views.day(ended or began), name, passed, sentence, tuple(facts), wrong)
