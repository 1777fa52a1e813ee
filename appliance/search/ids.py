"""Sets of ids as arrays: in and out of SQLite without a row for each, and compared by look-up tables, ids being small and dense."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from appliance.store.db import Parameters, Reader

Ids: TypeAlias = npt.NDArray[np.int64]
LARGEST_ID = 2**63  # of SQLite: every id is below


def ids_of(reader: Reader, sql: str, parameters: Parameters) -> Ids:
    """Return the ids that `sql` strings together with group_concat: for 100,000 of them far quicker than as many rows."""
    return np.fromstring(reader.value(sql, parameters) or "", np.int64, sep=",")


def as_json(ids: Iterable[int]) -> str:
    """Return `ids` for `IN (SELECT value FROM json_each(?))`, which has no limit on how many."""
    return f"[{','.join(map(str, ids))}]"


def member(of: Ids, wanted: Ids) -> npt.NDArray[np.bool_]:
    """True where an id of `of` is in `wanted`."""
    table = np.zeros(1 + max(_largest(of), _largest(wanted)), np.bool_)
    table[wanted] = True
    return table[of]


def _largest(ids: Ids) -> int:
    return int(ids.max(initial=0))
