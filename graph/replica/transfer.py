"""Fetches a file, going on where an earlier attempt ended, also one of a process that is gone.

<folder>/<name>.part    what has arrived
<folder>/<name>.etag    the validator of what it is a part of
<folder>/<name>         the whole file, verified
"""

import contextlib
import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from graph.release.files import explained, remove
from graph.replica.asking import Answer, Publisher
from graph.replica.errors import (
    ContentDiffers,
    OfferRefused,
    PublisherUnreachable,
    ReleaseWithdrawn,
)
from graph.replica.offer import File

_LONGEST_ETAG = 200


@dataclass(frozen=True, slots=True)
class _Transfer:
    """What is fetched, from where, into which file."""

    publisher: Publisher
    path: str
    file: File
    part: Path

    @property
    def place(self) -> str:
        return self.publisher.address + self.path

    @property
    def etag(self) -> Path:
        return self.part.with_suffix(".etag")

    def have(self) -> int:
        """How many bytes have arrived; what cannot be a part of the file is removed."""
        size = self.part.stat().st_size if self.part.exists() else 0
        if size <= self.file.size:
            return size
        self.forget()
        return 0

    def forget(self) -> None:
        """Begin anew the next time."""
        remove(self.part)
        remove(self.etag)


def fetch(publisher: Publisher, path: str, file: File, folder: Path) -> Path:
    """Have the file in the folder, and return where. Nothing is asked where it is there already.

    Raises PublisherUnreachable where the transfer was interrupted, which the next call continues;
    ReleaseWithdrawn, PublisherRefused, OfferRefused; ContentDiffers, after which the next call
    begins anew; DataDirectoryError.
    """
    whole, part = folder / file.name, folder / f"{file.name}.part"
    transfer = _Transfer(publisher, path, file, part)
    with explained("fetch a release", folder):
        if whole.exists():
            return whole
        have = transfer.have()
    if have < file.size or not part.exists():
        _fill(transfer, have)
    with explained("verify a release", part):
        with part.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        if digest != file.sha256:
            transfer.forget()
            raise ContentDiffers(
                f"{transfer.place}: its SHA-256 is not the one that the publisher gives"
            )
        part.rename(whole)
        remove(transfer.etag)
    return whole


def _fill(transfer: _Transfer, have: int) -> None:
    size, part = transfer.file.size, transfer.part
    with transfer.publisher.answer(transfer.path, _condition(transfer, have)) as answer:
        have = _begin(transfer, have, answer)
        with explained("fetch a release", part):
            _check_room(part, size - have)
            target = part.open("r+b" if have else "wb", buffering=0)
        with target:
            target.seek(have)
            for piece in answer.pieces():
                have += len(piece)
                if have > size:
                    break
                with explained("fetch a release", part):
                    _write(target, piece)
    if have > size:
        transfer.forget()
        raise OfferRefused(f"{transfer.place}: it has more than the {size} bytes that were said")
    if have < size:
        raise PublisherUnreachable(
            f"{transfer.place}: the transfer ended after {have} of {size} bytes; it goes on there"
        )


def _condition(transfer: _Transfer, have: int) -> dict[str, str]:
    """Ask for the rest, if it is still the same file; else for the whole."""
    with contextlib.suppress(OSError, ValueError):
        if have:
            return {"Range": f"bytes={have}-", "If-Range": transfer.etag.read_text("ascii")}
    return {}


def _begin(transfer: _Transfer, have: int, answer: Answer) -> int:
    """Return from which byte on the answer has the file. Raises for an answer that has none."""
    size = transfer.file.size
    match answer.status:
        case 206 if answer.headers.get("Content-Range") == f"bytes {have}-{size - 1}/{size}":
            return have
        case 200:
            _begin_anew(transfer, answer.headers.get("ETag", ""))
            return 0
        case 404 | 410:
            raise ReleaseWithdrawn(f"{transfer.place}: the publisher has this release no more")
        case 206 | 416:  # what is here is no part of what is there
            transfer.forget()
    raise transfer.publisher.refused(transfer.path, answer.status)


def _begin_anew(transfer: _Transfer, etag: str) -> None:
    with explained("fetch a release", transfer.part):
        transfer.forget()
        # Only a strong validator lets a transfer go on (RFC 9110, 13.1.5).
        if etag.startswith('"') and etag.isascii() and len(etag) <= _LONGEST_ETAG:
            transfer.etag.write_text(etag, "ascii")


def _write(target: FileIO, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[target.write(left) or 0 :]


def _check_room(part: Path, needed: int) -> None:
    if shutil.disk_usage(part.parent).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(part))
