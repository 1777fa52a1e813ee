"""mantel people: status, enable, passphrase, unlock, lock, export, disable, serve; the verbs about persons are in
cli_people_named.py."""

import argparse
import getpass
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import msgspec

import appliance
from appliance import cli_people_named
from appliance.adapters import sandbox_rules
from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.places import Gazetteer
from appliance.assistant import people_export
from appliance.assistant.anew import write_anew
from appliance.cli_library import clock, opened, owner
from appliance.cli_output import AGAIN, DONE, Output
from appliance.errors import PeopleAway, WrongUsage
from appliance.people import consent, erasing, serving, turning
from appliance.people.client import People
from appliance.people.erasing import Receipt
from appliance.people.protocol import State
from appliance.people.serving import Serving, Times
from appliance.settings import Settings
from appliance.store import audit
from appliance.store.db import Store
from appliance.store.layout import Layout

MEMORY_MB = 6144
"""Address space of the people process: libraries, 256 MiB for a passphrase, and some hundred thousand faces."""


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.verb == "serve":
        return _serve(words, settings)
    with opened(settings) as (store, layout):
        erasing.finish(store, layout, now=clock())
        _VERBS[words.verb](words, store, layout, output)
    return DONE


def _status(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    with store.read() as reader:
        given = consent.consent(reader)
    state = _state(layout) if given else None
    kinds = dict(People(layout.people_socket).count()) if state and state.unlocked else {}
    document = {
        "on": given is not None,
        "since": given.since if given else None,
        "viewers": given.viewers if given else None,
        "unlocked": state.unlocked if state else False,
        "answers": state is not None,
        "seconds": round(state.seconds) if state else 0,
        "kept": kinds,
    }
    output.show(document, _said(given, state, kinds))


def _said(given: consent.Consent | None, state: State | None, kinds: dict[str, int]) -> list[str]:
    if given is None:
        return ["People is off."]
    if state is None:
        return ["People is on; the people process does not answer, so it is locked."]
    if not state.unlocked:
        return ["People is on and locked."]
    kept = ", ".join(f"{kinds[kind]} × {kind}" for kind in sorted(kinds)) or "nothing yet"
    return [f"People is on and unlocked; it locks itself in {state.seconds / 60:.0f} minutes. Kept: {kept}."]


def _state(layout: Layout) -> State | None:
    """None: nobody answers."""
    try:
        return People(layout.people_socket).state()
    except PeopleAway:
        return None


def _enable(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    passphrase = _passphrase(words.passphrase_file, "New passphrase of People: ", twice=True)
    with store.read() as reader:
        user_id = owner(reader).user_id or None
    people = People(layout.people_socket)
    turning.turn_on(store, layout, people, passphrase=passphrase, user_id=user_id, viewers=words.viewers, now=clock())
    write_anew(store, people, Gazetteer())
    output.show({"on": True, "viewers": words.viewers}, ["People is on and unlocked. Nobody can tell you the passphrase later."])


def _change(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    old = _passphrase(words.passphrase_file, "Passphrase of People: ")
    new = _passphrase(words.new_passphrase_file, "New passphrase of People: ", twice=True)
    People(layout.people_socket).change_passphrase(old, new)
    output.show({"changed": True}, ["The passphrase is changed."])


def _unlock(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    people = People(layout.people_socket)
    people.unlock(_passphrase(words.passphrase_file, "Passphrase of People: "))
    write_anew(store, people, Gazetteer())
    output.show({"unlocked": True}, ["People is unlocked."])


def _lock(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    People(layout.people_socket).lock()
    output.show({"unlocked": False}, ["People is locked."])


def _disable(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    if not words.confirm:
        raise WrongUsage(what="This erases every face and person, for good; photos stay. Say it again with --confirm.")
    with store.read() as reader:
        user_id = owner(reader).user_id or None
    receipt = erasing.turn_off(store, layout, user_id=user_id, now=clock())
    output.show(msgspec.to_builtins(receipt), receipt_lines(receipt))


def receipt_lines(receipt: Receipt) -> list[str]:
    return [
        "People is off, and everything of it is erased:",
        f"{receipt.files} files of keys and of the vault, {receipt.bytes} bytes, overwritten; in them {receipt.rows} sealed rows.",
        f"{receipt.jobs} rows of work in the database.",
    ]


def _export(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    if not words.confirm:
        raise WrongUsage(what=WOULD_REMOVE if words.remove else WOULD_EXPORT)
    with store.read() as reader:
        viewer = owner(reader)
        photos = people_export.photos(reader, viewer)
    people = None if words.remove else People(layout.people_socket)
    with closing(MetadataReader(home=layout.home)) as editor:
        done = people_export.export(layout, editor, people, photos)
    with store.write(durable=True) as writer:
        action = "people.export_removed" if words.remove else "people.exported"
        audit.record(writer, now=clock(), user_id=viewer.user_id or None, action=action)
    output.show(asdict(done), people_export.lines(done))


WOULD_EXPORT = (
    "This writes names and boxes in clear beside the photos, into sidecars: whoever reads the disk or a backup reads them, and"
    " turning People off does not take them away; “mantel people export --remove” does, though not from backups. Say it again with"
    " --confirm."
)
WOULD_REMOVE = (
    "This takes the names and boxes that “mantel people export” wrote out of the sidecars; what other programs wrote stays."
    " Backups that were made meanwhile keep them. Say it again with --confirm."
)
_VERBS = {
    "status": _status, "enable": _enable, "passphrase": _change, "unlock": _unlock, "lock": _lock, "export": _export,
    "disable": _disable,
    **cli_people_named.VERBS,
}  # fmt: skip


def _passphrase(file: Path | None, prompt: str, *, twice: bool = False) -> str:
    if file is None:
        typed = getpass.getpass(prompt)
        if twice and getpass.getpass("Again: ") != typed:
            raise WrongUsage(what="The two passphrases are not the same.")
        return typed
    try:
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise WrongUsage(what=f"{file} holds no passphrase on its first line.") from error


def _serve(words: argparse.Namespace, settings: Settings) -> int:
    """Be the people process until a vault that was open is locked."""
    if words.parent:
        sandbox_rules.die_with(words.parent)
    layout = Layout(settings.home)
    layout.create()
    serving.tell_places_only()
    listening = serving.listen(layout.people_socket)
    _confine(layout)
    times = Times(settings.people_idle_minutes * 60.0, settings.people_longest_hours * 3600.0)
    Serving(layout, clock, times).run(listening)
    return AGAIN


def _confine(layout: Layout) -> None:
    """From here on: no other socket than the one that listens, no program, no file but the vault's and Python's own."""
    readable = [Path(sys.prefix), Path(sys.base_prefix), Path(appliance.__path__[0])]
    writable = [layout.vault_keys, layout.vault_keys / "persons", layout.faces_vault.parent]
    try:
        sandbox_rules.hide_memory()
        sandbox_rules.close_tool(Path(sys.executable), readable, writable, MEMORY_MB)
    except sandbox_rules.Unconfinable as error:
        sys.stderr.write(f"mantel: The people process runs without its sandbox: {error.strerror}.\n")
