"""mantel doctor."""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from appliance.adapters import models_catalogue, process, vision_gpu, vision_models
from appliance.adapters.embedder import MODEL
from appliance.adapters.process import Confinement
from appliance.adapters.vision import VisionClient
from appliance.cli_output import DONE, FAILED, Output
from appliance.errors import DatabaseDamaged, MantelError, ModelMissing, ModelWrong
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout

LEAST_FREE = 2 << 30
TOOLS = {"exiftool": "-ver", "ffmpeg": "-version", "ffprobe": "-version"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `needed`: Mantel cannot do its work without it."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    needed: bool = True


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    layout = Layout(settings.home)
    checks = list(_checks(settings, layout))
    output.show({"checks": [asdict(check) for check in checks]}, _lines(checks))
    return DONE if all(check.ok or not check.needed for check in checks) else FAILED


def _lines(checks: list[Check]) -> Iterator[str]:
    for check in checks:
        yield f"{'ok ' if check.ok else 'NOT' if check.needed else '-  '} {check.name}: {check.detail}"
        if check.fix and not check.ok:
            yield f"    {check.fix}"


def _checks(settings: Settings, layout: Layout) -> Iterator[Check]:
    for tool, question in TOOLS.items():
        yield _tried(tool, partial(_version, tool, question))
    yield _tried("sandbox", _sandbox)
    yield _search_model(layout)
    yield _vision_model(settings, layout)
    if not settings.vision_address:
        yield _gpu(settings, layout)
    if not settings.home.is_dir():
        yield Check("home", ok=False, detail=f"{settings.home} does not exist", fix="“mantel init” or “mantel serve” makes it.")
        return
    yield _space(layout)
    yield _links(layout)
    yield _tried("database", partial(_database, layout))


def _tried(name: str, look: Callable[[], str]) -> Check:
    """What `look` says, or the error that it raised."""
    try:
        return Check(name, ok=True, detail=look())
    except MantelError as error:
        return Check(name, ok=False, detail=type(error).__name__, fix=str(error))


def _version(tool: str, question: str) -> str:
    return process.run([tool, question], timeout=20).stdout.decode(errors="replace").split("\n", 1)[0][:60]


def _sandbox() -> str:
    process.run(["true"], timeout=20, confine=Confinement(readable=(), memory_mb=512))
    return "files from outside are decoded without files, network or programs"


def _search_model(layout: Layout) -> Check:
    (model,) = models_catalogue.installed(layout.models, MODEL)
    fix = models_catalogue.TEXT_EMBEDDER_FIX
    return Check("search model", ok=model.state == "installed", detail=model.state, fix=fix, needed=False)


def _vision_model(settings: Settings, layout: Layout) -> Check:
    if settings.vision_address:
        return _vision_elsewhere(layout)
    try:
        model = vision_models.find(layout.models, settings.vision_model)
    except (ModelMissing, ModelWrong) as error:
        return Check("vision model", ok=False, detail="none; captions wait for one", fix=str(error), needed=False)
    return Check("vision model", ok=True, detail=model.description.name, needed=False)


def _vision_elsewhere(layout: Layout) -> Check:
    """The vision process alone opens that connection, so it is asked."""
    try:
        said = VisionClient(layout.vision_socket).status()
    except MantelError as error:
        return Check("vision model", ok=False, detail="on another machine, which does not answer", fix=str(error), needed=False)
    return Check("vision model", ok=True, detail=f"on another machine: {said.model}", needed=False)


def _gpu(settings: Settings, layout: Layout) -> Check:
    """The vision process alone sees the GPU, so it is asked when there is something to ask."""
    layers, built = settings.vision_gpu_layers, vision_gpu.built_for()
    missing = VisionClient(layout.vision_socket).gpu_missing() if layers > 0 and built else None
    said = vision_gpu.state(layers, built, missing)
    return Check("GPU", ok=said.ok, detail=said.detail, fix=said.fix, needed=False)


def _space(layout: Layout) -> Check:
    free = shutil.disk_usage(layout.home).free
    fix = f"Make room on the disk of {layout.home}."
    return Check("free space", ok=free > LEAST_FREE, detail=f"{free / 1e9:.1f} GB", fix=fix)


def _links(layout: Layout) -> Check:
    """Ingest gives a file its name under originals/ by a hard link."""
    fix = "Put the home on a file system of Linux (ext4, xfs, btrfs)."
    try:
        with tempfile.TemporaryDirectory(dir=layout.home) as folder:
            first = Path(folder) / "first"
            first.touch()
            (Path(folder) / "second").hardlink_to(first)
    except OSError as error:
        return Check("file system", ok=False, detail=f"no hard links ({error.strerror})", fix=fix)
    return Check("file system", ok=True, detail="as it should be", fix=fix)


def _database(layout: Layout) -> str:
    if not layout.database.is_file():
        return "none yet"
    with closing(Store(layout.database, layout.database_copies)) as store:
        said = store.check()
    if said != "ok":
        raise DatabaseDamaged(reason=said.split("\n", 1)[0], copies=layout.database_copies)
    return said
