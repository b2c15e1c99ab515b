"""Zip files whose bytes follow from what is in them: fixed dates, modes and order."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can say
_UNIX, _MODE = 3, 0o100644 << 16
_LEVEL = 6


def pack(entries: Iterable[tuple[str, Path]], target: BinaryIO) -> None:
    """Write a zip file with these names and files, in this order, into a file to append to."""
    with TemporaryFile() as spool:  # sizes stand before the data: some readers want that
        with ZipFile(spool, "w", ZIP_DEFLATED) as archive:
            for name, path in entries:
                _add(archive, name, path)
        spool.seek(0)
        shutil.copyfileobj(spool, target)


def repack(path: Path, target: BinaryIO) -> None:
    """Write what is in a zip file as one with fixed dates and modes."""
    with TemporaryFile() as spool:
        with ZipFile(path) as read, ZipFile(spool, "w", ZIP_DEFLATED) as archive:
            for info in read.infolist():
                with read.open(info) as source:
                    _copy(archive, info.filename, info.file_size, cast("BinaryIO", source))
        spool.seek(0)
        shutil.copyfileobj(spool, target)


def _add(archive: ZipFile, name: str, path: Path) -> None:
    with path.open("rb") as source:
        _copy(archive, name, path.stat().st_size, source)


def _copy(archive: ZipFile, name: str, size: int, source: BinaryIO) -> None:
    info = ZipInfo(name, _DATE)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, _UNIX, _MODE
    info.file_size = size  # so that a large entry gets the fields of Zip64
    info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001
    with archive.open(info, "w") as entry:
        shutil.copyfileobj(source, entry)
