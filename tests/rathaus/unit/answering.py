"""An HTTP server that gives one answer."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@contextmanager
def answering(status: int, body: bytes, *, token: str | None = None) -> Generator[str]:
    """Give the URL of a server whose every answer is this one; with a token, 401 to those who have another."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stranger = token is not None and self.headers["authorization"] != f"Bearer {token}"
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(401 if stranger else status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that the library asks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library calls it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
