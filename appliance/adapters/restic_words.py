"""What restic's exit codes and complaints mean, by its version: one table each, and whatever is not in it is a failure."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from appliance.errors import (
    BackupFailed,
    BackupStopped,
    PassphraseWrong,
    RepositoryAppendOnly,
    RepositoryAway,
    RepositoryDamaged,
    RepositoryFull,
    RepositoryLocked,
)

DONE, IN_PART = "done", "in part"
# Exit code → what it means, from that version on; a code that is not here is a failure.
EXITS: tuple[tuple[tuple[int, int], Mapping[int, str | type[BackupFailed]]], ...] = (
    ((0, 0), {0: DONE, 3: IN_PART}),
    ((0, 17), {10: RepositoryAway, 11: RepositoryLocked, 12: PassphraseWrong, 130: BackupStopped}),
)
# A rest-server that only appends, up to 0.15 and from 0.16 on; 0.18 then says 0.
_REFUSED = re.compile(r"blob not removed, server response: 403|Remove\(.*\(403\)")
# 0.14 says 1 for everything: what it wrote then tells which failure it was, never whether it was one. The first that fits counts.
PHRASES: tuple[tuple[str, type[BackupFailed]], ...] = (
    ("wrong password or no key found", PassphraseWrong),
    ("repository is already locked", RepositoryLocked),
    ("no space left on device", RepositoryFull),
    ("disk quota exceeded", RepositoryFull),
    ("contains errors", RepositoryDamaged),
    ("ciphertext verification failed", RepositoryDamaged),
    ("hash does not match", RepositoryDamaged),
    ("does not match id", RepositoryDamaged),
    ("unable to open config file", RepositoryAway),
    ("unable to open repository", RepositoryAway),
    ("is there a repository at the following location", RepositoryAway),
    ("no such file or directory", RepositoryAway),
    ("input/output error", RepositoryAway),
    ("connection refused", RepositoryAway),
    ("connection lost", RepositoryAway),
    ("broken pipe", RepositoryAway),
    ("dial tcp", RepositoryAway),
)
_RETRIES = re.compile(r"\(<config/.*retrying after [^:]*: (.*)")
UNANSWERED = 4  # of these, some ten seconds have gone


def meaning(restic: tuple[int, int], code: int) -> str | type[BackupFailed]:
    """DONE, IN_PART, or the kind of failure that an exit code means in that version."""
    known: dict[int, str | type[BackupFailed]] = {}
    for since, codes in EXITS:
        if restic >= since:
            known.update(codes)
    return known.get(code, BackupFailed)


def hopeless(warnings: Sequence[str]) -> str:
    """Return the complaint after which waiting for restic is useless, or nothing.

    It tries a refused removal again for a minute, and from 0.16 on a server that does not answer for a quarter of an hour.
    """
    unanswered = [found[1] for text in warnings if (found := _RETRIES.search(text))]
    if len(unanswered) >= UNANSWERED:
        return unanswered[-1]
    return next((text for text in warnings if _REFUSED.search(text)), "")


def named(kind: type[BackupFailed], said: str) -> type[BackupFailed]:
    """Return which failure it was that restic said so much about; `kind` where its exit code told, or nothing fits."""
    if kind is not BackupFailed:
        return kind
    if _REFUSED.search(said):
        return RepositoryAppendOnly
    return next((error for phrase, error in PHRASES if phrase in said.lower()), kind)


def gist(warnings: Sequence[str]) -> str:
    """The line that says most: the last fatal one, else the last of all; without restic's own prefix and its full stop."""
    lines = [
        line for line in map(_plain, warnings) if not line.startswith(("Is there a repository", "github.com/", "main.", "runtime."))
    ]
    fatal = [line for line in lines if line.startswith("Fatal:")]
    return (fatal or lines or [""])[-1].removeprefix("Fatal:").strip().rstrip(".")


def _plain(line: str) -> str:
    """From 0.19 on a command with --json says its last word as JSON too, with the place in its source behind it."""
    if not line.startswith('{"message_type"'):
        return line
    try:
        message = msgspec.json.decode(line, type=_ExitError).message
    except msgspec.MsgspecError:  # cut short
        message = line.partition('"message":"')[2].partition("\\n")[0]
    return message.partition("\n")[0]


class _ExitError(msgspec.Struct, frozen=True):
    message: str = ""
