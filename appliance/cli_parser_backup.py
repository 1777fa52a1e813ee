"""The words of `mantel backup`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Add = Callable[[Any, str, str], Any]


def add_words(backup: Any, everywhere: Callable[[Any], None]) -> None:
    """Give the parser of `mantel backup` its verbs; `everywhere` adds the words that every command has."""
    verbs = backup.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, help: str) -> Any:
        parser = verbs.add_parser(name, help=help, description=help, allow_abbrev=False)
        everywhere(parser)
        return parser

    _repositories(verb)
    _work(verb)
    _restoring(verb)
    _telling(verb("tell", "send a message elsewhere when the backups turn red, and when they are complete again"), everywhere)


def _repositories(verb: Callable[[str, str], Any]) -> None:
    add = verb("add-repository", "reach a repository, make it when there is none, and back up to it from now on")
    add.add_argument("address", metavar="ADDRESS", help="/folder, sftp:…, s3:…, rest:… or rclone:…")
    add.add_argument("--name", required=True, help="what you call it")
    add.add_argument("--off-site", action="store_true", help="it lies outside the house")
    add.add_argument("--append-only", action="store_true", help="it lets nothing be removed: old snapshots stay")
    add.add_argument("--removable", action="store_true", help="its disk may be absent: then wait for it")
    add.add_argument("--limit-upload", type=_count, default=0, metavar="KIB", help="send at most so many KiB a second")
    add.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase; else one is made")
    add.add_argument("--access-file", type=Path, metavar="FILE", help="first line user or key id, second password or secret key")
    add.add_argument("--rclone-config", type=Path, metavar="FILE", help="rclone's configuration; it is copied")
    verb("list", "list the repositories")
    for name, help in (
        ("remove-repository", "back up there no longer; what is in it stays"),
        ("pause", "no backups and checks there until “resume”"),
        ("resume", "back up there again"),
        ("allow-forget", "the library shrank on purpose: old snapshots may go again"),
    ):
        verb(name, help).add_argument("name", metavar="NAME")
    limit = verb("limit", "send at most so many KiB a second there; 0 for no limit")
    limit.add_argument("name", metavar="NAME")
    limit.add_argument("kib", type=_count, metavar="KIB")
    verb("ssh-key", "print the line that an SFTP server's authorized_keys needs")


def _work(verb: Callable[[str, str], Any]) -> None:
    run = verb("run", "back up now")
    run.add_argument("--if-due", action="store_true", help="only where a night's backup is still to be made")
    check = verb("check", "see that the repositories agree with themselves")
    check.add_argument("--data", action="store_true", help="also read a part of their data: the next, or what was damaged")
    check.add_argument("--everything", action="store_true", help="also read all of their data")
    for parser in (run, check):
        parser.add_argument("--repository", metavar="NAME", help="this one only")
    verb("status", "say whether the library is safe, and what to do")
    serve = verb("serve", "back up every night and whenever asked, until stopped")
    serve.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def _restoring(verb: Callable[[str, str], Any]) -> None:
    tried = verb("drill", "restore originals and the database to scratch, and compare them")
    tried.add_argument("--files", type=_files, default=50, metavar="N", help="how many originals")
    tried.add_argument("--repository", metavar="NAME", help="this one only")
    verb("sheet", "print addresses and passphrases for the emergency sheet")
    out = verb("take-out", "keep a photo out of the backups, and rewrite it out of the snapshots where that can be")
    out.add_argument("asset", type=int, metavar="ID", help="the asset")
    out.add_argument("--yes", action="store_true", help="you know that what is taken out of a copy cannot be brought back from it")
    out.add_argument("--back-in", action="store_true", help="the other way: back it up again from the next run on")
    back = verb("restore", "get originals back, or a whole library on a new box")
    back.add_argument("--to", type=Path, metavar="DIR", help="into this folder")
    back.add_argument("--in-place", action="store_true", help="into their place in the library")
    back.add_argument("--asset", type=int, nargs="+", metavar="ID", help="these assets")
    back.add_argument("--album", metavar="TITLE", help="the assets of this album")
    back.add_argument("--date", metavar="DATE", help="what was taken in 2024, 2024-07 or on 2024-07-14")
    back.add_argument("--replace", action="store_true", help="also over files that differ")
    back.add_argument("--from", dest="source", metavar="ADDRESS", help="a whole library from this repository, into a new --home")
    back.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the repository's passphrase")
    back.add_argument("--access-file", type=Path, metavar="FILE", help="first line user or key id, second password or secret key")
    back.add_argument("--rclone-config", type=Path, metavar="FILE", help="rclone's configuration")
    back.add_argument("--host", default="", metavar="NAME", help="whose snapshots, when several boxes used the repository")


def _telling(tell: Any, everywhere: Callable[[Any], None]) -> None:
    verbs = tell.add_subparsers(dest="telling", required=True, metavar="VERB")
    for name, help in (
        ("set", "say where messages go"),
        ("test", "send one now"),
        ("off", "send nothing any more, and forget the secret"),
        ("show", "say where messages go, and what went wrong"),
    ):
        parser = verbs.add_parser(name, help=help, description=help, allow_abbrev=False)
        everywhere(parser)
        if name == "set":
            _target(parser)


def _target(parser: Any) -> None:
    parser.add_argument("kind", choices=("webhook", "mail"), help="what takes the messages")
    parser.add_argument("--address-file", type=Path, metavar="FILE", help="a webhook: first line its address, second its secret")
    parser.add_argument("--server", default="", metavar="NAME", help="the mail server")
    parser.add_argument("--port", type=int, default=0, metavar="PORT", help="of the mail server; 0 for the usual one")
    parser.add_argument("--tls", choices=("starttls", "implicit"), default="starttls", help="how the mail server encrypts")
    parser.add_argument("--sender", default="", metavar="ADDRESS", help="whom the mail is from")
    parser.add_argument("--to", default="", metavar="ADDRESS", help="whom the mail goes to")
    parser.add_argument("--access-file", type=Path, metavar="FILE", help="the mail server: first line user, second password")
    parser.add_argument("--box", default="", metavar="NAME", help="what you call this box; it stands in each message")


def _files(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000:
        raise argparse.ArgumentTypeError("a drill takes 1 to 10,000 originals")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100_000_000:
        raise argparse.ArgumentTypeError("KiB a second are between 0 and 100,000,000")
    return number
