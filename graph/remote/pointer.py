"""Which database holds what is served: one small file in the data directory, replaced at once."""

import json
import os
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.errors import GraphError
from graph.release.locks import exclusive
from graph.remote.layout import Held

FILE = "remote.json"
_LOCK = "remote.lock"
_WAIT_SECONDS = 1.0


class PointerDamaged(GraphError):
    """The file cannot be read as what `publish` writes; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The database that answers queries at this address, and what it holds."""

    query: str
    held: Held


def read_pointer(data: Path) -> Pointer | None:
    """Return what is served from a data directory; None before the first publication.

    Raises PointerDamaged.
    """
    file = data / FILE
    try:
        said = json.loads(file.read_bytes())
        return Pointer(str(said["query"]), Held(str(said["release"]), str(said["publication"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PointerDamaged(
            f"{file}: it cannot be read ({type(error).__name__}); run `therascape publish` to "
            "write it again"
        ) from None


def one_at_a_time(data: Path) -> AbstractContextManager[None]:
    """Be the one who moves the services on a data directory: which database is idle changes then.

    Raises PublisherBusy.
    """
    return exclusive(data / _LOCK, _WAIT_SECONDS)


def write_pointer(data: Path, pointer: Pointer) -> None:
    """Have the services on a data directory move over to this; killed, they have either."""
    beside = data / f"{FILE}.new"
    said = {"query": pointer.query, **asdict(pointer.held)}
    with beside.open("w", encoding="utf-8") as file:
        json.dump(said, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(data / FILE)
