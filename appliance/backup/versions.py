"""Which snapshot of which repository holds the bytes that a row of ours says an original has."""

from collections.abc import Iterable
from dataclasses import dataclass

from appliance.store.db import Reader

_HELD = """FROM ledger JOIN snapshot ON snapshot.repository_id = ledger.repository_id AND snapshot.holds = 'originals'
    AND snapshot.state = 'present' AND snapshot.id >= ledger.first_snapshot
    AND (ledger.last_snapshot IS NULL OR snapshot.id <= ledger.last_snapshot)"""

OF_ROT = f"SELECT 1 {_HELD} WHERE ledger.sha256 = rot.sha256 AND ledger.path = rot.path"
"""SQL: is there a good version of the file that a row of `rot` is about?"""


@dataclass(frozen=True, slots=True)
class Version:
    """A file as one snapshot (`snapshot`: restic's id) holds it; `path` is relative to the home."""

    path: str
    sha256: str
    bytes: int
    repository_id: int
    snapshot: str


def newest(reader: Reader, repository: int, files: Iterable[tuple[str, str]]) -> list[Version]:
    """Return, of those (path, SHA-256) that `repository` holds, each in the newest snapshot that has it."""
    found = []
    for path, sha256 in files:
        row = reader.first(_NEWEST, (repository, sha256, path))
        if row:
            found.append(Version(path, sha256, row[0], repository, row[1]))
    return found


_NEWEST = f"""SELECT ledger.bytes, snapshot.restic_id {_HELD}
  WHERE ledger.repository_id = ? AND ledger.sha256 = ? AND ledger.path = ? ORDER BY snapshot.id DESC LIMIT 1"""
