"""One release: an immutable folder with `data.nq` and `manifest.json`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyoxigraph import RdfFormat, Store

from graph.release.errors import ReleaseDamaged, ReleaseTooNew
from graph.release.files import explained
from graph.release.manifest import FORMAT, InvalidManifest, decode

DATA = "data.nq"
MANIFEST = "manifest.json"
REMEDY = "run `therascape build`, and delete the folder of the damaged release if it is still there"

# Without blank nodes the RDF merge (RDF 1.1 Semantics, 4.1) is the union of the sets of triples.
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


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

    def store(self) -> Store:
        """Return a new store in memory: all named graphs, and their merge in the default graph.

        In the merge each triple occurs once. The data are verified first: the hash of `data.nq`
        against the id, then the engine's numbers of quads and of merged triples against the
        manifest. No thread is started. Raises ReleaseDamaged and DataDirectoryError.
        """
        with explained("read a release", self.path):
            try:
                data = self.nquads.read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                raise ReleaseDamaged(f"{self.nquads}: the file is missing; {REMEDY}") from None
        if hashlib.sha256(data).hexdigest() != self.id:
            raise self._damaged("its hash is not the id of the release")
        store = Store()
        try:
            store.bulk_load(data, format=RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise self._damaged(f"it is not N-Quads ({error})") from None
        statements = len(store)
        store.update(_MERGE)
        found = (statements, len(store) - statements)
        counts = self.manifest["counts"]
        if found != (counts["statements"], counts["triples"]):
            raise self._damaged(f"{found} statements and merged triples differ from the manifest's")
        return store

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
    if manifest["format"] > FORMAT:
        raise ReleaseTooNew(
            f"{place}: format {manifest['format']} is newer than {FORMAT}, the newest that this "
            "version of therascape reads; upgrade therascape"
        )
    if manifest["format"] != FORMAT or manifest["id"] != id_:
        raise ReleaseDamaged(f"{place}: it is the manifest of another release; {REMEDY}")
    if manifest["bytes"] != size:
        raise ReleaseDamaged(
            f"{path / DATA}: it has {size} bytes, not {manifest['bytes']}; {REMEDY}"
        )
    return Release(id_, path, MappingProxyType(manifest))
