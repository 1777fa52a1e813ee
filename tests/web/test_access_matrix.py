"""Who gets what from every route. A route that this table does not list fails, so nothing is open by accident.

One line for each method and route: what to send, then the statuses for Olive (owner), Max (member), Kit (child), Gita (holds a
share link) and Stan (stranger). PHOTO is a photo of the library, HIDDEN one that only the owner sees, GONE one in the trash.
Gita and Stan have the same rights until there are share links; both are listed so that adding these is a change here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from appliance.accounts.viewer import Owner, Viewer
from appliance.assistant import actions, conversation
from appliance.assistant.keeping import AS_ASKED
from appliance.assistant.plan import Act, Plan
from appliance.library import albums, selections
from appliance.search.filters import Query
from appliance.sharing import links
from appliance.sharing.links import Options
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, Browser, add_photo

CAST = ("Olive", "Max", "Kit", "Gita", "Stan")
PHOTO, HIDDEN, GONE = 1, 2, 3


@dataclass(frozen=True)
class Line:
    """One request: `route` as the application declares it, `path` as it is asked for."""

    method: str
    route: str
    path: str
    statuses: tuple[int, ...]
    send: dict[str, Any] = field(default_factory=dict)


def line(asked: str, *statuses: int, route: str = "", **send: Any) -> Line:
    method, path = asked.split()
    return Line(method, route or path.partition("?")[0], path, statuses, send)


ONE = "/photos/{asset_id:int}"
TALK = "/conversations/{conversation_id:int}"
TURN = TALK + "/{number:int}"
ALBUM = "/albums/{album_id:int}"
PERSON = "/household/{user_id:int}"
LINK = "/shares/{link_id:int}"
SOMEBODY, HEX = "/people/persons/{person:str}", "0123456789abcdef"
MATRIX = [
    #                                                Olive Max  Kit  Gita Stan
    line("GET /health",                               200, 200, 200, 200, 200),
    line("GET /static/css/tokens.css",                200, 200, 200, 200, 200, route="/static/{name:path}"),
    line("GET /login",                                303, 303, 303, 200, 200),
    line("POST /login",                               401, 401, 401, 401, 401, data={"name": "Olive", "password": "wrong"}),
    line("GET /confirm",                              303, 303, 303, 401, 401),  # their passwords were typed just now
    line("POST /confirm",                             401, 401, 401, 401, 401, data={"own_password": "wrong"}),
    line("GET /setup",                                404, 404, 404, 404, 404),
    line("GET /setup/guess",                          404, 404, 404, 404, 404, route="/setup/{token:str}"),
    line("POST /setup/guess",                         404, 404, 404, 404, 404, route="/setup/{token:str}"),
    line("GET /join/guess",                           404, 404, 404, 404, 404, route="/join/{token:str}"),
    line("POST /join/guess",                          404, 404, 404, 404, 404, route="/join/{token:str}"),
    line("POST /logout",                              303, 303, 303, 401, 401),
    line("GET /",                                     200, 200, 200, 401, 401),
    line("GET /ask?q=beach",                          200, 200, 200, 401, 401),
    line("GET /ask/answer?q=beach",                   200, 200, 200, 401, 401),
    line("GET /ask/proposal?here=q%3Dbeach",          200, 200, 200, 401, 401, route="/ask/proposal"),
    line("GET /ask/proposal/stream?here=q%3Dbeach",   200, 200, 200, 401, 401, route="/ask/proposal/stream"),
    line("POST /ask/proposal",                        422, 422, 422, 401, 401, data={"here": "q=beach", "when": "1989"}),
    line("POST /ask",                                 303, 303, 303, 401, 401, data={"q": "beach"}),
    line("GET /conversations",                        200, 200, 200, 401, 401),
    # Olive's first conversation, in which she asked once and was offered something; nobody else finds it
    line("GET /conversations/1",                      303, 404, 404, 401, 401, route=TALK),
    line("GET /conversations/1/1",                    200, 404, 404, 401, 401, route=TURN),
    line("GET /conversations/1/1/answer",             200, 404, 404, 401, 401, route=TURN + "/answer"),
    line("POST /conversations/1/1/chip",              422, 404, 404, 401, 401, route=TURN + "/chip", data={"words": "x"}),
    line("POST /conversations/1/1/pin",               303, 404, 404, 401, 401, route=TURN + "/pin", data={"token": "x"}),
    line("POST /conversations/1/title",               303, 404, 404, 401, 401, route=TALK + "/title", data={"title": "Sea"}),
    line("POST /conversations/1/restore",             303, 404, 404, 401, 401, route=TALK + "/restore"),
    line("POST /conversations/1/delete",              303, 404, 404, 401, 401, route=TALK + "/delete"),
    line("POST /actions",                             303, 404, 404, 401, 401, data={"action": "1"}),
    line("GET /actions/1",                            200, 404, 404, 401, 401, route="/actions/{action_id:int}"),
    line("POST /albums/1/title",                      303, 403, 403, 401, 401, route=ALBUM + "/title", data={"title": "Beach"}),
    line("POST /albums/1/restore",                    404, 404, 404, 401, 401, route=ALBUM + "/restore"),
    line("POST /albums/1/delete",                     303, 404, 403, 401, 401, route=ALBUM + "/delete"),
    line("POST /albums/2/delete",                     303, 404, 403, 401, 401, route=ALBUM + "/delete"),
    line("POST /selections",                          303, 303, 303, 401, 401, data={"then": "tag", "asset": str(PHOTO)}),
    line("POST /selections",                          303, 400, 400, 401, 401, data={"then": "tag", "asset": str(HIDDEN)}),
    line("POST /selections",                          400, 400, 400, 401, 401, data={"then": "tag", "asset": str(GONE)}),
    line("POST /selections",                          303, 404, 404, 401, 401, data={"then": "tag", "conversation": 1, "turn": 1}),
    line("POST /selections",                          303, 303, 403, 401, 401, data={"then": "hide", "asset": str(PHOTO)}),
    line("POST /selections",                          303, 303, 403, 401, 401, data={"then": "share", "asset": str(PHOTO)}),
    line("POST /actions/1/undo",                      404, 404, 404, 401, 401, route="/actions/{action_id:int}/undo"),
    line("GET /albums",                               200, 200, 200, 401, 401),
    line("GET /albums/1",                             200, 200, 200, 401, 401, route=ALBUM),
    line("GET /albums/2",                             200, 404, 404, 401, 401, route=ALBUM),  # holds the hidden photo alone
    line("GET /household",                            200, 403, 403, 401, 401),
    line("POST /household/invite",                    200, 403, 403, 401, 401, data={"name": "Ida", "kind": "child"}),
    line("POST /household/2/invite",                  200, 403, 403, 401, 401, route=PERSON + "/invite"),
    line("POST /household/1/invite",                  404, 403, 403, 401, 401, route=PERSON + "/invite"),  # the owner's own
    line("POST /household/3/close",                   303, 403, 401, 401, 401, route=PERSON + "/close"),  # Kit, from then on
    line("POST /household/1/close",                   404, 403, 403, 401, 401, route=PERSON + "/close"),
    line("POST /household/2/reopen",                  404, 403, 403, 401, 401, route=PERSON + "/reopen"),  # is not closed
    line("POST /household/2/birthday",                303, 403, 403, 401, 401, route=PERSON + "/birthday", data={"birthday": ""}),
    line("POST /settings/birthday",                   303, 303, 303, 401, 401, data={"birthday": "2014-05-31"}),
    line("POST /settings/proposals",                  303, 303, 303, 401, 401, data={"proposals": "off"}),
    line("POST /settings/answers",                    303, 303, 303, 401, 401, data={"answers": "off"}),
    line("GET /timeline",                             200, 200, 200, 401, 401),
    line(f"GET /photos/{PHOTO}",                      200, 200, 200, 401, 401, route=ONE),
    line(f"GET /photos/{HIDDEN}",                     200, 404, 404, 401, 401, route=ONE),
    line(f"GET /photos/{GONE}",                       404, 404, 404, 401, 401, route=ONE),
    line(f"GET /photos/{PHOTO}/preview",              200, 200, 200, 401, 401, route=ONE + "/preview"),
    line(f"GET /photos/{HIDDEN}/preview",             200, 404, 404, 401, 401, route=ONE + "/preview"),
    line(f"GET /photos/{GONE}/preview",               404, 404, 404, 401, 401, route=ONE + "/preview"),
    line(f"GET /photos/{PHOTO}/thumbnail",            200, 200, 200, 401, 401, route=ONE + "/thumbnail"),
    line(f"GET /photos/{HIDDEN}/thumbnail",           200, 404, 404, 401, 401, route=ONE + "/thumbnail"),
    line(f"GET /photos/{GONE}/thumbnail",             404, 404, 404, 401, 401, route=ONE + "/thumbnail"),
    line(f"GET /photos/{PHOTO}/original",             200, 200, 200, 401, 401, route=ONE + "/original"),
    line(f"GET /photos/{HIDDEN}/original",            200, 404, 404, 401, 401, route=ONE + "/original"),
    line(f"GET /photos/{GONE}/original",              404, 404, 404, 401, 401, route=ONE + "/original"),
    line(f"GET /photos/{PHOTO}/like",                 303, 303, 303, 401, 401, route=ONE + "/like"),
    line(f"GET /photos/{HIDDEN}/like",                303, 404, 404, 401, 401, route=ONE + "/like"),
    line(f"GET /photos/{GONE}/like",                  404, 404, 404, 401, 401, route=ONE + "/like"),
    line(f"POST /photos/{PHOTO}/description",         303, 303, 303, 401, 401, route=ONE + "/description", data={"text": "At sea"}),
    line(f"POST /photos/{HIDDEN}/description",        303, 404, 404, 401, 401, route=ONE + "/description", data={"text": "At sea"}),
    line(f"POST /photos/{GONE}/description",          404, 404, 404, 401, 401, route=ONE + "/description", data={"text": "At sea"}),
    line(f"GET /photos/{PHOTO}/caption",              200, 200, 200, 401, 401, route=ONE + "/caption"),
    line(f"GET /photos/{HIDDEN}/caption",             200, 404, 404, 401, 401, route=ONE + "/caption"),
    line(f"GET /photos/{GONE}/caption",               404, 404, 404, 401, 401, route=ONE + "/caption"),
    line(f"POST /photos/{PHOTO}/caption",             303, 303, 403, 401, 401, route=ONE + "/caption", data={"what": "hide"}),
    line(f"POST /photos/{HIDDEN}/caption",            303, 404, 404, 401, 401, route=ONE + "/caption", data={"what": "hide"}),
    line(f"POST /photos/{GONE}/caption",              404, 404, 404, 401, 401, route=ONE + "/caption", data={"what": "hide"}),
    line("GET /captions",                             200, 200, 403, 401, 401),
    line("GET /captions?show=hidden",                 200, 200, 403, 401, 401),
    line("POST /captions/accept",                     303, 303, 403, 401, 401, data={"seen": "1.1"}),
    line("POST /captions/undo",                       303, 303, 403, 401, 401, data={"at": "1"}),
    line(f"POST /photos/{PHOTO}/document",            303, 303, 303, 401, 401, route=ONE + "/document", data={"kind": "receipt"}),
    line(f"POST /photos/{HIDDEN}/document",           303, 404, 404, 401, 401, route=ONE + "/document", data={"kind": "receipt"}),
    line(f"POST /photos/{GONE}/document",             404, 404, 404, 401, 401, route=ONE + "/document", data={"kind": "receipt"}),
    line(f"GET /photos/{PHOTO}/look?q=Why",           200, 200, 200, 401, 401, route=ONE + "/look"),
    line(f"POST /photos/{PHOTO}/look",                200, 200, 200, 401, 401, route=ONE + "/look", data={"q": "Why"}),
    line(f"POST /photos/{PHOTO}/look/open",           204, 204, 204, 401, 401, route=ONE + "/look/open", data={}),
    line(f"GET /photos/{HIDDEN}/look?q=Why",          200, 404, 404, 401, 401, route=ONE + "/look"),
    line(f"POST /photos/{HIDDEN}/look",               200, 404, 404, 401, 401, route=ONE + "/look", data={"q": "Why"}),
    line(f"POST /photos/{HIDDEN}/look/open",          204, 404, 404, 401, 401, route=ONE + "/look/open", data={}),
    line(f"GET /photos/{GONE}/look?q=Why",            404, 404, 404, 401, 401, route=ONE + "/look"),
    line(f"POST /photos/{GONE}/look",                 404, 404, 404, 401, 401, route=ONE + "/look", data={"q": "Why"}),
    line(f"POST /photos/{GONE}/look/open",            404, 404, 404, 401, 401, route=ONE + "/look/open", data={}),
    line("GET /inspections",                          200, 200, 200, 401, 401),
    line("POST /inspections",                         303, 303, 303, 401, 401, data={"q": "every receipt"}),
    line("GET /inspections/1",                        200, 404, 404, 401, 401, route="/inspections/{number:int}"),
    line("POST /inspections/1/stop",                  303, 404, 404, 401, 401, route="/inspections/{number:int}/stop"),
    line("POST /inspections/1/continue",              303, 404, 404, 401, 401, route="/inspections/{number:int}/continue"),
    line("POST /inspections/1/album",                 400, 404, 404, 401, 401, route="/inspections/{number:int}/album"),
    line("GET /inspections/1/list.csv",               200, 404, 404, 401, 401, route="/inspections/{number:int}/list.csv"),
    line("GET /inspections/9",                        404, 404, 404, 401, 401, route="/inspections/{number:int}"),
    line("POST /inspections/9/stop",                  404, 404, 404, 401, 401, route="/inspections/{number:int}/stop"),
    line("POST /inspections/9/continue",              404, 404, 404, 401, 401, route="/inspections/{number:int}/continue"),
    line("GET /inspections/9/list.csv",               404, 404, 404, 401, 401, route="/inspections/{number:int}/list.csv"),
    line("GET /fix-time?selection=1",                 200, 404, 403, 401, 401),
    line("POST /fix-time",                            303, 404, 403, 401, 401, data={"selection": "1", "change": "shift 60"}),
    line("GET /map",                                  200, 200, 200, 401, 401),
    line("GET /map?selection=1",                      200, 404, 404, 401, 401),  # Olive's
    line("GET /map/places",                           200, 200, 200, 401, 401),
    line("GET /map/photos",                           200, 200, 200, 401, 401),
    line("GET /map/outlines/110m",                    200, 200, 200, 401, 401, route="/map/outlines/{detail:str}"),
    line("GET /shares",                               200, 200, 403, 401, 401),
    line("GET /shares/new?selection=1",               200, 404, 403, 401, 401),  # Olive's selection, and Olive's link
    line("POST /shares",                              303, 404, 403, 401, 401, data={"selection": "1"}),
    line("GET /shares/1",                             200, 404, 403, 401, 401, route=LINK),
    line("GET /shares/9",                             404, 404, 403, 401, 401, route=LINK),
    line("GET /shares/1/progress",                    303, 303, 403, 401, 401, route=LINK + "/progress"),
    line("POST /shares/1/extend",                     303, 404, 403, 401, 401, route=LINK + "/extend", data={"days": "3"}),
    line("POST /shares/1/password",                   303, 404, 403, 401, 401, route=LINK + "/password", data={"password": ""}),
    line("POST /shares/1/address",                    303, 404, 403, 401, 401, route=LINK + "/address"),
    line("POST /shares/1/again",                      303, 404, 403, 401, 401, route=LINK + "/again"),
    line("POST /shares/1/leave-out",                  303, 404, 403, 401, 401, route=LINK + "/leave-out"),
    line("POST /shares/1/revoke",                     303, 404, 403, 401, 401, route=LINK + "/revoke"),
    line("GET /upload",                               200, 200, 200, 401, 401),
    line("GET /upload/list",                          200, 200, 200, 401, 401),
    line("PUT /upload/files?name=a.jpg&modified=0",   201, 201, 201, 401, 401, content=b"not really a picture"),
    line("POST /upload",                              303, 303, 303, 401, 401, files={"files": ("a.jpg", b"not really a picture")}),
    line("POST /upload/tidy",                         303, 303, 303, 401, 401),
    line("GET /indexing",                             200, 200, 200, 401, 401),
    line("GET /indexing/stages",                      200, 200, 200, 401, 401),
    line("POST /indexing/pause",                      303, 403, 403, 401, 401, data={"stage": "caption"}),
    line("POST /indexing/resume",                     303, 403, 403, 401, 401, data={"stage": "caption"}),
    line("POST /indexing/retry",                      303, 403, 403, 401, 401, data={"stage": "caption"}),
    line("GET /models",                               200, 200, 200, 401, 401),
    line("GET /models/list",                          200, 200, 200, 401, 401),
    line("POST /models/install",                      422, 403, 403, 401, 401, data={"source": "/nowhere"}),
    line("POST /models/again",                        404, 403, 403, 401, 401, data={"model": "moondream2"}),
    line("POST /models/confirm",                      404, 403, 403, 401, 401, data={"model": "moondream2"}),
    line("POST /models/stop",                         404, 403, 403, 401, 401, data={"model": "moondream2"}),
    line("POST /models/verify",                       503, 403, 403, 401, 401, data={"model": "moondream2"}),
    line("POST /models/remove",                       400, 403, 403, 401, 401, data={"model": "moondream2"}),
    # sent by a guest through Olive's link
    line("POST /shares/sent/1/accept",                303, 404, 403, 401, 401, route="/shares/sent/{sent_id:int}/accept"),
    line("POST /shares/sent/1/refuse",                303, 404, 403, 401, 401, route="/shares/sent/{sent_id:int}/refuse"),
    line("GET /shares/sent/1/thumbnail",              404, 404, 403, 401, 401, route="/shares/sent/{sent_id:int}/thumbnail"),
    line("POST /shares/sent/9/accept",                404, 404, 403, 401, 401, route="/shares/sent/{sent_id:int}/accept"),
    line("GET /backup",                               200, 200, 403, 401, 401),
    line("GET /backup/status",                        200, 403, 403, 401, 401),
    line("GET /backup/runs",                          200, 403, 403, 401, 401),
    line("GET /backup/files",                         200, 403, 403, 401, 401),
    line("GET /backup/drills/1",                      404, 403, 403, 401, 401, route="/backup/drills/{number:int}"),
    line("POST /backup/run",                          303, 403, 403, 401, 401, data={"repository": "0"}),
    line("POST /backup/check",                        303, 403, 403, 401, 401, data={"repository": "0"}),
    line("POST /backup/drill",                        303, 403, 403, 401, 401, data={"repository": "0"}),
    line("POST /backup/pause",                        404, 403, 403, 401, 401, data={"repository": "1"}),
    line("POST /backup/resume",                       404, 403, 403, 401, 401, data={"repository": "1"}),
    line("POST /backup/confirm-shrunk",               404, 403, 403, 401, 401, data={"repository": "1"}),
    line("GET /backup/add",                           200, 403, 403, 401, 401),
    line("POST /backup/add",                          422, 403, 403, 401, 401, data={"kind": "local", "address": "here"}),
    line("GET /backup/asked/9",                       404, 403, 403, 401, 401, route="/backup/asked/{number:int}"),
    line("POST /backup/mend",                         404, 403, 403, 401, 401, data={"path": "originals/x.jpg"}),
    line("GET /backup/restore",                       200, 403, 403, 401, 401),
    line("GET /backup/restore?selection=9",           404, 403, 403, 401, 401, route="/backup/restore"),
    line("POST /backup/restore",                      303, 403, 403, 401, 401, data={"everything": "true"}),
    line("GET /backup/take-out?asset=9",              404, 403, 403, 401, 401, route="/backup/take-out"),
    line("POST /backup/take-out",                     404, 403, 403, 401, 401, data={"asset": "9"}),
    line("POST /backup/take-in",                      404, 403, 403, 401, 401, data={"asset": "9"}),
    line("GET /backup/telling",                       200, 403, 403, 401, 401),
    line("POST /backup/telling",                      422, 403, 403, 401, 401, data={"kind": "webhook", "url": "here"}),
    line("POST /backup/telling/test",                 303, 403, 403, 401, 401),
    line("POST /backup/telling/off",                  303, 403, 403, 401, 401),
    line("GET /backup/sheet",                         200, 403, 403, 401, 401),
    line("POST /backup/sheet",                        404, 403, 403, 401, 401, data={"repository": "1", "passphrase": "x"}),
    line("GET /settings",                             200, 200, 200, 401, 401),
    line("POST /settings/appearance",                 303, 303, 303, 401, 401, data={"appearance": "dark"}),
    line("POST /settings/captions",                   303, 403, 403, 401, 401, data={"when": "any"}),
    line("POST /settings/sessions/end",               404, 404, 404, 401, 401, data={"session": "another's"}),
    # People is off: to who is no owner, and to the owner outside of turning it on, there is nothing (on: test_people.py)
    line("GET /people",                               404, 404, 404, 401, 401),
    line("GET /people/on",                            200, 403, 403, 401, 401),
    line("POST /people/on",                           400, 403, 403, 401, 401, data={"passphrase": "x"}),
    line("GET /people/off",                           303, 403, 403, 401, 401),
    line("POST /people/off",                          400, 403, 403, 401, 401),
    line("POST /people/viewers",                      303, 403, 403, 401, 401, data={"viewers": "adults"}),
    line("GET /people/unlock",                        404, 404, 404, 401, 401),
    line("POST /people/unlock",                       404, 404, 404, 401, 401, data={"passphrase": "x"}),
    line("POST /people/lock",                         404, 404, 404, 401, 401),
    line("POST /people/withdraw",                     404, 404, 404, 401, 401),
    line("POST /people/allow",                        404, 404, 404, 401, 401),
    line("GET /people/ask",                           404, 404, 404, 401, 401),
    line("GET /people/away",                          404, 404, 404, 401, 401),
    line("GET /people/journal",                       404, 404, 404, 401, 401),
    line(f"GET /people/boxes?asset={PHOTO}",          404, 404, 404, 401, 401),
    line(f"GET /people/persons/{HEX}",                404, 404, 404, 401, 401, route=SOMEBODY),
    line(f"GET /people/persons/{HEX}/faces",          404, 404, 404, 401, 401, route=SOMEBODY + "/faces"),
    line(f"GET /people/groups/{HEX}",                 404, 404, 404, 401, 401, route="/people/groups/{group:str}"),
    line(f"GET /people/faces/{HEX}/thumbnail",        404, 404, 404, 401, 401, route="/people/faces/{face:str}/thumbnail"),
    line("POST /people/faces",                        404, 404, 404, 401, 401, data={"what": "hide", "face": HEX}),
    line(f"POST /people/persons/{HEX}",               404, 404, 404, 401, 401, route=SOMEBODY, data={"name": "Mia"}),
    line(f"POST /people/persons/{HEX}/merge",         404, 404, 404, 401, 401, route=SOMEBODY + "/merge", data={"into": HEX}),
    line(f"POST /people/persons/{HEX}/forget",        404, 403, 403, 401, 401, route=SOMEBODY + "/forget"),
    line("POST /people/undo",                         404, 404, 404, 401, 401, data={"number": 1}),
    line("POST /people/boxes",                        404, 404, 404, 401, 401, data={"asset": PHOTO, "name": "Mia"}),
    line("POST /people/settle",                       404, 403, 403, 401, 401, data={"user_id": 2}),
]  # fmt: skip


@pytest.fixture
def library(store: Store, layout: Layout, cast: dict[str, Viewer]) -> None:
    """Three photos; an inspection, a conversation, a selection and a share link of Olive's; two albums."""
    assert add_photo(store, layout, "beach.jpg") == PHOTO
    assert add_photo(store, layout, "surprise.jpg", hidden=True) == HIDDEN
    assert add_photo(store, layout, "old.jpg") == GONE
    with store.write() as writer:
        writer.run("UPDATE asset SET deleted_at=1 WHERE id=?", (GONE,))
        olive = cast["Olive"]
        assert isinstance(olive, Owner)
        talk = conversation.begin(writer, olive, now=START)
        plan = Plan("act", Query(), act=Act("hide"))
        turn = conversation.add(writer, olive, talk, "hide these", Query(), now=START, keeping=AS_ASKED, plan=plan)
        actions.propose(writer, olive, Act("hide"), [PHOTO], conversation=talk, turn=turn, now=START)
        for title, asset_id in (("Sea", PHOTO), ("Surprise", HIDDEN)):
            albums.put(writer, olive, albums.make(writer, olive, title, now=START), [asset_id], now=START)
        assert selections.keep(writer, olive, [PHOTO], now=START) == 1
        assert links.create(writer, olive, [PHOTO], Options(), token=b"t" * 32, now=START) == 1
        sent = "INSERT INTO share_sent(link_id, token, file_name, bytes, sent_at) VALUES(1,'upload-1','a.jpg',1,0)"
        assert writer.insert(sent) == 1
        assert writer.insert("INSERT INTO inspection(user_id, question, thing, state, created_at) VALUES(1,'','','done',0)") == 1


