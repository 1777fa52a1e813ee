"""Every path of Mantel's home. Nothing else joins a path onto `home`."""

from dataclasses import dataclass
from pathlib import Path

from appliance.errors import DatabaseGone


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things lie below one home; a derivative is named by its original's SHA-256 (64 hex digits)."""

    home: Path

    @property
    def originals(self) -> Path:
        return self.home / "originals"

    @property
    def derivatives(self) -> Path:
        return self.home / "derivatives"

    @property
    def chroma(self) -> Path:
        return self.home / "chroma"

    @property
    def incoming(self) -> Path:
        return self.home / "incoming"

    @property
    def clean_copies(self) -> Path:
        """What share links serve: one folder for each clean copy. Derived, and in no snapshot."""
        return self.home / "clean-copies"

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def database(self) -> Path:
        return self.home / "mantel.db"

    @property
    def database_copies(self) -> Path:
        return self.home / "database-copies"

    @property
    def settings_file(self) -> Path:
        return self.home / "mantel.toml"

    @property
    def backup(self) -> Path:
        """Where a backup works: the database copy of tonight, restic's cache; may be deleted while none runs."""
        return self.home / "backup"

    @property
    def restored(self) -> Path:
        """What was restored to a folder of the box, one folder a restore; its owner takes it from there."""
        return self.home / "restored"

    @property
    def backup_keys(self) -> Path:
        """Passphrases and credentials of repositories: for the backup process alone, and in no snapshot."""
        return self.keys / "backup"

    @property
    def backup_given(self) -> Path:
        """Secrets on their way between the pages and the backup process; each file is gone once it was taken."""
        return self.keys / "given"

    @property
    def run(self) -> Path:
        """Sockets and locks of the processes that run now; empty after a restart, and nothing is lost with it."""
        return self.home / "run"

    @property
    def vision_socket(self) -> Path:
        return self.run / "vision.sock"

    @property
    def vault_keys(self) -> Path:
        """Keys of the vault of faces: in no snapshot, and for nobody but the people process to open."""
        return self.keys / "vault"

    @property
    def faces_vault(self) -> Path:
        """Ciphertext alone; in no snapshot either, since it is worth nothing without keys that must not be in one."""
        return self.home / "people" / "faces.vault"

    @property
    def people_socket(self) -> Path:
        return self.run / "people.sock"

    def original(self, relative: str) -> Path:
        """`relative` is an asset's `original` column: YYYY/YYYY-MM-DD/NAME."""
        return self.originals / relative

    def preview(self, sha256: str) -> Path:
        return self.derivatives / sha256[:2] / f"{sha256}-preview.webp"

    def thumbnail(self, sha256: str) -> Path:
        return self.derivatives / sha256[:2] / f"{sha256}-thumbnail.webp"

    def create(self) -> None:
        """Make the folders that a running Mantel expects; only its user may enter.

        Raises DatabaseGone rather than let an empty library begin beside the originals of another.
        """
        if not self.database.exists() and any(path.is_file() for path in self.originals.rglob("*")):
            raise DatabaseGone(originals=self.originals, database=self.database, copies=self.database_copies)
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        vault = (self.faces_vault.parent, self.keys, self.vault_keys, self.vault_keys / "persons")
        for folder in (self.originals, self.derivatives, self.incoming, self.models, self.clean_copies, self.run, *vault):
            folder.mkdir(exist_ok=True, mode=0o700)
