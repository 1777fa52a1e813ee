"""People, measured: 100,000 sealed faces of which 200 persons own a third, as a people process meets them. Processor seconds.

Beside them in the same run: a plain loop of AES-256-GCM-SIV for unlocking, and one plain numpy product of every face with every
confirmed one for suggestions. Made-up prints; whoever is one person makes one group, so that the benchmark doesn't group first.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from appliance.people import opened
from appliance.people.faces import Box, Face, Person, State
from appliance.people.inbox import Found, FoundFace
from appliance.people.inbox import sealed as sealed_message
from appliance.people.operations_persons import PERSONS
from appliance.people.prints import stacked
from appliance.people.protocol_persons import Confirm, GetFacesIn, GetOverview, GetQuestions, Reject, Undo
from appliance.people.records import LEAST, Records
from appliance.people.sight import sight_bytes
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from appliance.vault.seal import OVERHEAD
from tests.people.made_prints import Made, album

FACES = 100_000
MORE = 2_000  # faces that arrive later, photo by photo
KNOWN = 200
PASSPHRASE = "four unrelated words here"
BOX = Box(0.1, 0.1, 0.2, 0.2)


def main() -> None:
    made = album(FACES + MORE, seed=3)
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder) / "home")
        layout.create()
        keys.create(layout.vault_keys, PASSPHRASE)
        faces, persons = _household(made[:FACES])
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {FACES:,} faces, {len(persons)} persons")
        _timed("sealing and writing all", lambda: _fill(layout, faces, persons))
        _unlocked(layout)
        vault = _vault(layout)
        _pages(vault, made)
        _plain_product(faces)
        _arrivals(layout, vault, made[FACES:])


def _household(made: list[Made]) -> tuple[list[Face], list[Person]]:
    """Of every third photo a third of the faces are confirmed, when they are of one of the KNOWN who are in most photos."""
    most = [who for who, _ in Counter(one.who for one in made).most_common(KNOWN)]
    named = {who: f"{who:016x}" for who in most}
    faces = [
        Face(one.id.rjust(16, "0"), one.asset, BOX, one.quality, one.print, "made@1", f"{one.who + 1:016x}", person, state)
        for one in made
        for person in [named.get(one.who) if one.asset % 3 == 0 else None]
        for state in [State.CONFIRMED if person else State.FOUND]
    ]
    return faces, [Person(person, f"Person {who}", "1990-05-31" if who % 4 == 0 else "") for who, person in named.items()]


def _fill(layout: Layout, faces: list[Face], persons: list[Person]) -> None:
    with closing(Records(keys.open_(layout.vault_keys, PASSPHRASE), VaultFile(layout.faces_vault, make=True))) as records:
        records.begin()
        with records.transaction():
            for person in persons:
                records.put("person", person.id, msgspec.msgpack.encode(person), person.id)
            for face in faces:
                records.put("face", face.id, msgspec.msgpack.encode(face), face.person)


def _unlocked(layout: Layout) -> None:
    passphrase = _timed("the passphrase (Argon2id, on purpose)", lambda: keys.open_(layout.vault_keys, PASSPHRASE))
    known = keys.open_(layout.vault_keys, PASSPHRASE)
    with closing(Records(known, VaultFile(layout.faces_vault))) as records:
        reading = _timed("reading and unsealing all rows", lambda: sum(1 for _ in records.load()))
    with closing(Records(known, VaultFile(layout.faces_vault))) as records:
        whole = _timed("reading, unsealing, and the memory of it", lambda: opened.opened(records))
    plain = _timed("  plain AES-256-GCM-SIV of as many rows", _plain_loop())
    print(f"  beside the plain loop: {reading / plain:.1f} to read, {whole / plain:.1f} with the memory")
    print(f"unlocking in all: {passphrase + whole:.2f} (the promise: under 5)")


def _vault(layout: Layout) -> opened.Opened:
    return opened.opened(Records(keys.open_(layout.vault_keys, PASSPHRASE), VaultFile(layout.faces_vault)))


def _pages(vault: opened.Opened, made: list[Made]) -> None:
    sight = sight_bytes((asset, 1995 + asset * 30 // FACES) for asset in range(made[-1].asset + 1))

    def ask(request: object) -> object:
        return PERSONS[type(request)](vault, request)

    _timed("the first People page", lambda: ask(GetOverview(sight, 60)))
    _timed("the People page again", lambda: ask(GetOverview(sight, 60)))
    first = ask(GetQuestions(sight, 1)).questions[0]  # type: ignore[attr-defined]
    chosen = tuple(face.id for face in first.faces[:10])
    _timed("the question that comes next", lambda: ask(GetQuestions(sight, 1)))
    done = []
    _timed("confirming ten faces", lambda: done.append(ask(Confirm(1, 1, first.person.id, chosen))))
    _timed("the People page after that", lambda: ask(GetOverview(sight, 60)))
    _timed("taking it back", lambda: ask(Undo(1, 1, done[0].number)))  # type: ignore[attr-defined]
    _timed("the People page after that", lambda: ask(GetOverview(sight, 60)))
    _timed("“no” to one face", lambda: ask(Reject(1, 1, first.person.id, chosen[:1])))
    _timed("the next question", lambda: ask(GetQuestions(sight, 1)))
    _timed("the faces of one photo", lambda: ask(GetFacesIn(made[0].asset)))


def _plain_product(faces: list[Face]) -> None:
    """What comparing everything again would cost without any rule: every face that is nobody's with every confirmed one."""
    loose, own = (stacked([face for face in faces if face.is_owned is owned]) for owned in (False, True))

    def product() -> None:
        for start in range(0, len(loose), 1024):
            np.max(loose[start : start + 1024] @ own.T, axis=1)

    _timed(f"  one plain numpy product, {len(loose):,} × {len(own):,}", product)


def _arrivals(layout: Layout, vault: opened.Opened, made: list[Made]) -> None:
    photos: dict[int, list[Made]] = {}
    for one in made:
        photos.setdefault(one.asset, []).append(one)
    with closing(VaultFile(layout.faces_vault)) as file, file.transaction():
        for asset, some in photos.items():
            found = tuple(FoundFace((0.1 + 0.25 * n, 0.1, 0.2, 0.2), one.quality, one.print) for n, one in enumerate(some))
            file.post(sealed_message(layout, Found(asset + 1_000_000, "made@1", found)))

    def drain() -> None:
        while vault.drain():
            pass

    spent = _timed(f"taking in {len(made):,} faces in {len(photos):,} sealed messages", drain)
    print(f"  {len(made) / spent:,.0f} faces a processor second (the promise: over 500)")


def _plain_loop() -> Callable[[], None]:
    cipher, nonce = AESGCMSIV(bytes(32)), bytes(12)
    sealed = cipher.encrypt(nonce, bytes(LEAST["face"]), b"face")
    if len(sealed) != LEAST["face"] + OVERHEAD - 13:
        raise ValueError("the baseline has another size")

    def loop() -> None:
        for _ in range(FACES):
            cipher.decrypt(nonce, sealed, b"face")

    return loop


def _timed(name: str, act: Callable[[], object]) -> float:
    """Print wall and processor seconds; return the latter."""
    wall, spent = time.perf_counter(), time.process_time()
    act()
    took = time.process_time() - spent
    print(f"{name}: {took:.3f} processor s, {time.perf_counter() - wall:.2f} s", flush=True)
    return took


if __name__ == "__main__":
    main()
