"""Messages to where the owner said: one when the backups have become red and stayed so for a look, one when they are green again.

Off until somebody sets it. What is sent is one of the sentences below, a colour, the time and what the owner calls the box. Where
it goes lies in keys/backup/telling, for the backup process alone; the row of `choice` holds what may be shown, and what was told.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from appliance.adapters import telling as messenger
from appliance.adapters.telling import Message, Target
from appliance.backup import health, keys, requests, state, status
from appliance.backup.box import Box
from appliance.backup.health import Colour
from appliance.backup.requests import Request
from appliance.backup.state import DAY_MS, MINUTE_MS
from appliance.errors import TellingFailed, WrongUsage
from appliance.store import audit
from appliance.store.db import Reader, Writer
from appliance.store.layout import Layout

Answer = tuple[str, Mapping[str, Any]]
CHOICE = "backup.telling"
LOOK_MS = 5 * MINUTE_MS
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 5 * MINUTE_MS, 4 * 60 * MINUTE_MS
TRIED_FOR_MS = DAY_MS

TEST = "Mantel: this is a test"
SENTENCES: dict[Colour, str] = {
    "not safe": "Mantel: the backups need attention",
    "safe": "Mantel: the backups are complete again",
}
COLOURS: dict[Colour, Literal["green", "amber", "red"]] = {"safe": "green", "attention": "amber", "not safe": "red"}


class Telling(msgspec.Struct, frozen=True):
    """Times in milliseconds since 1970 UTC, 0 for never. `told_red`: the owner knows that it is red, and waits to hear that it is
    green; `given_up`: of this red nobody could be told; `tries`: failed ones of the message that is due now."""

    kind: Literal["webhook", "mail"]
    where: str
    set_at: int
    told_red: bool = False
    given_up: bool = False
    red_since: int = 0
    tries: int = 0
    first_try: int = 0
    next_try: int = 0
    sent_at: int = 0
    problem: str = ""


def read(reader: Reader) -> Telling | None:
    """None while it is off."""
    text = reader.value("SELECT value FROM choice WHERE name=?", (CHOICE,))
    return None if text is None else msgspec.json.decode(text, type=Telling)


def ask_to_set(writer: Writer, layout: Layout, target: Target, *, user_id: int, now: int) -> int:
    """Hand `target` over to the backup process; return the request's id. Raises WrongUsage."""
    messenger.check(target)
    given = keys.hand_over(layout, target)
    return requests.ask(writer, "tell-set", details={"given": given}, user_id=user_id, now=now)


def set_target(box: Box, target: Target, *, user_id: int | None) -> Telling:
    """Send messages there from now on. That it is red now the owner sees; the next message then says that it is green again.

    Raises WrongUsage.
    """
    messenger.check(target)
    with box.store.write(durable=True) as writer:
        now = box.clock()
        telling = Telling(target.kind, target.where, now, told_red=_colour(writer, now) == "not safe")
        keys.keep_target(box.layout, target)
        writer.run("INSERT OR REPLACE INTO choice(name, value) VALUES(?,?)", (CHOICE, _text(telling)))
        audit.record(writer, now=now, user_id=user_id, action="backup.telling_set")
    return telling


def turn_off(writer: Writer, *, user_id: int | None, now: int) -> None:
    """From now on nothing is sent; the backup process then removes the file with the secret."""
    if writer.run("DELETE FROM choice WHERE name=?", (CHOICE,)):
        audit.record(writer, now=now, user_id=user_id, action="backup.telling_off")


def tidy(box: Box) -> None:
    """Remove the file with the secret when nothing is to be sent any more."""
    if keys.target(box.layout) is None:
        return
    with box.store.write() as writer:  # whoever sets it writes the file inside such a transaction
        if read(writer) is None:
            keys.forget_target(box.layout)


def test(box: Box, *, user_id: int | None) -> None:
    """Send the sentence of a test. Raises WrongUsage while it is off, TellingFailed."""
    with box.store.read() as reader:
        telling, colour = read(reader), _colour(reader, box.clock())
    if telling is None:
        raise WrongUsage(what="Nothing is sent anywhere: say first where messages go.")
    try:
        _send(box, Message(TEST, COLOURS[colour], box.clock()))
    except TellingFailed:
        _record(box, "backup.telling_failed", user_id)
        raise
    _record(box, "backup.telling_tested", user_id)
    _swap(box, telling, msgspec.structs.replace(telling, next_try=0, problem=""))


