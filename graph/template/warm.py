"""What must have happened in the template before the wall stands around its copies.

Some things open a file when they are used for the first time. Behind the wall that would end a
worker as if its query had reached out.
"""

import contextlib
import ctypes
import os
import sys

from pyoxigraph import QueryBoolean, QueryResultsFormat, Store

from graph.network import NetworkError
from graph.network.arrays import Network
from graph.network.calls import traverse

_MALLOC_ARENA_MAX = -8  # malloc.h of the GNU C library
# The engine asks how many processors there are: control groups are files. It then keeps the number
# twice, for stores and for regular expressions.
_FIRST = "ASK { FILTER(REGEX('a', '(a)')) }"


def warm_up() -> None:
    """Use for the first time what opens a file then, without starting a thread.

    It also keeps panics of the engine from writing backtraces, for which they would open the file
    that the engine is in; this takes effect only before the first panic.
    """
    os.environ["RUST_BACKTRACE"] = "0"
    _use_one_heap()
    found = Store().query(_FIRST)
    assert isinstance(found, QueryBoolean)
    found.serialize(format=QueryResultsFormat.JSON)


def warm_network(network: Network) -> None:
    """Answer a call of each kind, and refuse one, so that what they need is there."""
    if len(network):
        first, last = network.iris[0], network.iris[len(network) - 1]
        for call, arguments in (
            ("neighbourhood", {"node": first}),
            ("subgraph", {"node": first, "most": 2}),
            ("paths", {"from": first, "to": last}),
        ):
            with contextlib.suppress(NetworkError):
                traverse(network, call, arguments)


def _use_one_heap() -> None:
    """Let all threads allocate from one heap.

    With a heap of its own, a thread may give memory back when it ends, and the GNU C library then
    reads how the system overcommits: once, whenever it happens first.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_MALLOC_ARENA_MAX, 1)
