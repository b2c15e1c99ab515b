"""SPARQL engines elsewhere: a release published to one, and asked there under our rules."""

from graph.remote.authorization import Credentials
from graph.remote.client import RemoteClient
from graph.remote.database import Address, Database
from graph.remote.dialect import Dialect, detect
from graph.remote.errors import (
    CutShort,
    DatabaseUnavailable,
    Maintenance,
    NotMerged,
    PublishFailed,
    RemoteError,
)
from graph.remote.layout import Held, Layout
from graph.remote.pointer import (
    Pointer,
    PointerDamaged,
    one_at_a_time,
    read_pointer,
    write_pointer,
)
from graph.remote.publishing import Progress, held, publish

__all__ = [
    "Address",
    "Credentials",
    "CutShort",
    "Database",
    "DatabaseUnavailable",
    "Dialect",
    "Held",
    "Layout",
    "Maintenance",
    "NotMerged",
    "Pointer",
    "PointerDamaged",
    "Progress",
    "PublishFailed",
    "RemoteClient",
    "RemoteError",
    "detect",
    "held",
    "one_at_a_time",
    "publish",
    "read_pointer",
    "write_pointer",
]
