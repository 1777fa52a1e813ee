"""`make setup LLAMA=…` builds llama.cpp for what it says; nothing is built here: make tells what it would do."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not on this machine")


def would_do(tmp_path: Path, *words: str, here: str = "") -> subprocess.CompletedProcess[str]:
    """What `make` would do in a clone whose llama.cpp was built for `here`."""
    stamps = tmp_path / ".venv" / "stamps"
    stamps.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", tmp_path)
    if here:
        (stamps / f"llama-{here}").touch()
    command = ["make", "--dry-run", "--assume-old=.venv/stamps/python", *words]
    (stamps / "python").touch()
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize(("asked", "flag"), [("vulkan", "-DGGML_VULKAN=on"), ("cuda", "-DGGML_CUDA=on")])
def test_for_a_gpu_it_is_built_anew_with_the_flag_of_that_gpu(tmp_path: Path, asked: str, flag: str) -> None:
    done = would_do(tmp_path, f"LLAMA={asked}", f".venv/stamps/llama-{asked}", here="cpu")
    assert done.returncode == 0, done.stderr
    assert f'CMAKE_ARGS="{flag}"' in done.stdout and "--force-reinstall" in done.stdout and "--require-hashes" in done.stdout


def test_for_the_processor_nothing_is_built_a_second_time(tmp_path: Path) -> None:
    done = would_do(tmp_path, ".venv/stamps/llama-cpu")
    assert done.returncode == 0, done.stderr
    assert "CMAKE_ARGS" not in done.stdout and "touch .venv/stamps/llama-cpu" in done.stdout


def test_back_to_the_processor_it_is_built_anew_without_a_flag(tmp_path: Path) -> None:
    done = would_do(tmp_path, "LLAMA=cpu", ".venv/stamps/llama-cpu", here="cuda")
    assert 'CMAKE_ARGS=""' in done.stdout


def test_without_a_word_it_stays_what_it_is(tmp_path: Path) -> None:
    for number, (here, then) in enumerate({"": "cpu", "cpu": "cpu", "vulkan": "vulkan", "cuda": "cuda"}.items()):
        folder = tmp_path / str(number)
        assert would_do(folder, "--eval=said: ; echo $(LLAMA)", "said", here=here).stdout == f"echo {then}\n"


def test_what_llama_cannot_be_built_for_is_refused(tmp_path: Path) -> None:
    done = would_do(tmp_path, "setup", "LLAMA=tpu")
    assert done.returncode == 2 and "LLAMA is cpu, vulkan or cuda, not “tpu”" in done.stderr
