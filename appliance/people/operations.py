"""What can be asked of an open vault: each request of `protocol.py` with its handler."""

from collections.abc import Callable, Mapping
from typing import Any

from appliance.people.opened import Opened
from appliance.people.operations_persons import PERSONS
from appliance.people.protocol import Answer, Count, Counted


def _count(vault: Opened, request: Count) -> Answer:
    memory = vault.memory
    counts = {"face": len(memory.faces), "person": len(memory.persons), "decision": len(memory.journal)}
    counts["withdrawal"] = len(memory.withdrawn)
    return Counted({kind: count for kind, count in counts.items() if count})


OPERATIONS: Mapping[type, Callable[[Opened, Any], Answer]] = {Count: _count, **PERSONS}
"""Request → what answers it. Called one at a time; raises errors of errors.py, which the client raises again."""
