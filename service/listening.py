"""The address that a service listens on, which is no other service's."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import GraphError


class CannotListen(GraphError):
    """The address cannot be listened on; the message says why and which setting changes it."""


def free_address(host: str, port: int) -> tuple[str, int]:
    """Return the IP address and the port to listen on, a free one for 0. Raises CannotListen."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            found = probe.getsockname()
            return str(found[0]), int(found[1])
    except (socket.gaierror, UnicodeError):
        raise CannotListen(f"--host {host}: no address of this machine is known by that") from None
    except OSError as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(
            f"cannot listen on {host}:{port}: {reason}; stop what listens there, or choose "
            "another address with --host and --port (make serve PORT=8123)"
        ) from None


@contextmanager
def kept_address(host: str, port: int) -> Iterator[tuple[str, int]]:
    """Keep such an address for processes of this one until the block ends; nobody listens yet.

    They listen with SO_REUSEPORT, under which two services that load their data at the same time
    would come to share a port unnoticed. So a socket that nobody can connect to is there from now
    on: whoever looks whether the address is free finds it. Raises CannotListen.
    """
    address = free_address(host, port)
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        keeper.bind(address)
        # A process that listens looks at its own connections, of which this is none.
        os.register_at_fork(after_in_child=keeper.close)
        yield address
