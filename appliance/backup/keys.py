"""The secrets of repositories: files in keys/backup/, for the backup process alone, in no snapshot, argument or environment.

keys/backup/<folder>/passphrase, location (restic's address, with a password where the protocol wants one there), aws, rclone.conf;
keys/backup/ssh_key is the box's own key for SFTP, keys/backup/known_hosts the servers that it has met; keys/backup/telling says
where messages go.
"""

import os
import secrets
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec

from appliance.adapters import process
from appliance.adapters.restic import Access
from appliance.adapters.telling import Target
from appliance.backup.addresses import Kind, ssh_server
from appliance.errors import NotFound, ToolFailed
from appliance.store.layout import Layout

# Without 0, 1, l, o and u: what a person reads from paper and types back.
ALPHABET = "23456789abcdefghijkmnpqrstvwxyz"
GROUPS, LETTERS = 5, 5

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens a repository; `user` and `password` for S3 (key id and secret key) and rest-server, `rclone` its configuration."""

    passphrase: str = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    rclone: bytes = field(default=b"", repr=False)


def new_passphrase() -> str:
    """Return 25 random letters and digits in five groups: 123 bits, and no letter that looks like another."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def keep(layout: Layout, folder: str, kind: Kind, address: str, secret: Secrets) -> None:
    """Write the files of one repository, on the disk before this returns; only our user may read them."""
    place = layout.backup_keys / folder
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(place / "address", address.encode())
    _write(place / "location", _location(kind, address, secret).encode())
    _write(place / "passphrase", secret.passphrase.encode())
    if kind == "s3":
        lines = ("[default]", f"aws_access_key_id = {secret.user}", f"aws_secret_access_key = {secret.password}")
        _write(place / "aws", "\n".join(lines).encode())
    if kind == "rclone":
        _write(place / "rclone.conf", secret.rclone)


def passphrase(layout: Layout, folder: str) -> str:
    """Return the passphrase of the repository whose files are in `folder`."""
    return (layout.backup_keys / folder / "passphrase").read_text(encoding="utf-8").strip()


def hand_over(layout: Layout, secret: Secrets | Target) -> str:
    """Leave secrets for the other process; return the name under which it takes them, which is no secret itself."""
    layout.backup_given.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(16)
    _write(layout.backup_given / name, msgspec.json.encode(secret))
    return name


def take(layout: Layout, name: str, kind: type[Given]) -> Given:
    """Return what was handed over, and delete it. Raises NotFound when there is nothing of that name and kind (any more)."""
    file = layout.backup_given / Path(name).name
    try:
        secret = msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as error:
        raise NotFound from error
    file.unlink()
    return secret


def keep_target(layout: Layout, target: Target) -> None:
    """Write where messages go, on the disk before this returns."""
    layout.backup_keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(layout.backup_keys / "telling", msgspec.json.encode(target))


def target(layout: Layout) -> Target | None:
    """Return where messages go; None when it was never said, or when the file was lost."""
    try:
        return msgspec.json.decode((layout.backup_keys / "telling").read_bytes(), type=Target)
    except (OSError, msgspec.MsgspecError):
        return None


def forget_target(layout: Layout) -> None:
    (layout.backup_keys / "telling").unlink(missing_ok=True)


def known_for(layout: Layout, address: str) -> str | None:
    """Return the passphrase that was last kept for `address`: of a repository that was removed, or was never quite added."""
    for folder in sorted(_folders(layout), key=lambda path: path.stat().st_mtime, reverse=True):
        file = folder / "address"
        if file.is_file() and file.read_text(encoding="utf-8") == address:
            return passphrase(layout, folder.name)
    return None


def access(layout: Layout, *, name: str, folder: str, kind: Kind, address: str, upload_kib: int, first: bool = False) -> Access:
    """Return how restic reaches a repository. At its `first` meeting an SSH server is believed to be who it says it is."""
    place, scratch = layout.backup_keys / folder, layout.backup / "scratch"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    environment: dict[str, str] = {}
    options: tuple[str, ...] = ()
    if kind == "s3":
        environment["AWS_SHARED_CREDENTIALS_FILE"] = str(place / "aws")
    if kind == "rclone":
        environment |= {"RCLONE_CONFIG": str(place / "rclone.conf"), "XDG_CACHE_HOME": str(scratch)}
    if kind == "sftp":
        options = (f"sftp.command={_ssh(layout, address, first)}",)
    return Access(
        name,
        place / "location",
        place / "passphrase",
        scratch,
        cache=None if kind == "local" else layout.backup / "cache",
        environment=environment,
        options=options,
        upload_kib=upload_kib,
        hidden=tuple(_hidden(place, kind, address)),
    )


def ssh_public_key(layout: Layout) -> str:
    """Return the line for a server's authorized_keys; the key is made when there is none. Raises ToolMissing, ToolFailed."""
    key = layout.backup_keys / "ssh_key"
    if not key.exists():
        layout.backup_keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        done = process.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "mantel", "-f", key], timeout=60)
        if done.code:
            raise ToolFailed(tool="ssh-keygen", reason=done.stderr.decode(errors="replace").strip())
    return key.with_name("ssh_key.pub").read_text(encoding="utf-8").strip()


def _ssh(layout: Layout, address: str, first: bool) -> str:
    """The command by which restic talks to an SFTP server: our key, our list of servers, no question, nobody's own settings."""
    server = ssh_server(address)
    trusted = "accept-new" if first else "yes"
    words = ["ssh", "-F", "/dev/null", "-i", str(layout.backup_keys / "ssh_key"), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]
    words += ["-o", f"UserKnownHostsFile={layout.backup_keys / 'known_hosts'}", "-o", f"StrictHostKeyChecking={trusted}"]
    words += ["-o", "ServerAliveInterval=60", "-o", "ServerAliveCountMax=5"]
    words += ["-p", server.port] if server.port else []
    return shlex.join([*words, f"{server.user}@{server.host}" if server.user else server.host, "-s", "sftp"])


def _location(kind: Kind, address: str, secret: Secrets) -> str:
    """restic reads a rest-server's user and password from its address alone (0.16 is the first that knows another way)."""
    if kind == "rest" and secret.user:
        scheme, _, rest = address.removeprefix("rest:").partition("://")
        return f"rest:{scheme}://{quote(secret.user, safe='')}:{quote(secret.password, safe='')}@{rest}"
    return address


def _hidden(place: Path, kind: Kind, address: str) -> Iterator[str]:
    """What restic might repeat in an error and nobody should read."""
    location = place / "location"
    if kind == "rest" and location.is_file() and (whole := location.read_text(encoding="utf-8")) != address:
        yield whole.partition("://")[2].partition("@")[0].partition(":")[2]


def _folders(layout: Layout) -> list[Path]:
    return [path for path in layout.backup_keys.iterdir() if path.is_dir()] if layout.backup_keys.is_dir() else []


def _write(file: Path, content: bytes) -> None:
    scratch = file.with_name(file.name + ".new")
    scratch.unlink(missing_ok=True)
    scratch.touch(mode=0o600)
    with scratch.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(file)
