"""A GPU for llama.cpp: what it was built for, which device nodes it then needs, and what people are told. Imports nothing heavy.

What is named here is what the kernel's and Mesa's render nodes (/dev/dri/renderD*, libdrm) and NVIDIA's driver (/dev/nvidia*) use
for computing. Nodes that can set what a screen shows are left out.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

BACKENDS = {"libggml-cuda.so": "CUDA", "libggml-vulkan.so": "Vulkan"}
NODES = ("dri/renderD*", "nvidia[0-9]*", "nvidiactl", "nvidia-uvm")
DRIVER_FILES = ("/usr/share/vulkan", "/etc/vulkan", "/usr/share/drirc.d", "/proc/driver/nvidia", "/proc/devices")
GUIDE = "“A GPU” in docs/guide/models.md says what it needs"


@dataclass(frozen=True, slots=True)
class GpuState:
    """What is said of the GPU. `ok`: nothing was asked for that cannot be had; `fix`: what to do, when it was."""

    ok: bool
    detail: str
    fix: str = ""


def built_for(folder: Path | None = None) -> str:
    """Return what the llama.cpp in `folder` (the installed one) was built for beside the processor: "CUDA", "Vulkan" or ""."""
    if folder is None:
        found = find_spec("llama_cpp")
        if found is None or found.origin is None:
            return ""
        folder = Path(found.origin).parent
    return next((name for library, name in BACKENDS.items() if (folder / "lib" / library).exists()), "")


def devices(dev: Path = Path("/dev")) -> list[Path]:
    """The nodes below `dev` that a GPU is reached by, and the folder that libdrm lists; none on a machine without one."""
    nodes = sorted(node for pattern in NODES for node in dev.glob(pattern))
    return [*{node.parent for node in nodes if node.parent != dev}, *nodes]


def driver_files(nodes: Sequence[Path]) -> list[Path]:
    """What drivers read of the system: which driver there is, and the devices' own folders in /sys (vendor, model, bus)."""
    numbers = [node.stat().st_rdev for node in nodes if node.is_char_device()]
    own = [Path(f"/sys/dev/char/{os.major(number)}:{os.minor(number)}/device") for number in numbers]
    return [*map(Path, DRIVER_FILES), *(folder.resolve() for folder in own if folder.exists())]


def state(layers: int, built: str, missing: bool | None) -> GpuState:
    """Given the setting vision_gpu_layers, built_for() and whether the vision process misses its GPU (None: it was not asked)."""
    if layers <= 0:
        return GpuState(True, f"not used; llama.cpp here is built for {built or 'the processor only'}")
    if not built:
        said = f"vision_gpu_layers is {layers}, but llama.cpp here is built for the processor only; the model runs on the processor"
        return GpuState(False, said, "Build it with “make setup LLAMA=vulkan” (NVIDIA: LLAMA=cuda), or set vision_gpu_layers to 0.")
    if missing:
        said = f"llama.cpp here is built for {built} and finds no GPU that it may use; the model runs on the processor"
        return GpuState(False, said, f"{GUIDE}; without one set vision_gpu_layers to 0.")
    if missing is None:
        return GpuState(
            True, f"llama.cpp here is built for {built}; whether it finds the GPU is known when the vision process runs"
        )
    return GpuState(True, f"up to {layers} layers of the model are on the GPU, through {built}")
