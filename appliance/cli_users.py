"""mantel users: list, add, password, close, reopen, birthday."""

import argparse
import secrets
from datetime import UTC, datetime
from pathlib import Path

from appliance.accounts import household, passwords, users
from appliance.accounts.household import Person
from appliance.cli_library import clock, opened, owner
from appliance.cli_output import DONE, Output, table
from appliance.errors import WrongUsage
from appliance.settings import Settings
from appliance.store import audit
from appliance.store.db import Reader, Store


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    with opened(settings) as (store, _):
        if words.verb == "list":
            _list(store, output)
        else:
            if not words.name:
                raise WrongUsage(what=f"“mantel users {words.verb}” wants a name.")
            _VERBS[words.verb](store, words, output)
    return DONE


def _list(store: Store, output: Output) -> None:
    with store.read() as reader:
        found = household.people(reader, clock())
    output.show([_json(one) for one in found], table([_row(one) for one in found]) if found else ["Nobody has an account yet."])


def _add(store: Store, words: argparse.Namespace, output: Output) -> None:
    """With a password file the account can be used at once; without one a link is printed."""
    hashed = passwords.hash_password(_first_line(words.password_file)) if words.password_file else None
    with store.write(durable=True) as writer:
        user_id, token = household.invite(
            writer, by=owner(writer).user_id or None, name=words.name, kind=words.kind, token=_token(), now=clock()
        )
        if hashed:
            household.join(writer, token, password_hash=hashed, now=clock())
    _answer(store, user_id, output, token="" if hashed else token)


def _password(store: Store, words: argparse.Namespace, output: Output) -> None:
    """A new password from a file, for anybody; without a file a link for its person."""
    hashed = passwords.hash_password(_first_line(words.password_file)) if words.password_file else None
    with store.write(durable=True) as writer:
        user_id = _id(writer, words.name)
        by = owner(writer).user_id or None
        token = "" if hashed else household.renew(writer, user_id, by=by, token=_token(), now=clock())
        if hashed:
            users.set_password(writer, user_id, hashed)
            writer.run("DELETE FROM session WHERE user_id=?", (user_id,))
            audit.record(writer, now=clock(), user_id=by, action="user.password", subjects=[user_id])
    _answer(store, user_id, output, token=token)


def _close(store: Store, words: argparse.Namespace, output: Output) -> None:
    with store.write(durable=True) as writer:
        user_id = _id(writer, words.name)
        household.close(writer, user_id, by=owner(writer).user_id or None, now=clock())
    _answer(store, user_id, output)


def _reopen(store: Store, words: argparse.Namespace, output: Output) -> None:
    with store.write(durable=True) as writer:
        user_id = _id(writer, words.name)
        household.reopen(writer, user_id, by=owner(writer).user_id or None, now=clock())
    _answer(store, user_id, output)


def _birthday(store: Store, words: argparse.Namespace, output: Output) -> None:
    today = datetime.fromtimestamp(clock() / 1000, UTC).date()
    with store.write(durable=True) as writer:
        user_id = _id(writer, words.name)
        household.set_birthday(writer, user_id, words.birthday, today=today)
    _answer(store, user_id, output)


_VERBS = {"add": _add, "password": _password, "close": _close, "reopen": _reopen, "birthday": _birthday}


def _id(reader: Reader, name: str) -> int:
    return household.named(reader, name, clock()).user_id


def _token() -> bytes:
    return secrets.token_bytes(household.TOKEN_BYTES)


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise WrongUsage(what=f"{file} holds no password on its first line.") from error


def _answer(store: Store, user_id: int, output: Output, token: str = "") -> None:
    with store.read() as reader:
        found = household.person(reader, user_id, clock())
    lines = table([_row(found)])
    if token:
        lines.append(f"Let {found.name} open /join/{token} at this Mantel's address; it works once, for 7 days.")
    output.show(_json(found) | ({"join": f"/join/{token}"} if token else {}), lines)


def _row(one: Person) -> tuple[str, ...]:
    state = "closed" if one.closed else "here" if one.joined else "invited"
    return one.name, one.kind, state, one.birthday.isoformat() if one.birthday else "no birthday"


def _json(one: Person) -> dict[str, object]:
    return {
        "id": one.user_id,
        "name": one.name,
        "kind": one.kind,
        "birthday": one.birthday.isoformat() if one.birthday else None,
        "joined": one.joined,
        "closed": one.closed,
    }
