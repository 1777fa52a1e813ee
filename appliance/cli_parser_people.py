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
    export = verb("export", "write names and boxes into the sidecars of photos, for other programs, or take them away again")
    export.add_argument("--remove", action="store_true", help="take away what an export wrote")
    export.add_argument("--confirm", action="store_true", help="do it; without this it says what that means")
    disable = verb("disable", "erase everything of faces and persons, for good; needs no passphrase")
    disable.add_argument("--confirm", action="store_true", help="do it; without this it says what would be lost")
    _add_persons(verb)
    serve = verb("serve", "run the people process only")
    serve.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def _add_persons(verb: Callable[[str, str], Any]) -> None:
    listing = verb("list", "persons, and groups without a name")
    journal = verb("journal", "what was decided, the latest first")
    for parser in (listing, journal):
        parser.add_argument("--most", type=int, default=50, metavar="COUNT", help="so many at most (50)")
    name = verb("name", "give a group a name")
    name.add_argument("group", help="its id, from “mantel people list”")
    name.add_argument("name", help="who it is")
    name.add_argument("--child", action="store_true", help="a child: never recognised, unless you add --recognise")
    name.add_argument("--recognise", action="store_true", help="recognise this child")
    merge = verb("merge", "make one person of two")
    merge.add_argument("person", help="whose name goes: a name or an id")
    merge.add_argument("into", help="whose name stays")
    verb("split", "split off what looks unlike the rest of a group").add_argument("group", help="its id")
    verb("undo", "take a decision back").add_argument("number", type=int, help="from “mantel people journal”")
    forget = verb("forget", "erase one person, for good")
    forget.add_argument("person", help="a name or an id")
    forget.add_argument("--confirm", action="store_true", help="do it; without this it says what would be lost")
