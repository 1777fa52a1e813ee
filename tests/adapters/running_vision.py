"""A vision process in a folder of its own, started as `mantel vision` starts it, for the tests that talk to one."""

import random
import socket
import subprocess
import sys
import time
from pathlib import Path

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision import VisionClient
from appliance.adapters.vision_protocol import Answer, read_answer
from appliance.errors import VisionUnavailable
from tests.models.drawing import render
from tests.models.evaluate import as_rgb
from tests.models.scenes import Scene, Thing

SAMPLE = Path(__file__).parents[1] / "models" / "sample"
SAMPLE_TEXT = Path(__file__).parents[1] / "models" / "sample-text"
START = """
import sys
from pathlib import Path
from appliance.adapters import text_models, vision_models, vision_server
model = vision_models.read(Path(sys.argv[2])) if sys.argv[2] else None
idle, patience, layers = float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
text = text_models.read(Path(sys.argv[6])) if sys.argv[6] else None
watched = vision_server.watched(Path(sys.argv[7])) if sys.argv[7] else None
vision_server.serve(
    socket=Path(sys.argv[1]), model=model, text=text, watched=watched, threads=1, idle_seconds=idle, patience=patience,
    gpu_layers=layers,
)
"""


class Running:
    """A vision process in a folder of its own, as `mantel vision` starts it."""

    def __init__(
        self,
        folder: Path,
        model: Path | None = SAMPLE,
        idle_seconds: float = 600,
        patience: float = 120,
        layers: int = 0,
        text: Path | None = None,
        watched: Path | None = None,
    ) -> None:
        self.path = folder / "vision.sock"
        numbers = [str(idle_seconds), str(patience), str(layers)]
        arguments = [sys.executable, "-c", START, str(self.path), str(model or ""), *numbers, str(text or ""), str(watched or "")]
        self.process = subprocess.Popen(arguments, stderr=subprocess.PIPE)
        self.client = VisionClient(self.path)

    def wait_until_it_answers(self) -> "Running":
        for _ in range(600):
            try:
                self.client.status()
                return self
            except VisionUnavailable:
                assert self.process.poll() is None, self.process.stderr and self.process.stderr.read().decode()
                time.sleep(0.05)
        raise AssertionError("the vision process does not answer")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stderr
        self.process.stderr.close()

    def says(self, request: bytes) -> list[Answer]:
        """Send raw bytes and return every answer until the process hangs up."""
        answers: list[Answer] = []
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(self.path))
            connection.sendall(request)
            with connection.makefile("rb") as stream:
                try:
                    while True:
                        answers.append(read_answer(stream))
                except (EOFError, ConnectionError):
                    return answers


def umbrella(place: str = "on a beach") -> Rgb:
    return as_rgb(render(Scene((Thing("umbrella", "red"),), place), 1440, 1080, random.Random(1)))
