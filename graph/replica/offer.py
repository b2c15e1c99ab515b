"""What a publisher says of its newest release, and what of that is believed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.release.release import DATA, MANIFEST
from graph.replica.asking import Publisher
from graph.replica.errors import OfferRefused

FORMAT = 1
NEWEST = "releases/current.json"
_MOST_OFFER = 64 * 1024
_MOST_MANIFEST = 64 * 1024 * 1024
_LONGEST_CHAIN = 100
_NAME = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release: `size` in bytes, `sha256` in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The release that a publisher serves, which is its two files.

    `over` has the names of the replicas that it came over, the publisher's first.
    """

    id: str
    data: File
    manifest: File
    over: tuple[str, ...] = field(default=(), compare=False)

    @property
    def paths(self) -> Mapping[str, str]:
        """Where each file is, below the address of the publisher: never where an answer says."""
        return {
            DATA: f"exports/{self.id}/release.nq",
            MANIFEST: f"releases/{self.id}/manifest.json",
        }


def ask(publisher: Publisher, most_bytes: int) -> Offer:
    """Return what the publisher offers. Raises as `Publisher.document` and `read_offer` do."""
    return read_offer(publisher.document(NEWEST, _MOST_OFFER), publisher.address, most_bytes)


def read_offer(text: bytes, address: str, most_bytes: int) -> Offer:
    """Return the offer in the document that `address` answered with.

    Raises OfferRefused unless it is such a document, of this format, with the two files of a
    release once each, the data hashed to the id, and neither beyond what is allowed.
    """
    where = f"{address}{NEWEST}"
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise OfferRefused(f"{where}: it is of another format; use the publisher's version")
        id_, files = document["id"], [_file(one) for one in document["files"]]
        over = _over(document.get("over", []))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise OfferRefused(f"{where}: it is no document of a release; check --follow") from None
    named = {file.name: file for file in files}
    if len(files) != 2 or named.keys() != {DATA, MANIFEST}:
        raise OfferRefused(f"{where}: the files of a release are {DATA} and {MANIFEST}")
    data, manifest = named[DATA], named[MANIFEST]
    if not isinstance(id_, str) or not _DIGEST.fullmatch(id_) or data.sha256 != id_:
        raise OfferRefused(f"{where}: the id of a release is the SHA-256 of its {DATA}")
    if manifest.size > _MOST_MANIFEST:
        raise OfferRefused(f"{where}: a manifest of {manifest.size} bytes is none")
    if data.size > most_bytes:
        raise OfferRefused(
            f"{where}: the release has {data.size} bytes, more than the {most_bytes} of "
            "--follow-max-bytes"
        )
    return Offer(id_, data, manifest, over)


def _over(said: Any) -> tuple[str, ...]:
    """Raises TypeError or ValueError for what is no list of names."""
    if not isinstance(said, list) or len(said) > _LONGEST_CHAIN:
        raise TypeError("a list")
    if not all(_NAME.fullmatch(name) for name in said):
        raise ValueError("a name")
    return tuple(said)


def _file(said: Any) -> File:
    """Raises KeyError, TypeError or ValueError for what is no file."""
    name, size, digest = said["name"], said["bytes"], said["sha256"]
    if type(size) is not int or size < 0:
        raise ValueError("a size")
    if not isinstance(name, str) or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise ValueError("a name or a digest")
    return File(name, size, digest)
