"""Faces, measured: how fast and how purely they come together, and what finding them costs. Made-up prints, drawn faces."""

import itertools
import time
from pathlib import Path

import numpy as np
from PIL import Image

from appliance.adapters.facefinder import LOOKED_AT, InstalledFaces
from appliance.adapters.rgb import Rgb
from appliance.people.grouping import Groups
from appliance.people.prints import stacked
from tests.drawn_faces import face
from tests.people.made_prints import Made, album, bcubed

FACES = 100_000
LAST = 2_000  # the faces whose rate counts: what is new on a box that has so many
PLAIN = 200


def plain(faces: list[Made]) -> float:
    """Faces a CPU second when each is compared with all that came before, one product each, and joins the nearest."""
    rows = stacked(faces)
    began = time.process_time()
    for at in range(len(rows) - PLAIN, len(rows)):
        int(np.argmax(rows[:at] @ rows[at]))
    return PLAIN / (time.process_time() - began)


def grouping() -> None:
    faces = album(FACES, seed=3)
    groups = Groups()
    began = time.process_time()
    found = groups.add(faces[:-LAST])
    middle = time.process_time()
    for _, photo in itertools.groupby(faces[-LAST:], key=lambda one: one.asset):
        found |= groups.add(list(photo))
    ended = time.process_time()
    precision, recall = bcubed([one.who for one in faces], [found[one.id] for one in faces])
    print(f"{FACES:,} made-up faces, grouped: {(FACES - LAST) / (middle - began):,.0f} a CPU second in blocks")
    print(f"  {LAST:,} more, photo by photo: {LAST / (ended - middle):,.0f} a CPU second")
    print(f"  beside one plain numpy product a face: {plain(faces):,.0f} a CPU second")
    print(f"  BCubed precision {precision:.4f}, recall {recall:.3f}; {len(set(found.values())):,} groups")


def finding() -> None:
    """CPU seconds of the child: a preview without a face, and one more for each face."""
    finder = InstalledFaces(Path("/nowhere")).get()
    empty = Image.effect_noise((LOOKED_AT, LOOKED_AT * 3 // 4), 20).convert("RGB")
    full = empty.copy()
    for number in range(4):
        full.paste(face(number), (60 + 340 * number, 300))
    costs = []
    for picture in (empty, full):
        seen = finder.find(Rgb(*picture.size, picture.tobytes()))
        began = _spent(finder.pid)
        for _ in range(5):
            finder.find(Rgb(*picture.size, picture.tobytes()))
        costs.append(((_spent(finder.pid) - began) / 5, len(seen.found)))
    finder.close()
    (alone, _), (together, count) = costs
    megapixels = empty.width * empty.height / 1e6
    each = (together - alone) / count
    print(f"finding faces: {alone:.2f} CPU s a preview ({alone / megapixels:.2f} a megapixel), {each:.2f} more a face")


def _spent(process: int | None) -> float:
    """CPU seconds of a process, in hundredths."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    grouping()
    finding()


if __name__ == "__main__":
    main()
