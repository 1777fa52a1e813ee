"""The words of the command line. Imports nothing heavy that a command needs to run: `module` names where it is run."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from appliance import __version__, cli_parser_backup, cli_parser_people
from appliance.errors import WrongUsage
from appliance.library.names import readable
from appliance.search.ids import LARGEST_ID


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        text = message[0].upper() + message[1:]
        raise WrongUsage(what=f"{text}. “{self.prog} --help” shows the words that it knows.")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[argparse.Namespace, list[str]]:  # type: ignore[override]
        """`ids` may stand before, between and behind the options: argparse takes a list that may be empty in one place only."""
        found, rest = super().parse_known_args(args, namespace)
        late = [word for word in rest if not word.startswith("-")]
        if not late or not hasattr(found, "ids"):
            return found, rest
        try:
            found.ids = [*found.ids, *map(_id, late)]
        except (ValueError, argparse.ArgumentTypeError):
            self.error(f"“{' '.join(late)}” is no id")
        return found, [word for word in rest if word.startswith("-")]


def build_parser() -> Parser:
    """Return the parser of `mantel`; parsing sets `module`, `command`, `home`, `json` and the command's own words."""
    parser = Parser(prog="mantel", description="A private photo box for the home.")
    parser.add_argument("--version", action="version", version=f"mantel {__version__}")
    _everywhere(parser)
    parser.set_defaults(home=None, json=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    _library(commands)
    _indexing(commands)
    _search(commands)
    _share(commands)
    _box(commands)
    return parser


def _command(commands: "argparse._SubParsersAction[Parser]", name: str, module: str, help: str) -> Parser:
    command = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
    _everywhere(command)
    command.set_defaults(module=module)
    return command


def _everywhere(parser: Parser) -> None:
    """Words that may stand before the command or after it; no default here, or the second place would undo the first."""
    where = "where the library lies (or MANTEL_HOME)"
    parser.add_argument("--home", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=where)
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer with one JSON document")


def _library(commands: "argparse._SubParsersAction[Parser]") -> None:
    init = _command(commands, "init", "cli_library", "make a new, empty library and its owner")
    init.add_argument("--owner", required=True, metavar="NAME")
    init.add_argument("--password-file", required=True, type=Path, metavar="FILE", help="its first line is the password")
    add = _command(commands, "add", "cli_add", "take files and folders into the library; the files themselves stay as they are")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    add.add_argument("--wait", action="store_true", help="until what was added is indexed too")
    add.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    show = _command(commands, "show", "cli_library", "show everything that is known about one asset")
    show.add_argument("id", type=int)
    show.add_argument("--people", action="store_true", help="name the people in it too, while People is unlocked")
    describe = _command(commands, "describe", "cli_library", "describe an asset in your own words; an empty text takes them away")
    describe.add_argument("id", type=int)
    describe.add_argument("text")
    fix = _command(commands, "fix-time", "cli_time", "correct when photos were taken; the originals stay as they are")
    fix.add_argument("ids", nargs="*", type=_id, metavar="ID")
    fix.add_argument("--shift", metavar="SPAN", help="how wrong the clock was: +1h, -30m, +2d; write it as --shift=-30m")
    fix.add_argument("--zone", metavar="ZONE", help="the clock was right, and this is its zone: Europe/Rome, +02:00")
    fix.add_argument("--move", metavar="ZONE", help="the clock stood in another zone: move it to this one")
    fix.add_argument("--set", metavar="TIME", help="when one photo was taken: 2019-07-14T10:30:00")
    fix.add_argument("--dry-run", action="store_true", help="show what it would do")
    fix.add_argument("--undo", type=_id, metavar="ACTION", help="take a change back, by its number")
    verify = _command(commands, "verify", "cli_library", "compare the library with the disk; silent when all is well")
    verify.add_argument("--hash", action="store_true", help="read every original whole and compare its SHA-256")


def _indexing(commands: "argparse._SubParsersAction[Parser]") -> None:
    index = _command(commands, "index", "cli_index", "show how far indexing is, or steer it")
    index.add_argument("--wait", action="store_true", help="work until nothing is left to do")
    index.add_argument("--stage", metavar="S", help="this stage only")
    index.add_argument("--retry-failed", action="store_true", help="give failed jobs three new attempts")
    index.add_argument("--pause", metavar="S", help="pause a stage")
    index.add_argument("--resume", metavar="S", help="resume a stage")
    worker = _command(commands, "worker", "cli_index", "index until stopped")
    worker.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def _search(commands: "argparse._SubParsersAction[Parser]") -> None:
    find = _command(commands, "find", "cli_search", "find assets by a sentence")
    find.add_argument("sentence", nargs="?", type=readable)
    find.add_argument("--like", action="append", type=_id, metavar="ID", help="what resembles this asset; may be given again")
    find.add_argument("--from", dest="file", type=Path, metavar="FILE", help="one sentence a line; one JSON line each")
    find.add_argument("--limit", type=_count, default=50, metavar="N")
    find.add_argument("--offset", type=_count, default=0, metavar="N")
    ask = _command(commands, "ask", "cli_search", "ask a question about the library")
    ask.add_argument("sentence", type=readable)
    for command in (find, ask):
        command.add_argument("--conversation", type=int, metavar="ID", help="follow up on what was asked there")
        command.add_argument("--today", type=date.fromisoformat, metavar="DATE", help="as if asked on that day (YYYY-MM-DD)")


def _share(commands: "argparse._SubParsersAction[Parser]") -> None:
    share = _command(commands, "share", "cli_share", "make links that show clean copies to guests, list them and end them")
    share.add_argument("verb", choices=["create", "list", "show", "revoke", "extend"])
    share.add_argument("ids", nargs="*", type=_id, metavar="ID", help="create: assets; show, revoke and extend: one link")
    share.add_argument("--album", metavar="A", help="create: what is in this album, by its title or number")
    share.add_argument("--expires", type=_count, default=14, metavar="DAYS", help="create, extend: days from now (14)")
    share.add_argument("--password-file", type=Path, metavar="FILE", help="its first line is the password for guests")
    share.add_argument("--keep-location", action="store_true", help="leave each photo's position in its copy")
    share.add_argument("--size", choices=["screen", "full"], default="screen", help="screen (2048 px) or full")
    share.add_argument("--no-download", action="store_true", help="guests look, and are offered nothing to save")
    share.add_argument("--views", type=_count, metavar="N", help="the link can be opened so often")
    share.add_argument("--title", type=readable, default="", metavar="T", help="what guests read above the photos")
    wait = "until every copy is made and proven (what it does unless told --no-wait)"
    share.add_argument("--wait", action=argparse.BooleanOptionalAction, default=True, help=wait)


def _box(commands: "argparse._SubParsersAction[Parser]") -> None:
    serve = _command(commands, "serve", "cli_serve", "serve the web pages and index, until stopped")
    serve.add_argument("--photos", type=Path, metavar="DIR", help="also take this folder in; it stays as it is")
    serve.add_argument("--vision", metavar="MODEL", help="the vision model to use, as in “mantel models list”")
    web = _command(commands, "web", "cli_web", "serve the web pages only")
    web.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    guests = _command(commands, "guests", "cli_web", "serve share links alone, on the port that is set for guests")
    guests.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    vision = _command(commands, "vision", "cli_vision", "run the vision model only")
    vision.add_argument("--vision", metavar="MODEL", help="the vision model to use, as in “mantel models list”")
    vision.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    _command(commands, "setup-link", "cli_web", "print a new one-time link to make the owner; there must be none yet")
    _command(commands, "doctor", "cli_doctor", "check tools, models, disk and database")
    people = _command(commands, "users", "cli_users", "list, invite and close the family's accounts")
    people.add_argument("verb", choices=["list", "add", "password", "close", "reopen", "birthday"])
    people.add_argument("name", nargs="?", default="", type=readable, metavar="NAME")
    people.add_argument(
        "birthday", nargs="?", default="", metavar="YYYY-MM-DD", help="birthday: the day; without it, it is forgotten"
    )
    people.add_argument("--kind", choices=["member", "child"], default="member", help="add: the kind of account")
    people.add_argument("--password-file", type=Path, metavar="FILE", help="add, password: its first line is the password")
    backup = _command(commands, "backup", "cli_backup", "back the library up, check the backups, say whether it is safe")
    cli_parser_backup.add_words(backup, _everywhere)
    cli_parser_people.add_words(
        _command(commands, "people", "cli_people", "faces: turn People on, unlock it, erase all of it"), _everywhere
    )
    models = _command(commands, "models", "cli_models", "list, install, verify and remove models")
    models.add_argument("verb", choices=["list", "install", "verify", "remove"])
    what = "install: a file, a folder or an http(s) address; verify and remove: a model's name"
    models.add_argument("what", nargs="?", metavar="WHAT", help=what)
    models.add_argument("--model", default="", metavar="NAME", help="which model it is, when its files do not say")
    models.add_argument(
        "--also-from", action="append", default=[], metavar="HOST", help="a machine to which the address may send on"
    )
    models.add_argument("--as-published", action="store_true", help="do not make the text model smaller")
    models.add_argument("--confirm", action="store_true", help="install files of which no published SHA-256 is known")


def _id(text: str) -> int:
    number = int(text)
    if not 0 < number < LARGEST_ID:
        raise argparse.ArgumentTypeError("there is no such id")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100_000:
        raise argparse.ArgumentTypeError("a count is between 0 and 100,000")
    return number
