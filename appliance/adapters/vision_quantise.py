"""Makes a text model smaller: `python -m appliance.adapters.vision_quantise SOURCE TARGET TYPE THREADS PARENT`.

llama.cpp does it, in a process of its own with nothing but these two files to touch. How far it is stands in lines
“progress DONE OF” on standard error; the last line of a failure is its reason.
"""

import ctypes
import re
import sys
from pathlib import Path

import llama_cpp

from appliance.adapters import sandbox_rules

TYPES = {"Q4_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M, "Q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0}
TENSOR = re.compile(rb"\[\s*(\d+)/\s*(\d+)\]")
ROOM_MB = 8192  # address space beside both files: a layer's weights as float32, the libraries


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _tell(level: int, text: bytes, data: int | None) -> None:
    """llama.cpp names each tensor as it begins with it; nothing else that it says is passed on."""
    if found := TENSOR.search(text):
        sys.stderr.write(f"progress {int(found[1])} {int(found[2])}\n")
        sys.stderr.flush()


def quantise(source: Path, target: Path, kind: str, threads: int) -> bool:
    """Write `source` (f16 or f32) as `kind` to `target`; False when llama.cpp could not."""
    options = llama_cpp.llama_model_quantize_default_params()
    options.nthread = threads
    options.ftype = TYPES[kind]
    return bool(llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(options)) == 0)


def main(arguments: list[str]) -> int:
    source, target, kind, threads, parent = arguments
    sandbox_rules.die_with(int(parent))
    llama_cpp.llama_log_set(_tell, None)
    size = Path(source).stat().st_size >> 20
    try:
        sandbox_rules.close_tool(Path(sys.executable), [Path(source)], [Path(target).parent], ROOM_MB + 2 * size)
    except sandbox_rules.Unconfinable as error:
        sys.stderr.write(f"Quantising runs without its sandbox: {error.strerror}.\n")
    if not quantise(Path(source), Path(target), kind, int(threads)):
        sys.stderr.write("llama.cpp could not read it as a text model\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
