"""Turns this process into the vision process: `mantel vision`. Imports nothing heavy; llama.cpp is loaded behind the exec."""

import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from appliance.adapters.text_models import TextModel
from appliance.adapters.vision_models import VisionModel

SET_PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG
LISTENER = "appliance.adapters.vision_listener"
# Spinning threads starve a busy machine (measured: 87 s instead of 11); libgomp reads this once, when it is loaded.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_WAIT_POLICY": "passive"}


PATIENCE = 120.0
"""Seconds without a step of the picture or a token, before the process takes itself for hung. A step takes milliseconds, a
second where the processor is busy and the model's pages come back from a slow disk."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The folder of all models, and when one was last installed or taken away (its modification time in nanoseconds)."""

    models: Path
    changed_at: int


def watched(models: Path) -> Watched:
    """Take this before looking for models: what comes after it is noticed."""
    return Watched(models, models.stat().st_mtime_ns)


def end_with_parent() -> None:
    """Let the kernel end this process when its parent ends, however that ends; it holds for what this process becomes, too."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def serve(
    *,
    socket: Path,
    model: VisionModel | None,
    text: TextModel | None = None,
    watched: Watched | None = None,
    threads: int = 2,
    idle_seconds: float = 600,
    patience: float = PATIENCE,
    gpu_layers: int = 0,
) -> NoReturn:
    """Become the process that answers on `socket` with `model`, of which `gpu_layers` go to a GPU, and with `text`.

    It does not return, and ends by itself when `watched` is no longer as it was. It is nice to everybody else, the first that the
    kernel ends when memory runs out, and ends with its parent.
    """
    os.nice(10)
    Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
    end_with_parent()
    numbers = [str(threads), str(idle_seconds), str(patience)]
    folders = [f"--{name}={one.folder}" for name, one in (("model", model), ("text", text)) if one]
    since = [f"--models={watched.models}", f"--as-of={watched.changed_at}"] if watched else []
    _become([str(socket), *numbers, *folders, *since, f"--gpu-layers={gpu_layers}"])


def serve_elsewhere(*, socket: Path, address: str, certificate: str) -> NoReturn:
    """Become the process that answers on `socket` by asking the machine at `address`, which holds the key of `certificate`."""
    os.nice(10)
    end_with_parent()
    numbers = ["1", "600", str(PATIENCE)]
    _become([str(socket), *numbers, "--address", address, "--certificate", certificate])


def _become(arguments: list[str]) -> NoReturn:
    os.execve(  # noqa: S606 - our own interpreter, an argument list, an environment built above
        sys.executable, [sys.executable, "-I", "-m", LISTENER, *arguments], ENVIRONMENT
    )