def browser_of(app: Litestar, cast: dict[str, Viewer], name: str) -> Browser:
    browser = Browser(app)
    return browser.enter(cast[name]) if name in ("Olive", "Max", "Kit") else browser


def routes(app: Litestar) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is of a kind that this table cannot ask"
        for method in set(route.methods) - {"OPTIONS", "HEAD"}:  # both are tested as such in test_security.py
            yield method, route.path


def test_every_route_is_in_the_table_and_the_table_holds_nothing_else(app: Litestar) -> None:
    assert set(routes(app)) == {(line.method, line.route) for line in MATRIX}


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("line", MATRIX, ids=lambda line: f"{line.method} {line.path}")
def test_everybody_gets_exactly_what_the_table_says(app: Litestar, cast: dict[str, Viewer], line: Line) -> None:
    got = {name: browser_of(app, cast, name).request(line.method, line.path, **line.send).status_code for name in CAST}
    assert got == dict(zip(CAST, line.statuses, strict=True))


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("line", [line for line in MATRIX if line.method != "GET"], ids=lambda line: f"{line.method} {line.path}")
def test_nothing_is_changed_without_the_token(app: Litestar, cast: dict[str, Viewer], line: Line) -> None:
    browser = browser_of(app, cast, "Olive")
    browser.headers.pop("X-CSRF-Token")
    assert browser.request(line.method, line.path, **line.send).status_code == 403


@pytest.mark.usefixtures("library")
def test_a_hidden_photo_looks_like_one_that_never_was(app: Litestar, cast: dict[str, Viewer]) -> None:
    kit = browser_of(app, cast, "Kit")
    for part in ("", "/preview", "/thumbnail", "/original", "/like"):
        hidden, gone, never = (kit.get(f"/photos/{number}{part}") for number in (HIDDEN, GONE, 999))
        assert hidden.content == gone.content == never.content
        assert re.sub("date.*", "", str(hidden.headers)) == re.sub("date.*", "", str(never.headers))
