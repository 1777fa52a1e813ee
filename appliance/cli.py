"""The `mantel` command: reads the words, finds the settings, lets one module do it, and turns errors into one sentence.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 done in part.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

from appliance import settings
from appliance.cli_output import FAILED, USAGE, Output
from appliance.cli_parser import build_parser
from appliance.errors import MantelError, WrongUsage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        words = build_parser().parse_args(arguments)
        chosen = settings.load(words.home)
        # By name, so that a quick command doesn't wait until models and servers that it will not use are imported.
        return int(import_module(f"appliance.{words.module}").run(words, chosen, Output(as_json=words.json)))
    except WrongUsage as error:
        sys.stderr.write(f"mantel: {error}\n")
        return USAGE
    except MantelError as error:
        sys.stderr.write(f"mantel: {error}\n")
        return FAILED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has heard enough
        return FAILED
    except OSError as error:
        sys.stderr.write(f"mantel: {error.filename or 'A file'} could not be used: {error.strerror}. Nothing was lost.\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("mantel: Stopped. What was done so far is safe.\n")
        return FAILED
