"""What must have happened in the template before the wall stands around its copies.

Some things open a file when they are used for the first time. Behind the wall that would end a
worker as if its query had reached out.
"""

import contextlib
import os

from pyoxigraph import QueryBoolean, QueryResultsFormat, Store

from graph.heap import use_one_heap
from graph.network import NetworkError
from graph.network.arrays import Network
from graph.network.calls import traverse

# The engine asks how many processors there are: control groups are files. It then keeps the number
# twice, for stores and for regular expressions.
_FIRST = "ASK { FILTER(REGEX('a', '(a)')) }"


def warm_up() -> None:
    """Use for the first time what opens a file then, without starting a thread.

    It also keeps panics of the engine from writing backtraces, for which they would open the file
    that the engine is in; this takes effect only before the first panic.
    """
    os.environ["RUST_BACKTRACE"] = "0"
    use_one_heap()
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
