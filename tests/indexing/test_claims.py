"""What a dead process had claimed comes back at once; a living one keeps it."""

import subprocess
import sys
from pathlib import Path

from appliance.indexing import claims
from appliance.indexing.claims import Claimer
from appliance.store import queue
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.indexing.test_pipeline import NOW, add

DIE = """
import os, sys
from pathlib import Path
from appliance.indexing.claims import Claimer
print(Claimer(Path(sys.argv[1])).name, flush=True)
os.kill(os.getpid(), 9)
"""


def claimed_by(store: Store, name: str) -> None:
    with store.write() as writer:
        add(writer)
        assert queue.claim(writer, ["derivatives"], by=name, now=NOW, lease_ms=1_000_000)


def state(store: Store) -> tuple[str, int]:
    with store.read() as reader:
        found, attempts = reader.one("SELECT state, attempts FROM job WHERE stage='derivatives'")
    return found, attempts


def test_a_killed_process_gives_its_jobs_back_and_is_not_blamed(store: Store, layout: Layout) -> None:
    done = subprocess.run([sys.executable, "-c", DIE, str(layout.run)], capture_output=True, text=True, check=False)
    claimed_by(store, done.stdout.strip())
    assert claims.release_dead(store, layout.run, now=NOW) == 1
    assert state(store) == ("waiting", 0)
    assert list(layout.run.iterdir()) == []


def test_a_job_at_which_processes_die_again_and_again_is_set_aside(store: Store) -> None:
    claimed_by(store, "0")
    for death in range(queue.MAX_DEATHS):
        with store.write() as writer:
            queue.release_all(writer, str(death), now=NOW)
            job = queue.claim(writer, ["derivatives"], by=str(death + 1), now=NOW, lease_ms=1_000_000)
        assert (job is None) == (death + 1 == queue.MAX_DEATHS)
    assert state(store)[0] == "failed"
    with store.write() as writer:
        queue.retry_failed(writer)
        assert queue.claim(writer, ["derivatives"], by="again", now=NOW, lease_ms=1)


def test_a_living_process_keeps_its_jobs(store: Store, layout: Layout) -> None:
    claimer = Claimer(layout.run)
    claimed_by(store, claimer.name)
    assert claims.release_dead(store, layout.run, now=NOW) == 0
    assert state(store) == ("running", 1)
    claimer.close()
    assert claims.release_dead(store, layout.run, now=NOW) == 1


def test_two_claimers_have_two_names(tmp_path: Path) -> None:
    assert Claimer(tmp_path).name != Claimer(tmp_path).name


def test_what_a_killed_process_leaves_is_cleared_away_even_when_it_had_claimed_nothing(store: Store, layout: Layout) -> None:
    living = Claimer(layout.run)
    subprocess.run([sys.executable, "-c", DIE, str(layout.run)], capture_output=True, check=False)
    assert claims.release_dead(store, layout.run, now=NOW) == 0
    assert [file.name for file in layout.run.iterdir()] == [living.name]
    living.close()
