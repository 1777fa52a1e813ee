"""A GPU that was asked for: what the sandbox then shows, and what is said where there is none, as on the machine of these tests."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.adapters import vision_gpu, vision_models
from appliance.adapters.sandbox_rules import landlock_version
from appliance.adapters.vision_engine import Engine, offloads
from tests.adapters.running_vision import SAMPLE, Running, umbrella

PROBE = """
import json, os, resource, sys
from pathlib import Path
from appliance.adapters import vision_gpu, vision_listener, vision_models
dev, wanted = Path(sys.argv[1]), sys.argv[2] == "gpu"
model = vision_models.read(Path(sys.argv[3]))
vision_listener.confine(model, vision_gpu.devices(dev) if wanted else [])
found = {}
def tried(name, act):
    try:
        act()
        found[name] = "done"
    except OSError as error:
        found[name] = type(error).__name__
for node in ("dri/renderD128", "dri/card0", "nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-modeset", "mem"):
    tried(node, lambda: os.close(os.open(dev / node, os.O_RDWR)))
tried("lists dri", lambda: os.listdir(dev / "dri"))
tried("lists dev", lambda: os.listdir(dev))
tried("lists devices", lambda: Path("/proc/devices").read_text())
tried("reads accounts", lambda: Path("/etc/passwd").read_bytes())
tried("the model", lambda: model.text.open("rb").close())
found["space"] = resource.getrlimit(resource.RLIMIT_AS)[0]
print(json.dumps(found))
"""
CONTROL = """
import fcntl, os, sys
from pathlib import Path
from appliance.adapters import sandbox_rules
node = Path("/dev/ptmx")
writable, devices = ([], [node]) if sys.argv[1] == "device" else ([node], [])
sandbox_rules.close_tool(Path(sys.executable), [], writable, None, devices)
opened = os.open(node, os.O_RDWR | os.O_NOCTTY)
try:
    fcntl.ioctl(opened, 0x80045430, b"0000")  # TIOCGPTN: which terminal this is
    print("controlled")
except PermissionError:
    print("refused")
"""
NODES = ("dri/renderD128", "dri/card0", "nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-modeset", "mem")


@pytest.fixture
def dev(tmp_path: Path) -> Path:
    """A folder like /dev on a box with two GPUs; its nodes are plain files, for which Landlock's rules are the same."""
    for node in NODES:
        (tmp_path / "dev" / node).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dev" / node).touch()
    return tmp_path / "dev"


def confined(dev: Path, wanted: str) -> dict[str, str | int]:
    words = [sys.executable, "-c", PROBE, str(dev), wanted, str(SAMPLE)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str | int] = json.loads(done.stdout)
    return found


def test_without_the_setting_the_sandbox_shows_no_device(dev: Path) -> None:
    found = confined(dev, "none")
    assert [name for name, became in found.items() if became == "done"] == ["the model"]
    assert int(found["space"]) <= (4096 + 8) << 20


def test_with_the_setting_it_shows_the_nodes_for_computing_and_nothing_else(dev: Path) -> None:
    found = confined(dev, "gpu")
    shown = {name for name, became in found.items() if became == "done"}
    assert shown == {"dri/renderD128", "nvidia0", "nvidiactl", "nvidia-uvm", "lists dri", "lists devices", "the model"}


def test_a_box_without_a_gpu_has_no_node_to_show(tmp_path: Path) -> None:
    assert vision_gpu.devices(tmp_path) == []


@pytest.mark.skipif(landlock_version() < 5, reason="this kernel's Landlock has no rule for controlling devices")
def test_only_a_device_can_be_controlled_not_what_can_be_written() -> None:
    said = [subprocess.check_output([sys.executable, "-c", CONTROL, kind], text=True).strip() for kind in ("device", "file")]
    assert said == ["controlled", "refused"]


def test_what_llama_was_built_for_is_seen_by_its_libraries(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    assert vision_gpu.built_for(tmp_path) == ""
    (tmp_path / "lib" / "libggml-vulkan.so").touch()
    assert vision_gpu.built_for(tmp_path) == "Vulkan"


def test_nothing_is_made_of_a_gpu_that_llama_cannot_use() -> None:
    assert bool(vision_gpu.built_for()) or not offloads()


def test_every_case_is_said_in_one_sentence() -> None:
    said = {
        (layers, built, missing): vision_gpu.state(layers, built, missing)
        for layers in (0, 20)
        for built in ("", "CUDA")
        for missing in (None, True, False)
    }
    faults = {case for case, gpu in said.items() if not gpu.ok}
    assert faults == {(20, "", None), (20, "", True), (20, "", False), (20, "CUDA", True)}
    assert all(bool(gpu.fix) is (case in faults) for case, gpu in said.items())
    assert "20 layers" in said[20, "CUDA", False].detail and "CUDA" in said[20, "CUDA", False].detail


on_the_processor = pytest.mark.skipif(bool(vision_gpu.built_for()), reason="llama.cpp here is built for a GPU")


@pytest.fixture
def wishful(tmp_path: Path) -> Iterator[Running]:
    """A vision process that is asked for layers on a GPU."""
    running = Running(tmp_path, layers=20)
    yield running.wait_until_it_answers()
    running.stop()


@on_the_processor
def test_asked_for_a_gpu_that_llama_is_not_built_for_the_model_runs_on_the_processor_and_says_so(wishful: Running) -> None:
    assert wishful.client.caption(umbrella()) == "A red umbrella on a beach."
    assert wishful.client.gpu_missing() is True
    wishful.process.kill()
    assert wishful.process.stderr
    said = wishful.process.stderr.read().decode().splitlines()
    assert [line for line in said if "vision_gpu_layers is 20" in line and "the model runs on the processor" in line] == said


def test_not_asked_for_a_gpu_nothing_is_said_of_one(tmp_path: Path) -> None:
    running = Running(tmp_path).wait_until_it_answers()
    assert running.client.caption(umbrella()) == "A red umbrella on a beach."
    assert running.client.gpu_missing() is False
    running.process.kill()
    assert running.process.stderr
    assert running.process.stderr.read() == b""
    running.stop()
    assert running.client.gpu_missing() is None


@on_the_processor
def test_llama_takes_the_layers_and_answers_the_same() -> None:
    """Built for the processor it is handed the layers, and computes them there."""
    engine = Engine(vision_models.read(SAMPLE), threads=1, gpu_layers=20)
    assert engine._llama.model_params.n_gpu_layers == 20
    engine.open(umbrella())
    prompt = vision_models.read(SAMPLE).description.prompts.caption[0]
    assert "".join(engine.answer(prompt)).strip() == "A red umbrella on a beach."
    engine.close()