def look(box: Box) -> None:
    """Send what is due, if anything is. A failure is noted and tried again at a later look."""
    with box.store.read() as reader:
        before = read(reader)
        colour = None if before is None else _colour(reader, box.clock())
    if before is None or colour is None:
        tidy(box)
        return
    now = box.clock()
    seen, due = judge(before, colour, now)
    if seen != before and not _swap(box, before, seen):
        return  # somebody has just set it anew
    if due is None or is_pausing(seen, now):
        return
    try:
        _send(box, Message(SENTENCES[due], COLOURS[due], now))
        after, action = sent(seen, due, now), "backup.told"
    except TellingFailed as error:
        after, action = failed(seen, due, str(error), now), "backup.telling_failed"
    _swap(box, seen, after)
    _record(box, action, None)


def judge(telling: Telling, colour: Colour, now: int) -> tuple[Telling, Colour | None]:
    """Return what is known after a look, and which message is due: of 'not safe', of 'safe', or none."""
    known_since = telling.red_since if 0 < telling.red_since <= now else now
    since = known_since if colour == "not safe" else 0
    given_up = telling.given_up and colour != "safe"
    due: Colour | None = None
    if colour == "not safe" and not telling.told_red and not given_up and now - since >= LOOK_MS:
        due = "not safe"
    if colour == "safe" and telling.told_red:
        due = "safe"
    seen = msgspec.structs.replace(telling, red_since=since, given_up=given_up)
    return (seen if due else msgspec.structs.replace(seen, tries=0, first_try=0, next_try=0)), due


def is_pausing(telling: Telling, now: int) -> bool:
    """Is it too early for the next try? A clock that jumped back makes nobody wait longer than a pause."""
    return now < telling.next_try <= now + LONGEST_PAUSE_MS


def sent(telling: Telling, what: Colour, now: int) -> Telling:
    told_red = what == "not safe"
    return msgspec.structs.replace(telling, told_red=told_red, tries=0, first_try=0, next_try=0, sent_at=now, problem="")


def failed(telling: Telling, what: Colour, problem: str, now: int) -> Telling:
    """The next try waits longer each time; after a day this message is left."""
    first = telling.first_try if 0 < telling.first_try <= now else now
    if now - first >= TRIED_FOR_MS:
        return msgspec.structs.replace(
            telling, told_red=False, given_up=what == "not safe", tries=0, first_try=0, next_try=0, problem=problem
        )
    pause = min(FIRST_PAUSE_MS * 2**telling.tries, LONGEST_PAUSE_MS)
    return msgspec.structs.replace(telling, tries=telling.tries + 1, first_try=first, next_try=now + pause, problem=problem)


def was_set(box: Box, request: Request) -> Answer:
    """The handler of 'tell-set'. `details`: given, under which the target was handed over."""
    target = keys.take(box.layout, str(request.details.get("given", "")), Target)
    telling = set_target(box, target, user_id=request.asked_by)
    return f"Messages go to {telling.where}. Send a test, to see that they arrive.", {}


def was_tested(box: Box, request: Request) -> Answer:
    """The handler of 'tell-test'."""
    test(box, user_id=request.asked_by)
    return "The other side says that it has the message. See that it has come to where you read it.", {}


def as_json(telling: Telling | None) -> dict[str, Any]:
    """What may be shown of it."""
    return {"kind": "none"} if telling is None else msgspec.to_builtins(telling)


def _send(box: Box, message: Message) -> None:
    """Raises TellingFailed."""
    target = keys.target(box.layout)
    if target is None:
        raise TellingFailed(reason="the file in keys/backup/ that says where to is not there; set it again")
    messenger.send(target, message)


def _record(box: Box, action: str, user_id: int | None) -> None:
    with box.store.write(durable=True) as writer:
        audit.record(writer, now=box.clock(), user_id=user_id, action=action)


def _colour(reader: Reader, now: int) -> Colour:
    return health.judge(state.gather(reader, now=now, free=status.free_room(reader))).colour


def _swap(box: Box, old: Telling, new: Telling) -> bool:
    """Write `new` over `old`; False, and nothing is written, when something else stands there by now."""
    with box.store.write(durable=True) as writer:
        return bool(writer.run("UPDATE choice SET value=? WHERE name=? AND value=?", (_text(new), CHOICE, _text(old))))


def _text(telling: Telling) -> str:
    return msgspec.json.encode(telling).decode()
