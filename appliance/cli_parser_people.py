"""The words of `mantel people`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_words(people: Any, everywhere: Callable[[Any], None]) -> None:
    """Give the parser of `mantel people` its verbs; `everywhere` adds the words that every command has."""
    verbs = people.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, help: str) -> Any:
        parser = verbs.add_parser(name, help=help, description=help, allow_abbrev=False)
        everywhere(parser)
        return parser

    verb("status", "say whether People is on and unlocked")
    enable = verb("enable", "look for faces from now on, and keep what is found sealed under a passphrase")
    enable.add_argument("--viewers", choices=["owner", "adults"], default="owner", help="who sees persons (owner)")
    changing = verb("passphrase", "change the passphrase")
    changing.add_argument(
        "--new-passphrase-file", type=Path, metavar="FILE", help="its first line is the new one; else it is asked for"
    )
    unlock = verb("unlock", "open the vault until it is locked")
    for parser in (enable, changing, unlock):
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase; else it is asked for"
        )
    verb("lock", "close the vault now")
    disable = verb("disable", "erase everything of faces and persons, for good; needs no passphrase")
    disable.add_argument("--confirm", action="store_true", help="do it; without this it says what would be lost")
    serve = verb("serve", "run the people process only")
    serve.add_argument("--parent", type=int, help=argparse.SUPPRESS)
