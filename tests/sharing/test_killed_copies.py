"""kill -9 in the middle of making copies leaves nothing that could be taken for a copy."""

import signal
import subprocess
import sys
from pathlib import Path

from appliance.sharing import clean_copies, proof
from appliance.sharing.clean_copies import Source, Tools
from tests import drawn
from tests.processes import wait_for

KILLS = 4
FOR_EVER = """
import itertools, sys
from pathlib import Path
from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.pixels import Decoder
from appliance.sharing import clean_copies
original, copies = map(Path, sys.argv[1:])
tools = clean_copies.Tools(Decoder(1), MetadataReader())
for number in itertools.count():
    source = clean_copies.Source(number, "", original, "photo")
    clean_copies.make(source, size="full", keep_location=False, tools=tools, into=copies / f"{number % 3:032x}")
"""


def whole(folder: Path, tools: Tools) -> bool:
    """Whether a folder holds a whole, proven copy."""
    pictures = [proof.Picture(folder / "file.jpg", "jpeg"), proof.Picture(folder / "view.jpg", "jpeg")]
    proof.pictures([*pictures, proof.Picture(folder / "thumb.webp", "webp")], tools.decoder, tools.metadata)
    return len(list(folder.iterdir())) == 3


def test_what_a_kill_leaves_is_never_taken_for_a_copy(tools: Tools, tmp_path: Path) -> None:
    original, copies = tmp_path / "original", tmp_path / "copies"
    original.write_bytes(drawn.picture("jpeg", drawn=drawn.scene(3000, 2000).effect_spread(2)))
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", FOR_EVER, original, copies]) as process:
            wait_for(lambda: any(copies.glob(f"*{clean_copies.MAKING}/*")), "no copy is being made")
            process.send_signal(signal.SIGKILL)
        finished = [folder for folder in copies.iterdir() if not folder.name.endswith(clean_copies.MAKING)]
        assert all(whole(folder, tools) for folder in finished)
    for number in range(3):
        into = copies / f"{number:032x}"
        clean_copies.make(Source(number, "", original, "photo"), size="full", keep_location=False, tools=tools, into=into)
        assert whole(into, tools)
    assert not list(copies.glob("*" + clean_copies.MAKING))
