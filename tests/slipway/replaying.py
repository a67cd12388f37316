"""A real HTTP server on loopback that serves a folder of feeds as it stood on a given day, with ETags."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Shelf:
    """What is served now; ``hits`` counts replies by (path, status)."""

    def __init__(self):
        self.bodies: dict[str, bytes] = {}
        self.hits: list[tuple[str, int]] = []
        self.address = ""

    def show(self, folder: Path) -> None:
        """Serve the files of this folder; those that it lacks stay as they were, as on the web."""
        self.bodies |= {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@contextmanager
def serving(shelf: Shelf):
    """Serve the shelf on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.partition("?")[0].strip("/")
            body = shelf.bodies.get(name)
            tag = f'"{hashlib.sha256(body or b"").hexdigest()[:16]}"'
            status = 404 if body is None else 304 if self.headers.get("If-None-Match") == tag else 200
            shelf.hits.append((name, status))
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body or b"") if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shelf.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
