"""Unlocking, measured: 100,000 sealed faces, a third of them somebody's, beside a plain loop of AES-256-GCM-SIV."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from appliance.people.records import LEAST, Records
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from appliance.vault.keys import Keys
from appliance.vault.seal import OVERHEAD

FACES = 100_000
PERSONS = 40
PASSPHRASE = "four unrelated words here"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder) / "home")
        layout.create()
        made = _seconds(lambda: keys.create(layout.vault_keys, PASSPHRASE))
        wrote = _seconds(lambda: _fill(layout))
        opened = _seconds(lambda: keys.open_(layout.vault_keys, PASSPHRASE))
        known = keys.open_(layout.vault_keys, PASSPHRASE)
        loaded = _seconds(lambda: _load(layout, known))
        plain = _seconds(_plain())
        size = layout.faces_vault.stat().st_size
    print(f"| {FACES} sealed faces, {PERSONS} persons | seconds | processor seconds | beside the plain loop |")
    print("| --- | --- | --- | --- |")
    rows = {"plain loop": plain, "sealing": wrote, "passphrase": opened, "a new passphrase": made, "reading all": loaded}
    for name, (wall, spent) in rows.items():
        print(f"| {name} | {wall:.2f} | {spent:.2f} | {spent / plain[1]:.1f} |")
    unlock = opened[0] + loaded[0]
    print(f"\nUnlocking takes {unlock:.2f} s in all (the promise: under 5); the file has {size / 1e6:.0f} MB.")


def _fill(layout: Layout) -> None:
    opened = keys.open_(layout.vault_keys, PASSPHRASE)
    with closing(Records(opened, VaultFile(layout.faces_vault, make=True))) as records:
        records.begin()
        with records.transaction():
            for number in range(FACES):
                person = f"person {number % PERSONS}" if number % 3 == 0 else None
                records.put("face", f"{number:016x}", os.urandom(700), person)


def _load(layout: Layout, opened: Keys) -> None:
    with closing(Records(opened, VaultFile(layout.faces_vault))) as records:
        count = sum(1 for _ in records.load())
    if count != FACES:
        raise ValueError(f"{count} faces came back")


def _plain() -> Callable[[], None]:
    cipher, nonce = AESGCMSIV(bytes(32)), bytes(12)
    sealed = cipher.encrypt(nonce, bytes(LEAST["face"]), b"face")
    if len(sealed) != LEAST["face"] + OVERHEAD - 13:
        raise ValueError("the baseline has another size")

    def loop() -> None:
        for _ in range(FACES):
            cipher.decrypt(nonce, sealed, b"face")

    return loop


def _seconds(act: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds."""
    wall, spent = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - spent


if __name__ == "__main__":
    main()
