"""A real HTTP proxy on loopback, small: CONNECT tunnels, and whole addresses fetched on behalf of the client."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, Self
from urllib.parse import urlsplit

__all__ = ["Certificate", "Proxied", "ProxyServer", "certificate"]


@dataclass(frozen=True)
class Proxied:
    """What the proxy was asked: the request line's first two words, and the headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


class ProxyServer:
    """Leads every name to ``world`` (a port on loopback), whatever it is: what the proxy resolves, only it knows.

    ``password`` ("user:password" in base64) is asked for when given; ``refuses`` answers every CONNECT with a 502.
    """

    def __init__(
        self, world: int, *, password: str = "", refuses: bool = False, tls: ssl.SSLContext | None = None
    ) -> None:
        self.world = world
        self.password = password
        self.refuses = refuses
        self.requests: list[Proxied] = []
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        self._server.tls = tls
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True) as safe:
            super().finish_request(safe, client_address)

    def handle_error(self, *_: object) -> None:
        """Clients that leave early are what the tests are about."""


def _handler_for(proxy: ProxyServer) -> type[StreamRequestHandler]:
    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            asked = _read(self.rfile)
            proxy.requests.append(asked)
            if proxy.password and asked.headers.get("proxy-authorization") != f"Basic {proxy.password}":
                return self._say(b"407 Proxy Authentication Required")
            if proxy.refuses:
                return self._say(b"502 Bad Gateway")
            with socket.create_connection(("127.0.0.1", proxy.world)) as upstream:
                if asked.method == "CONNECT":
                    self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    upstream.sendall(_origin_form(asked))
                _pump(self.request, upstream)
            return None

        def _say(self, status: bytes) -> None:
            self.wfile.write(b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % status)

    return Handler


def _read(stream: Any) -> Proxied:
    method, target, _ = stream.readline().decode().split(" ")
    lines = iter(lambda: stream.readline().decode().strip(), "")
    return Proxied(
        method, target, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    )


def _origin_form(asked: Proxied) -> bytes:
    """The request as a proxy sends it on: the path alone, and no word of the proxy's own password."""
    parts = urlsplit(asked.target)
    lines = [f"{name}: {value}" for name, value in asked.headers.items() if not name.startswith("proxy-")]
    target = parts._replace(scheme="", netloc="").geturl()
    return "\r\n".join([f"{asked.method} {target} HTTP/1.1", *lines, "", ""]).encode()


def _pump(one: Any, other: Any) -> None:
    with selectors.DefaultSelector() as ready, contextlib.suppress(OSError):
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in ready.select(timeout=5):
                source: Any = key.fileobj
                if not (data := source.recv(2**16)):
                    return
                # What TLS has read ahead, the selector does not see.
                while isinstance(source, ssl.SSLSocket) and source.pending():
                    data += source.recv(2**16)
                key.data.sendall(data)


@dataclass(frozen=True)
class Certificate:
    """A key and a certificate of ``feeds.example.org``, which vouches for itself."""

    path: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.path))


def certificate(folder: Path) -> Certificate | None:
    """A fresh certificate; None where there is no openssl to make one."""
    path = folder / "feeds.example.org.pem"
    names = "subjectAltName=DNS:feeds.example.org,DNS:www.example.org,IP:127.0.0.1"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    command += ["-subj", "/CN=feeds.example.org", "-addext", names, "-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return Certificate(path)
