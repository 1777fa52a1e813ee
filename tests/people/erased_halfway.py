"""A process that erases People and is killed in the middle: `python -m tests.people.erased_halfway HOME STEPS`."""

import os
import signal
import sys
from itertools import islice
from pathlib import Path

from appliance.people import erasing
from appliance.people.erasing import Receipt
from appliance.store.db import Store
from appliance.store.layout import Layout


def main(home: Path, count: int) -> None:
    """Do `count` steps and die as by `kill -9`; with fewer steps than that, end."""
    layout = Layout(home)
    store = Store(layout.database, layout.database_copies)
    with erasing.alone(layout):
        done = list(islice(erasing.steps(store, layout, Receipt(at=1, by_user=None)), count))
        if len(done) == count:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
