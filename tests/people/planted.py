"""A vault with one person in it whom no text and no file could have by chance, and all the ways in which she could be found."""

import base64
import random
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np

from appliance.people import inbox
from appliance.people.faces import Box, Face, Person, State
from appliance.people.inbox import Found, FoundFace
from appliance.people.records import Records
from appliance.store.layout import Layout
from appliance.store.vault_file import VaultFile
from appliance.vault import keys
from tests.people.people import PASSPHRASE

NAME = "Zanzibarella Quuxington"
PERSON = "7d4e91a0c35b28f6"
_RNG = random.Random(20_240_714)
PRINT = np.array([_RNG.uniform(-0.3, 0.3) for _ in range(128)], dtype=np.float32)
BOX = (_RNG.uniform(0.1, 0.4), _RNG.uniform(0.1, 0.4), _RNG.uniform(0.1, 0.4), _RNG.uniform(0.1, 0.4))
FACE = FoundFace(BOX, 0.7312849913, PRINT.tobytes())
CHUNK = 1 << 20
OVERLAP = 256


def patterns() -> dict[str, bytes]:
    """What is searched for, by its name. Prints are searched for by a part from their middle: four numbers of 128."""
    raw = {kind: PRINT.astype(kind).tobytes() for kind in ("<f4", "<f8", "<f2", ">f4", ">f8")}
    found = {f"print {kind}": content[len(content) // 2 :][:16] for kind, content in raw.items()}
    for shift in range(3):  # base64 of the print as it is, and inside of something else
        found[f"print base64 {shift}"] = base64.b64encode(raw["<f4"][240 + shift : 270 + shift])
    found["print hex"] = raw["<f4"][240:256].hex().encode()
    found["print text"] = f"{float(PRINT[60]):.9f}"[:9].lstrip("-").encode() + f"{float(PRINT[60])!r}"[9:12].encode()
    found |= {f"box {kind}": struct.pack(kind, BOX[1]) for kind in ("<d", ">d")}
    found["box text"] = repr(BOX[1]).encode()
    found |= {"name": NAME.encode(), "name utf-16": NAME.encode("utf-16-le"), "name word": NAME.split()[0].lower().encode()}
    found["name base64"] = base64.b64encode(NAME.encode())[:20]
    return found


def plant(layout: Layout) -> None:
    """Into the locked vault: a person with a confirmed face, a face of nobody, and a message in the inbox."""
    with closing(Records(keys.open_(layout.vault_keys, PASSPHRASE), VaultFile(layout.faces_vault))) as records:
        list(records.load())
        with records.transaction():
            face = Face("00000000000000f1", 1, Box(*BOX), FACE.quality, FACE.print, "model")
            owned = msgspec.structs.replace(face, state=State.CONFIRMED, person=PERSON)
            loose = msgspec.structs.replace(face, id="00000000000000f2", asset=2)
            records.put("person", PERSON, msgspec.msgpack.encode(Person(PERSON, NAME)), PERSON)
            records.put("face", owned.id, msgspec.msgpack.encode(owned), PERSON)
            records.put("face", loose.id, msgspec.msgpack.encode(loose))
    inbox.post(layout, Found(1, "model", (FACE,)))


def finds(content: bytes) -> set[str]:
    return {name for name, pattern in patterns().items() if pattern in content}


def finds_in_files(folder: Path) -> dict[str, set[str]]:
    """Search every file below `folder`, links and sockets left out; file names are searched too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = str(path.relative_to(folder)).encode()
        if path.is_file() and not path.is_symlink():
            content += b"\0" + path.read_bytes()
        if here := finds(content):
            found[str(path.relative_to(folder))] = here
    return found


def finds_in_memory(pid: int) -> set[str]:
    """Search all that a process can write: heap, stacks, anonymous and private memory."""
    found: set[str] = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for start, end in _writable(pid):
            for at in range(start, end, CHUNK):
                try:
                    memory.seek(at)
                    found |= finds(memory.read(min(CHUNK + OVERLAP, end - at)) or b"")
                except OSError:  # the kernel's own pages
                    break
    return found


def _writable(pid: int) -> Iterator[tuple[int, int]]:
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        area, rights, *_ = line.split()
        if rights.startswith("rw") and "[v" not in line:
            start, end = (int(part, 16) for part in area.split("-"))
            yield start, end
