"""A web server on 127.0.0.1 that serves files as publishers do: ranges, validators, redirects, and connections that break."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Shelf:
    """What is served, how, and what was asked. `cut`: after so many bytes of each answer the connection breaks."""

    files: dict[str, bytes] = field(default_factory=dict)
    sends_on: dict[str, str] = field(default_factory=dict)
    tag: str = '"one"'
    kind: str = "application/octet-stream"
    cut: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""


@contextmanager
def serving(shelf: Shelf) -> Iterator[Shelf]:
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path, wanted = self.path.partition("?")[0], self.headers.get("Range", "")
            shelf.asked.append((path, wanted))
            if path in shelf.sends_on:
                self.send_response(302)
                self.send_header("Location", shelf.sends_on[path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = shelf.files.get(path)
            if content is None:
                self.send_error(404)
                return
            begin = 0
            if wanted and self.headers.get("If-Range") == shelf.tag:
                begin = int(wanted.removeprefix("bytes=").rstrip("-"))
            if begin and begin >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - begin))
            self.send_header("Content-Type", shelf.kind)
            if shelf.tag:
                self.send_header("ETag", shelf.tag)
            self.end_headers()
            self.wfile.write(content[begin : begin + shelf.cut] if shelf.cut else content[begin:])
            self.close_connection = bool(shelf.cut)

        def log_message(self, format: str, *arguments: object) -> None:
            """Tests read `asked`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        shelf.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield shelf
        finally:
            server.shutdown()
            thread.join()
