"""What must have happened in the template before the wall stands around its copies.

Some things open a file when they are used for the first time. Behind the wall that would end a
worker as if its query had reached out.
"""

import os

from pyoxigraph import QueryBoolean, QueryResultsFormat, Store

# The engine asks how many processors there are: control groups are files. It then keeps the number
# twice, for stores and for regular expressions.
_FIRST = "ASK { FILTER(REGEX('a', '(a)')) }"


def warm_up() -> None:
    """Use for the first time what opens a file then, without starting a thread.

    It also keeps panics of the engine from writing backtraces, for which they would open the file
    that the engine is in; this takes effect only before the first panic.
    """
    os.environ["RUST_BACKTRACE"] = "0"
    found = Store().query(_FIRST)
    assert isinstance(found, QueryBoolean)
    found.serialize(format=QueryResultsFormat.JSON)
