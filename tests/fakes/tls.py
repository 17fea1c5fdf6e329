"""The fake publishers over https behind a proxy that wants a password: real TLS on loopback, a certificate per host.

The proxy takes CONNECT for any host, plays that host's TLS end itself and hands each request to the fake publishers.
"""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def certificate(folder: Path, host: str, by: tuple | None = None, days: int = 1) -> tuple:
    """A certificate for `host` that ends in so many days (below 0: it has expired), written as `host.pem` with its key.

    Returns the pair to sign others with; without `by` it signs itself.
    """
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    signer, signing_key = by or (None, key)
    made = (
        x509.CertificateBuilder(signer.subject if signer else name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(signing_key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{host}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM) + plain)
    return made, key


@dataclass
class Proxy:
    """Where the proxy listens, the hosts it was asked for, and the hosts whose certificate is expired."""

    port: int
    folder: Path
    origin: tuple[str, int]
    credentials: str
    asked: list[str] = field(default_factory=list)
    expired: set[str] = field(default_factory=set)

    def serve(self, client: socket.socket) -> None:
        """One connection: CONNECT, TLS, one request, its answer."""
        with client, suppress(OSError):
            head = read_head(client)
            if f"Proxy-Authorization: Basic {base64.b64encode(self.credentials.encode()).decode()}" not in head:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            host = head.split()[1].rpartition(":")[0]
            self.asked.append(host)
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.folder / f"{'expired.' * (host in self.expired)}{host}.pem")
            with (
                context.wrap_socket(client, server_side=True) as inside,
                socket.create_connection(self.origin) as origin,
            ):
                request = read_head(inside)
                assert "authorization" not in request.lower()
                first, _, rest = request.partition("\r\n")
                method, path, version = first.split()
                origin.sendall(f"{method} /{host}{path} {version}\r\nConnection: close\r\n{rest}".encode())
                while piece := origin.recv(1 << 16):
                    inside.sendall(piece)


def read_head(connection: socket.socket) -> str:
    """What comes up to the empty line."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1) or b"\r\n\r\n"
    return head.decode()


@contextmanager
def running_proxy(url: str, folder: Path, hosts: tuple[str, ...], credentials: str) -> Iterator[Proxy]:
    """A proxy before the fake publishers at `url`, until the block ends. `folder` gets `authority.pem` to trust."""
    authority = certificate(folder, "authority")
    for host in hosts:
        certificate(folder, host, authority, days=-1)
        (folder / f"{host}.pem").rename(folder / f"expired.{host}.pem")
        certificate(folder, host, authority)
    where = urlsplit(url)
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = Proxy(listener.getsockname()[1], folder, (where.hostname or "", where.port or 0), credentials)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=proxy.serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield proxy
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
