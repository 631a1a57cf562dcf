"""Where alerts end in tests: an HTTP server that keeps what it gets, and a mail server with STARTTLS."""

import json
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.listening import listening

HOST = "127.0.0.1"
Got = list[tuple[str, Any]]


@contextmanager
def http_sink() -> Iterator[tuple[str, Got]]:
    """The address of a server, and the path and JSON of each request that it gets."""
    got: Got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, json.loads(text)))
            # PagerDuty accepts with 202, and Slack answers with ok.
            self.send_response(202 if self.path.startswith("/pagerduty") else 200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    with _running(ThreadingHTTPServer((HOST, 0), Handler)) as port:
        yield f"http://{HOST}:{port}", got


@contextmanager
def mail_sink(folder: Path) -> Iterator[tuple[int, Path, list[str]]]:
    """The port of a mail server, the file with its certificate, and what clients said to it after STARTTLS."""
    certificate, key = _certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    said: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._answer("220 mail")
            while (line := self.rfile.readline().decode()) != "":
                word = line.split()[0].upper() if line.split() else ""
                encrypted = isinstance(self.connection, ssl.SSLSocket)
                if encrypted:
                    said.append(line.strip())
                if word == "EHLO":
                    self._answer("250-mail", "250 AUTH PLAIN" if encrypted else "250 STARTTLS")
                elif word == "STARTTLS":
                    self._answer("220 go on")
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                    self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                elif word == "DATA":
                    self._answer("354 go on")
                    while (text := self.rfile.readline().decode()) not in (".\r\n", ""):
                        said.append(text.rstrip())
                    self._answer("250 sent")
                elif word == "QUIT":
                    self._answer("221 bye")
                    return
                else:
                    self._answer("235 known" if word == "AUTH" else "250 ok")

        def _answer(self, *lines: str) -> None:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
    server.daemon_threads = True
    with _running(server) as port:
        yield port, certificate, said


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    with listening(server):
        yield int(server.server_address[1])


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "mail.crt", folder / "mail.key"
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(pem)
    return paths
