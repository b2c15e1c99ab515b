"""What can be downloaded of a release, as a catalogue names it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file of a release.

    `name` is a slug that no other file of the release has, `path` its address under the root of
    the service, without a slash at its beginning. `size` is in bytes and `sha256` in hexadecimal
    digits, both of the very bytes that the address gives; of a file that is made when it is first
    asked for they are None. `media_type` is that of the content, and `compression` that of a
    compressed file; `conforms_to` is the IRI of a standard that it follows.
    `rdf` says that it holds the statements of the whole release.
    """

    name: str
    title: str
    path: str
    media_type: str
    size: int | None = None
    sha256: str | None = None
    compression: str | None = None
    conforms_to: str | None = None
    rdf: bool = False
