"""Another machine that looks: an OpenAI-compatible server over TLS on 127.0.0.1, whose answers our own engine gives.

It speaks as llama.cpp's server does: pictures as data addresses, answers as events, probabilities of the first token.
"""

import base64
import io
import json
import math
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image

from appliance.adapters.vision_engine import Engine
from appliance.adapters.vision_listener import NO, YES
from tests.models.evaluate import as_rgb

QUESTION = "\n\nQuestion: {}\n\nAnswer:"


@dataclass
class Machine:
    """How it is, and what it was asked. `held`: it waits with its first word until this is set."""

    engine: Engine
    name: str = "/models/sample.gguf"
    status: int = 200
    body: bytes = b""
    held: threading.Event = field(default_factory=threading.Event)
    asked: list[dict[str, Any]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    address: str = ""
    certificate: Path = Path()


def make_certificate(folder: Path, name: str = "machine") -> tuple[Path, Path]:
    """Return a certificate and its key, signed by itself."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}"]
    subprocess.run([*words, "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key


class Answer(BaseHTTPRequestHandler):
    machine: Machine

    def do_GET(self) -> None:
        self._send(json.dumps({"object": "list", "data": [{"id": self.machine.name, "object": "model"}]}).encode())

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.machine.asked.append(request)
        picture, words = request["messages"][0]["content"]
        self.machine.held.wait(60)
        if self.machine.status != 200 or self.machine.body:
            self._send(self.machine.body)
            return
        content = base64.b64decode(picture["image_url"]["url"].removeprefix("data:image/png;base64,"))
        self.machine.engine.open(as_rgb(Image.open(io.BytesIO(content)).convert("RGB")))
        prompt = QUESTION.format(words["text"])
        if request.get("logprobs"):
            self._send(json.dumps(self._weighed(prompt)).encode())
        else:
            self._stream(prompt, request["max_tokens"])

    def _weighed(self, prompt: str) -> dict[str, Any]:
        odds = self.machine.engine.weigh(prompt, (YES, NO))
        told = [{"token": token, "logprob": math.log(max(odd, 1e-9))} for token, odd in zip((" Yes", " No"), odds, strict=True)]
        return {"choices": [{"message": {"content": "?"}, "logprobs": {"content": [{"token": "?", "top_logprobs": told}]}}]}

    def _stream(self, prompt: str, most: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for _, piece in zip(range(most), self.machine.engine.answer(prompt), strict=False):
                event = {"choices": [{"index": 0, "delta": {"content": piece}}]}
                self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            self.machine.hung_up.set()

    def _send(self, body: bytes) -> None:
        try:
            self.send_response(self.machine.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.machine.hung_up.set()

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests read `asked`."""


@contextmanager
def looking(machine: Machine, folder: Path) -> Iterator[Machine]:
    machine.certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(machine.certificate, key)
    machine.held.set()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Answer,), {"machine": machine})) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        machine.address = f"https://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield machine
        finally:
            machine.held.set()
            server.shutdown()
            thread.join()
