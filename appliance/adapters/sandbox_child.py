"""The child's side of the sandbox: prepare, close the sandbox, serve. `… sandbox_child MODULE SOCKET PARENT MEMORY_MB`."""

import importlib
import json
import os
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

from appliance.adapters import sandbox, sandbox_rules
from appliance.errors import DecoderFailed

Operation = Callable[[dict[str, Any], list[int]], sandbox.Reply]


def main(module: str, line_number: str, parent: str, memory_mb: str) -> None:
    """Serve until the parent hangs up. An error that an operation does not expect ends the process: the parent starts another."""
    sandbox_rules.die_with(int(parent))
    line = socket.socket(fileno=int(line_number))
    code = importlib.import_module(module)
    request, _ = _request(line)
    code.prepare(request["options"])
    _hush()
    sandbox_rules.close_decoder(int(memory_mb))
    _answer(line, sandbox.Reply())
    while True:
        _serve(line, code.OPERATIONS)


def _serve(line: socket.socket, operations: dict[str, Operation]) -> None:
    request, files = _request(line)
    try:
        _answer(line, operations[request["operation"]](request["arguments"], files))
    except DecoderFailed as error:
        _say(line, {"said": "no", "reason": str(error.facts["reason"])})
    except MemoryError:
        _say(line, {"said": "full"})
    finally:
        for file in files:
            os.close(file)


def _request(line: socket.socket) -> tuple[dict[str, Any], list[int]]:
    head, files, _, _ = socket.recv_fds(line, 4, sandbox.MOST_FILES)
    if len(head) < 4:
        sys.exit(0)
    (size,) = struct.unpack("!I", head)
    frame = bytearray()
    while len(frame) < size:
        arrived = line.recv(size - len(frame))
        if not arrived:
            sys.exit(0)
        frame += arrived
    return json.loads(frame), files


def _answer(line: socket.socket, reply: sandbox.Reply) -> None:
    _say(line, {"said": "yes", "facts": reply.facts, "blobs": [len(blob) for blob in reply.blobs]})
    for blob in reply.blobs:
        line.sendall(blob)


def _say(line: socket.socket, head: dict[str, Any]) -> None:
    sandbox.send(line, json.dumps(head).encode())


def _hush() -> None:
    """What a decoder's library prints from here on goes nowhere: until now our errors told the parent why a start failed."""
    nowhere = os.open("/dev/null", os.O_WRONLY)
    for output in (1, 2):
        os.dup2(nowhere, output)
    os.close(nowhere)


if __name__ == "__main__":
    main(*sys.argv[1:])
