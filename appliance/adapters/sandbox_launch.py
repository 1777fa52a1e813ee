"""Become a confined tool: `python -S -P -m appliance.adapters.sandbox_launch RULES PROGRAM ARGUMENT...` (standard library only).

RULES is a JSON object: readable, writable (lists of paths), memory_mb, parent (a process id; the tool ends with it).
"""

import json
import os
import sys
from pathlib import Path

from appliance.adapters import sandbox_rules

REFUSED = 126  # the exit code for "could not be confined", as a shell's for "could not be started"


def main(rules: str, program: str, *arguments: str) -> None:
    wanted = json.loads(rules)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    sandbox_rules.die_with(wanted["parent"])
    try:
        readable, writable = ([Path(path) for path in wanted[key]] for key in ("readable", "writable"))
        sandbox_rules.close_tool(Path(program), readable, writable, wanted["memory_mb"])
        os.execve(program, [program, *arguments], environment)  # noqa: S606  (process.py started us for this)
    except OSError as error:
        sys.stderr.write(f"cannot be confined: {error.strerror}\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main(*sys.argv[1:])
