"""Where a host listens, under which addresses it is found, and how many may be connected to it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter

from aiohttp import web

from facilitator.host.gate import FROM_ONE

CONNECTIONS = 900  # at once, in all; below the usual limit of open files


class CannotListen(Exception):
    """A host cannot be reached as asked; the message is one sentence for whoever runs it."""


def own_address() -> str:
    """This computer's address in its network; 127.0.0.1 if it is in none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # kept for examples: nobody is there, and a datagram socket only looks up the way
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def urls(address: str, port: int, *, lan: bool, tls: bool, public: str = "") -> list[str]:
    """Every address under which a browser may call this host; the first is the one to tell."""
    scheme, usual = ("https", 443) if tls else ("http", 80)
    tail = "" if port == usual else f":{port}"
    name = socket.gethostname().lower()
    hosts = [address, name, f"{name}.local"] if lan else []
    found = [f"{scheme}://{host}{tail}" for host in (*hosts, "127.0.0.1", "localhost", "[::1]")]
    return ([public.rstrip("/")] if public else []) + found


def tls_of(cert: str | None, key: str | None) -> ssl.SSLContext | None:
    """What TLS needs, or None for none. Raises CannotListen."""
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise CannotListen("--tls-cert and --tls-key go together: the certificate's file and its key's.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        unfit = isinstance(error, ssl.SSLError)
        said = "they do not fit together, or are no PEM files" if unfit else error.strerror
        raise CannotListen(f"“{cert}” and “{key}” cannot be used for TLS: {said}.") from None
    return context


def bound(address: str, port: int) -> socket.socket:
    """A socket on an address and a port; 0 is any free one. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
    except (OSError, OverflowError) as error:
        made.close()
        said = getattr(error, "strerror", None) or str(error)
        raise CannotListen(
            f"This host cannot listen on {address}, port {port} ({said}); choose another with --port."
        ) from None
    return made


class Porter:
    """Makes a connection's protocol, or turns it away where there are too many already.

    Behind a proxy all connections come from one address; then `from_one` is as much as `most`, and `Callers` counts.
    """

    def __init__(self, server: web.Server, most: int = CONNECTIONS, from_one: int = FROM_ONE):
        self._server, self._most, self._from_one = server, most, from_one

    def __call__(self) -> asyncio.Protocol:
        return _Met(self)

    def lets_in(self, address: str) -> bool:
        open_now = [each.transport for each in self._server.connections if each.transport is not None]
        if len(open_now) >= self._most:
            return False
        return Counter(_from(each) for each in open_now)[address] < self._from_one

    def handler(self) -> asyncio.Protocol:
        return self._server()


class _Met(asyncio.Protocol):
    """A connection before anybody knows where it comes from."""

    def __init__(self, porter: Porter):
        self._porter = porter

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if not self._porter.lets_in(_from(transport)):
            transport.abort()
            return
        handler = self._porter.handler()
        transport.set_protocol(handler)
        handler.connection_made(transport)


def _from(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""
