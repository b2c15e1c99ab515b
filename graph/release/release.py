"""One release: an immutable folder with `data.nq` and `manifest.json`."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from graph.release.errors import ReleaseDamaged, ReleaseTooNew
from graph.release.files import explained
from graph.release.manifest import (
    FORMAT,
    InvalidManifest,
    Written,
    decode,
    details_of,
    history_of,
)
from graph.release.skolem import restored
from graph.terms import DEFAULT_BASE, Iris

Editions = Literal["current", "all"]
"""Which editions of reports a default graph has: the current ones, or superseded ones too."""

DATA = "data.nq"
MANIFEST = "manifest.json"
REMEDY = "run `therascape build`, and delete the folder of the damaged release if it is still there"

_BLOCK = 1 << 26
# A literal has no line feed as it is, so this stands at ends of lines only.
_GRAPH = re.compile(rb" <[^<>\n]*> \.\n")
# Without blank nodes the RDF merge (RDF 1.1 Semantics, 4.1) is the union of the sets of triples.
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } %s}"


@dataclass(frozen=True, slots=True)
class Release:
    """An opened release: manifest verified, data of the expected size.

    `manifest` is the parsed `manifest.json`, to be read only; its counts are
    `manifest["counts"]` with `statements`, `triples`, `graphs` and `classes` (see Counts).
    """

    id: str
    path: Path
    manifest: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def nquads(self) -> Path:
        """`data.nq`: sorted N-Quads, named graphs only."""
        return self.path / DATA

    @property
    def iris(self) -> Iris:
        """The IRIs of the deployment that the release is of."""
        return Iris(str(self.manifest.get("base", DEFAULT_BASE)))

    @property
    def written(self) -> Written:
        """What the release holds of writes to the service."""
        return Written.of(self.manifest)

    @property
    def history(self) -> frozenset[str]:
        """The graphs of superseded editions and of what rests on them: no part of the merge."""
        return history_of(self.manifest)

    @property
    def details(self) -> dict[str, Any]:
        """What the manifest was given to say, without what publishing adds and what was written."""
        return details_of(self.manifest)

    def quads(self) -> Iterator[Quad]:
        """The statements as the file has them, verified by its hash."""
        yield from parse(self._data(), format=RdfFormat.N_QUADS)

    def store(self, *, strict: bool = False, editions: Editions = "current") -> Store:
        """Return a new store in memory: all named graphs, and their merge in the default graph.

        In the merge each triple occurs once, and the graphs of the history are left out of it but
        for `editions="all"`. `strict`: there is no merge, and the default graph has what was
        written to it. Blank nodes of written graphs are such again.

        The data are verified first: the hash of `data.nq` against the id, then the engine's
        numbers of quads and of merged triples against the manifest. No thread is started. Raises
        ReleaseDamaged and DataDirectoryError.
        """
        store = Store()
        if self.written.graphs:
            try:
                self._fill(store, self._data(), strict=strict)
            except SyntaxError as error:
                raise self._damaged(f"it is not N-Quads ({error})") from None
        else:
            self._load(store, lambda block: block, RdfFormat.N_QUADS)
        statements = len(store)
        counts = self.manifest["counts"]
        if statements != counts["statements"]:
            raise self._damaged(f"{statements} statements differ from the manifest's")
        if not strict:
            whole = editions == "all"
            left_out = frozenset[str]() if whole else self.history
            if self.written.graphs:
                named = ", ".join(f"<{iri}>" for iri in sorted(left_out))
                store.update(_MERGE % (f"FILTER (?g NOT IN ({named})) " if named else ""))
            else:
                # Ten million statements take the engine a minute so, and an update many.
                self._load(
                    store, lambda block: self.merged(block, whole=whole), RdfFormat.N_TRIPLES
                )
            triples = len(store) - statements
            if triples != counts["triples"] and not (whole and self.history):
                raise self._damaged(f"{triples} merged triples differ from the manifest's")
        for name in self.written.graphs:
            if not (strict and name == self.iris.default_graph.value):
                store.add_graph(NamedNode(name))
        return store

    def verify(self) -> None:
        """Hold the hash of `data.nq` against the id; raises as `store` does, which does it too."""
        for _ in self.blocks():
            pass

    def _data(self) -> bytes:
        with explained("read a release", self.path):
            try:
                data = self.nquads.read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                raise ReleaseDamaged(f"{self.nquads}: the file is missing; {REMEDY}") from None
        if hashlib.sha256(data).hexdigest() != self.id:
            raise self._damaged("its hash is not the id of the release")
        return data

    def _load(self, store: Store, taken: Callable[[bytes], bytes], form: RdfFormat) -> None:
        """Load what is `taken` of the file, block by block."""
        failure: SyntaxError | None = None
        for block in self.blocks():
            try:
                if failure is None:
                    store.bulk_load(taken(block), format=form)
            except SyntaxError as error:
                failure = error
        if failure is not None:
            raise self._damaged(f"it is not N-Quads ({failure})")

    def blocks(self, size: int = _BLOCK) -> Iterator[bytes]:
        """The lines of the file in blocks of about `size` bytes, each line with its line feed.

        Raises ReleaseDamaged, after the last of them, where their hash is not the id.
        """
        with explained("read a release", self.path):
            try:
                file = self.nquads.open("rb")
            except (FileNotFoundError, NotADirectoryError):
                raise ReleaseDamaged(f"{self.nquads}: the file is missing; {REMEDY}") from None
        digest = hashlib.sha256()
        rest = b""
        with file, explained("read a release", self.path):
            while data := file.read(size):
                digest.update(data)
                whole, line_feed, left = data.rpartition(b"\n")
                if line_feed:
                    yield rest + whole + line_feed
                    rest = left
                else:
                    rest += data
        if rest:
            yield rest
        if digest.hexdigest() != self.id:
            raise self._damaged("its hash is not the id of the release")

    def merged(self, block: bytes, *, whole: bool = False) -> bytes:
        """The triples of a block of lines, as N-Triples, but for those of the history; `whole`:
        with those.
        """
        if self.history and not whole:
            ends = tuple(f" <{iri}> .".encode() for iri in self.history)
            lines = block.split(b"\n")
            block = b"\n".join(line for line in lines if not line.endswith(ends))
        return _GRAPH.sub(b" .\n", block)

    def _fill(self, store: Store, data: bytes, *, strict: bool) -> None:
        """Load the statements; the engine's own loader, which is fast, renames blank nodes."""
        iris = self.iris
        genid, default = iris.genid.encode(), f" {iris.default_graph} .".encode()
        plain: list[bytes] = []
        other: list[bytes] = []
        for line in data.split(b"\n"):
            apart = genid in line or (strict and line.endswith(default))
            (other if apart else plain).append(line)
        store.bulk_load(b"\n".join(plain), format=RdfFormat.N_QUADS)
        quads = parse(b"\n".join(other), format=RdfFormat.N_QUADS)
        store.bulk_extend(self._restored(quads, strict=strict))

    def _restored(self, quads: Iterable[Quad], *, strict: bool) -> Iterator[Quad]:
        """Statements of written graphs, and derived ones about them, as they were."""
        iris = self.iris
        graphs = {iris.graph("derived").value, *self.written.graphs}
        for quad in quads:
            assert isinstance(quad.graph_name, NamedNode)
            written = quad.graph_name.value in graphs
            yield restored(quad, iris, strict=strict) if written else quad

    def _damaged(self, what: str) -> ReleaseDamaged:
        return ReleaseDamaged(f"{self.nquads}: {what}; {REMEDY}")


