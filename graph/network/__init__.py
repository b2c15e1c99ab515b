"""The network of a release: how things connect, as arrays that workers map into memory.

Only the errors can be had from here: whoever names them need not load numpy. `arrays` has the
network itself, `calls` what it is asked with, `files` how it is kept, `reading` how it is made.
"""

from graph.network.errors import InvalidArgument, NetworkError, UnknownCall, UnknownNode

__all__ = ["InvalidArgument", "NetworkError", "UnknownCall", "UnknownNode"]
