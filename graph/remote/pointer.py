"""Which database holds what is served: one small file in the data directory, replaced at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.errors import GraphError
from graph.release.files import explained, sync_folder, write_whole
from graph.release.locks import exclusive
from graph.remote.database import shown
from graph.remote.layout import Held, is_id

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

    @property
    def shown(self) -> str:
        """The address, for messages."""
        return shown(self.query)


def read_pointer(data: Path) -> Pointer | None:
    """Return what is served from a data directory; None before the first publication.

    Raises PointerDamaged.
    """
    file = data / FILE
    try:
        said = json.loads(file.read_bytes())
        query, release, publication = said["query"], said["release"], said["publication"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(file, type(error).__name__) from None
    if not (isinstance(query, str) and is_id(release) and is_id(publication)):
        raise _damaged(file, "it names no release")
    return Pointer(query, Held(release, publication))


def _damaged(file: Path, why: str) -> PointerDamaged:
    return PointerDamaged(
        f"{file}: it cannot be read ({why}); run `therascape publish` to write it again"
    )


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Be the one who moves the services on a data directory: which database is idle changes then.

    Raises PublisherBusy, and DataDirectoryError where nothing can be written there.
    """
    with explained("publish", data), exclusive(data / _LOCK, _WAIT_SECONDS):
        yield


def write_pointer(data: Path, pointer: Pointer) -> None:
    """Have the services on a data directory move over to this; killed, they have either.

    Raises DataDirectoryError.
    """
    said = {"query": pointer.query, **asdict(pointer.held)}
    with explained("move services over", data):
        write_whole(data / FILE, f"{json.dumps(said, indent=2)}\n".encode())
        sync_folder(data)
