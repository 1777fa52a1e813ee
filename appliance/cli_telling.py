"""mantel backup tell: where messages about the backups go, a test, and off. Secrets come from files, and none is printed."""

import argparse
from collections.abc import Callable, Sequence

from appliance.adapters.telling import Target
from appliance.backup import telling
from appliance.backup.box import Box
from appliance.backup.telling import Telling
from appliance.cli_library import owner
from appliance.cli_output import DONE, Output, plain
from appliance.errors import WrongUsage


def run(words: argparse.Namespace, box: Box, output: Output, secrets: Sequence[str]) -> int:
    """`secrets`: the lines of the file that was named, or nothing."""
    with box.store.read() as reader:
        user_id = owner(reader).user_id
    said = _VERBS[words.telling](words, box, user_id, secrets)
    with box.store.read() as reader:
        found = telling.read(reader)
    output.show(telling.as_json(found), [plain(line) for line in [said, *_lines(found)] if line])
    return DONE


def _lines(found: Telling | None) -> list[str]:
    if found is None:
        return ["Nothing is sent anywhere."]
    return [f"Messages go to {found.where}.", found.problem]


def _set(words: argparse.Namespace, box: Box, user_id: int, secrets: Sequence[str]) -> str:
    first, second, *_ = [*secrets, "", ""]
    if words.kind == "webhook":
        if not first:
            raise WrongUsage(what="The address of a webhook often is a secret: give --address-file, whose first line it is.")
        target = Target("webhook", words.box, first, second)
    else:
        target = Target(
            "mail", words.box, server=words.server, port=words.port, tls=words.tls, sender=words.sender, recipient=words.to,
            user=first, password=second,
        )  # fmt: skip
    telling.set_target(box, target, user_id=user_id)
    return ""


def _test(words: argparse.Namespace, box: Box, user_id: int, secrets: Sequence[str]) -> str:
    telling.test(box, user_id=user_id)
    return "The other side says that it has the message."


def _off(words: argparse.Namespace, box: Box, user_id: int, secrets: Sequence[str]) -> str:
    with box.store.write(durable=True) as writer:
        telling.turn_off(writer, user_id=user_id, now=box.clock())
    telling.tidy(box)
    return ""


def _show(words: argparse.Namespace, box: Box, user_id: int, secrets: Sequence[str]) -> str:
    return ""


_VERBS: dict[str, Callable[[argparse.Namespace, Box, int, Sequence[str]], str]] = {
    "set": _set,
    "test": _test,
    "off": _off,
    "show": _show,
}