def open_release(path: Path, id_: str) -> Release:
    """Open the folder of a release after cheap checks; `Release.store` does the costly ones.

    Raises ReleaseDamaged, ReleaseTooNew, and DataDirectoryError when it may not be read.
    """
    place = path / MANIFEST
    with explained("open a release", path):
        if path.is_symlink() or not path.is_dir():
            raise ReleaseDamaged(f"{path}: the folder of the release is missing; {REMEDY}")
        for name in (MANIFEST, DATA):
            if not (path / name).is_file():
                raise ReleaseDamaged(f"{path / name}: the file is missing; {REMEDY}")
        size = (path / DATA).stat().st_size
        try:
            manifest = decode(place.read_bytes())
        except InvalidManifest as error:
            raise ReleaseDamaged(f"{place}: {error}; {REMEDY}") from None
    check_format(place, manifest)
    if manifest["format"] != FORMAT or manifest["id"] != id_:
        raise ReleaseDamaged(f"{place}: it is the manifest of another release; {REMEDY}")
    if manifest["bytes"] != size:
        raise ReleaseDamaged(
            f"{path / DATA}: it has {size} bytes, not {manifest['bytes']}; {REMEDY}"
        )
    return Release(id_, path, MappingProxyType(manifest))


def check_format(place: Path, manifest: Mapping[str, Any]) -> None:
    """Raise ReleaseTooNew for a manifest, at `place`, that only a newer version understands."""
    if manifest["format"] > FORMAT:
        raise ReleaseTooNew(
            f"{place}: format {manifest['format']} is newer than {FORMAT}, the newest that this "
            "version of therascape reads; upgrade therascape"
        )
