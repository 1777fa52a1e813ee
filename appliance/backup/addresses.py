"""Addresses of repositories, as their owner types them: which kind one is, and whether it is one that Mantel uses.

A password never stands in an address: addresses are shown and stored, passwords lie in a file of their own.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from appliance.errors import WrongUsage

Kind = Literal["local", "sftp", "s3", "rest", "rclone"]

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_HOST = rf"(?:{_NAME}|\[[0-9A-Fa-f:.]+\])"
_FORMS: dict[Kind, re.Pattern[str]] = {
    "sftp": re.compile(
        rf"sftp:(?://(?:(?P<user>{_NAME})@)?(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?/(?P<path>\S.*)"
        rf"|(?:(?P<user2>{_NAME})@)?(?P<host2>{_HOST}):(?P<path2>\S.*))"
    ),
    "s3": re.compile(rf"s3:(?:https?://)?{_HOST}(?::\d{{1,5}})?/[a-z0-9][a-z0-9.-]+(?:/\S*)?"),
    "rest": re.compile(rf"rest:https?://{_HOST}(?::\d{{1,5}})?(?:/\S*)?"),
    "rclone": re.compile(r"rclone:[A-Za-z0-9_][A-Za-z0-9_.+@ -]*:.*"),
}
EXAMPLES = (
    "/media/disk/mantel, sftp:olive@nas.home:/backups/mantel, s3:https://host/bucket, rest:https://host:8000/mantel, "
    "rclone:remote:mantel"
)


@dataclass(frozen=True, slots=True)
class SshServer:
    """Where an SFTP repository lies; `port` and `user` empty when the address names none."""

    user: str
    host: str
    port: str


def kind_of(address: str, home: Path) -> Kind:
    """Return the kind of an address. Raises WrongUsage when it is none, when a password stands in it, or when it lies in `home`."""
    if any(not letter.isprintable() for letter in address):
        raise WrongUsage(what="An address of a repository has no line breaks or other characters that cannot be seen.")
    if address.startswith("/"):
        if Path(address).resolve().is_relative_to(home.resolve()):
            raise WrongUsage(what="A repository cannot lie inside the library's own home: it would be lost together with it.")
        return "local"
    for kind, form in _FORMS.items():
        if form.fullmatch(address):
            return kind
    if re.match(r"(rest|s3|sftp):\S*//[^/@]*:[^/@]*@", address):
        raise WrongUsage(what="A password has no place in an address: give it with --access-file.")
    raise WrongUsage(what=f"“{address}” is not the address of a repository. These are: {EXAMPLES}.")


def ssh_server(address: str) -> SshServer:
    """Return the parts of an SFTP address that ssh needs."""
    found = _FORMS["sftp"].fullmatch(address)
    if found is None:
        raise ValueError("not an SFTP address")
    host = found["host"] or found["host2"]
    return SshServer(found["user"] or found["user2"] or "", host.strip("[]"), found["port"] or "")
