"""What can be asked of an open vault: each request of `protocol.py` with its handler."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from appliance.people.protocol import Answer, Count, Counted
from appliance.people.records import Records


@dataclass(slots=True)
class Opened:
    """The vault in the memory of the people process, from unlocking to its end."""

    records: Records


def opened(records: Records) -> Opened:
    """Read the whole vault. Raises VaultDamaged."""
    for _ in records.load():
        pass
    return Opened(records)


def _count(vault: Opened, request: Count) -> Answer:
    return Counted(dict(Counter(record.kind for record in vault.records.load())))


OPERATIONS: Mapping[type, Callable[[Opened, Any], Answer]] = {Count: _count}
"""Request → what answers it. Called one at a time; raises errors of errors.py, which the client raises again."""
