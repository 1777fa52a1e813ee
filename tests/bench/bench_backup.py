"""A whole run beside raw restic on the same files in the same run; and what the status costs with 100,000 originals.

Rounds of both alternate, each with an empty repository, so that what else the machine does falls on both. Mantel's run also reads
and compares every original, copies and counts the database, reads both snapshots back and writes the ledger.
"""

import os
import resource
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from appliance.adapters import process
from appliance.backup import nightly, plan, status
from appliance.backup.box import Box
from appliance.backup.plan import Wish
from appliance.store.db import Store
from appliance.store.layout import Layout

FILES, BYTES, ROUNDS = 200, 3_000_000, 3
MANY = 100_000


def opened(home: Path) -> Box:
    layout = Layout(home)
    layout.create()
    return Box(Store(layout.database, layout.database_copies), layout, lambda: time.time_ns() // 1_000_000)


def write_originals(box: Box) -> None:
    rows = []
    for number in range(FILES):
        content = os.urandom(BYTES)
        original = f"2024/2024-07-{number % 28 + 1:02d}/IMG_{number}.jpg"
        file = box.layout.original(original)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        rows.append((sha256(content).hexdigest(), original, BYTES, f"2024-07-{number % 28 + 1:02d}"))
    insert(box, rows)


def insert(box: Box, rows: list[tuple[str, str, int, str]]) -> None:
    with box.store.write() as writer:
        writer.many(
            """INSERT INTO asset(sha256, original, file_name, bytes, modified_at, format, kind, capture_time, time_source, added_at)
               VALUES(?1,?2,?2,?3,0,'jpeg','photo',?4 || 'T12:00:00','exif',0)""",
            rows,
        )


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall, and of processors: ours and those of every program that ended."""

    wall: float
    cpu: float


def now() -> Spent:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Spent(time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used))


def since(begun: Spent) -> Spent:
    ended = now()
    return Spent(ended.wall - begun.wall, ended.cpu - begun.cpu)


def raw_restic(folder: Path, originals: Path, number: int) -> Spent:
    """What restic alone takes, started as Mantel starts it: last in line for processor and disk."""
    passphrase, repository = folder / "passphrase", folder / f"raw {number}"
    passphrase.write_text("x")
    words: list[str | Path] = ["restic", "--repo", repository, "--password-file", passphrase, "--no-cache"]
    process.run([*words, "init"], timeout=600)
    begun = now()
    code = process.stream(
        [*words, "backup", "--json", originals],
        environment={"RESTIC_PROGRESS_FPS": "1"},
        on_line=lambda line: None,
        on_warning=lambda line: None,
        keep_on=lambda: True,
    )
    assert code == 0
    return since(begun)


def mantels_run(box: Box, folder: Path, number: int) -> Spent:
    """A run of a box that never looked at a file: every original is read and compared."""
    with box.store.write() as writer:
        writer.run("DELETE FROM rot")
    repository = plan.add(box, Wish(f"Disk {number}", str(folder / f"ours {number}"))).repository
    begun = now()
    (done,) = nightly.run(box, [repository])
    assert done.outcome == "complete", done.reason
    return since(begun)


def seconds_of_status(box: Box) -> float:
    """CPU seconds of one answer, with everything in two repositories but for 500 originals."""
    insert(box, [(f"{number:064x}", f"x/{number}.jpg", 1, f"2020-01-{number % 28 + 1:02d}") for number in range(MANY)])
    with box.store.write() as writer:
        for repository in (101, 102):
            writer.run(
                """INSERT INTO repository(id, name, kind, address, restic_id, offsite, removable, append_only, keys_folder,
                     added_at) VALUES(?1,?1,'sftp',?1,?1,1,0,0,?1,0)""",
                (repository,),
            )
            snapshot = writer.insert(
                """INSERT INTO snapshot(repository_id, restic_id, holds, taken_at, files, bytes, state, state_at)
                   VALUES(?1,?1,'originals',0,1,1,'present',0)""",
                (repository,),
            )
            writer.run(
                """INSERT INTO ledger(repository_id, sha256, path, bytes, first_snapshot)
                   SELECT ?, sha256, original, bytes, ? FROM asset""",
                (repository, snapshot),
            )
            writer.run("DELETE FROM unprotected WHERE repository_id=? AND asset_id % 200 <> 0", (repository,))
    times = []
    for _ in range(5):
        begun = time.process_time()
        with box.store.read() as reader:
            status.as_json(status.status(reader, now=box.clock()))
        times.append(time.process_time() - begun)
    return sorted(times)[2]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as name:
        folder = Path(name)
        box = opened(folder / "home")
        write_originals(box)
        print(f"backup of {FILES} files, {FILES * BYTES / 1e6:.0f} MB, restic alone and Mantel by turns")
        walls, processors = [], []
        for number in range(ROUNDS):
            raw, ours = raw_restic(folder, box.layout.originals, number), mantels_run(box, folder, number)
            walls.append(ours.wall / raw.wall)
            processors.append(ours.cpu / raw.cpu)
            print(f"  restic {raw.wall:.1f} s, {raw.cpu:.1f} s of processors; Mantel {ours.wall:.1f} s, {ours.cpu:.1f} s")
        for name, ratios in (("on the wall", walls), ("of processors", processors)):
            low, middle, high = sorted(ratios)[0], sorted(ratios)[ROUNDS // 2], sorted(ratios)[-1]
            print(f"  {name}: {middle:.2f} × ({low:.2f} to {high:.2f}), goal ≤ 1.3")
        print(f"status with {MANY:,} originals: {1000 * seconds_of_status(box):.0f} ms CPU (≤ 100)")
        box.store.close()


if __name__ == "__main__":
    main()
