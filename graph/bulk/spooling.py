"""An input that is no plain file, as one: what a pipe says once, or gzip in fewer bytes."""

import os
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from gzip import GzipFile
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, BinaryIO, cast

from graph.bulk.errors import ImportRefused
from graph.release.files import explained, make_folder

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20
_OPEN_FILES = Path("/proc/self/fd")


@contextmanager
def plain(path: Path, folder: Path, descriptor: int | None = None) -> Iterator[Path]:
    """The file `path` where it can be read twice and has the lines themselves; else a copy of what
    is in it, which is in `folder` while the block runs.

    What is open already, with this `descriptor`, is copied from where that stands: whoever was
    given it may not be allowed to open it anew, and a socket cannot be. Its beginning tells gzip.
    Memory is that of a piece. Raises ImportRefused where it cannot be opened, and where the
    compression is damaged or cut short, and DataDirectoryError.
    """
    with ExitStack() as stack:
        with explained("read the input", path, ImportRefused, "name another file"):
            given = path if descriptor is None else descriptor
            file = stack.enter_context(open(given, "rb", closefd=given is path))
            compressed = file.peek(len(_GZIP)).startswith(_GZIP)
        if given is path and stat.S_ISREG(os.fstat(file.fileno()).st_mode) and not compressed:
            yield path
            return
        with explained("copy the input", folder):
            make_folder(folder)
            made = TemporaryFile if _OPEN_FILES.is_dir() else NamedTemporaryFile
            kept = stack.enter_context(made(dir=folder, prefix=".import-"))
            source = cast("BinaryIO", GzipFile(fileobj=file)) if compressed else file
            try:
                _copy(source, kept, path)
            except BaseException:
                with suppress(OSError):  # on a full disk closing fails as writing did
                    kept.close()
                raise
        # Without a name, no copy is left by whoever is killed.
        yield _OPEN_FILES / str(kept.fileno()) if made is TemporaryFile else Path(kept.name)


def _copy(source: BinaryIO, kept: IO[bytes], path: Path) -> None:
    try:
        shutil.copyfileobj(source, kept, _PIECE)
        kept.flush()
    except (EOFError, zlib.error) as error:
        raise _damaged(path, error) from None
    except OSError as error:
        if error.errno is None:  # what the module gzip says of what is none
            raise _damaged(path, error) from None
        raise


def _damaged(path: Path, error: Exception) -> ImportRefused:
    return ImportRefused(f"{path}: it is no whole gzip ({error}); fetch it again")
