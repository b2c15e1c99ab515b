"""What `manifest.json` says: deterministic, without time stamps and machine paths."""

import contextlib
import hashlib
import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any, TypeAlias

import pyoxigraph

from graph.release.errors import DetailsRefused

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

FORMAT = 1
LITERAL_CLASSES = "literal_classes"
"""Of how many things an imported release says a text where their class is due; not in `counts`.
A build makes no such statements, so its manifest has none."""
_SET_HERE = frozenset({"bytes", "checksum", "counts", "format", "id"})
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


class InvalidManifest(ValueError):
    """The bytes are not a manifest as `encode` writes it; the message says why, without a place."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of what a release holds.

    `statements` are quads; `triples` those of the RDF merge, where a triple in several graphs
    counts once and the graphs of the history do not count; `graphs` the statements by IRI of named
    graph; `classes` the distinct things by IRI of class, over the merge.
    """

    statements: int
    triples: int
    graphs: Mapping[str, int]
    classes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Written:
    """What a release holds of writes to the service.

    `graphs` are the IRIs of the named graphs that came of them, empty ones included, in order;
    `journal` is the number of the last entry of the journal that the release contains; `build` is
    the id of the release that was built last before these writes, None when that is this one.
    """

    graphs: tuple[str, ...] = ()
    journal: int = 0
    build: str | None = None

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> "Written":
        """As the manifest of a release says; nothing, when it does not."""
        said = manifest.get("written") or {}
        return cls(tuple(said.get("graphs", ())), said.get("journal", 0), said.get("build"))

    def details(self) -> dict[str, JSON]:
        """What a manifest says: nothing, when nothing was ever written."""
        if not self.graphs and not self.journal:
            return {}
        said: dict[str, JSON] = {"graphs": sorted(self.graphs), "journal": self.journal}
        return {"written": said | ({"build": self.build} if self.build else {})}


def count(lines: Iterable[str], history: Collection[str] = ()) -> Counts:
    """Count the sorted lines of `content_id`, in one pass and without keeping any of them.

    Graphs of the `history` are no part of the merge.
    """
    graphs: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    triples = 0
    previous = ""
    for line in lines:
        triple, _, graph = line.removesuffix(" .").rpartition(" ")
        graphs[graph[1:-1]] += 1
        if graph[1:-1] in history:
            continue
        if triple == previous:  # the graph comes last: occurrences of a triple are neighbours
            continue
        previous = triple
        triples += 1
        _, predicate, thing = triple.split(" ", 2)
        if predicate == _TYPE and thing.startswith("<"):
            classes[thing[1:-1]] += 1
    return Counts(graphs.total(), triples, dict(graphs), dict(classes))


def compose(id_: str, size: int, counts: Counts, details: Mapping[str, JSON]) -> Mapping[str, Any]:
    """Return the manifest of a release whose `data.nq` has `size` bytes.

    Keys: `id`, `format`, `bytes`, `counts`, `checksum`, all details, and `versions`, to which
    those of the engine and of this package are added. Raises DetailsRefused.
    """
    clash = sorted(_SET_HERE & details.keys())
    if clash:
        raise DetailsRefused(
            f"details of a release must not have the key {clash[0]!r}: publishing sets it"
        )
    plain: dict[str, Any] = _plain(details, "details")
    given = plain.get("versions", {})
    if not isinstance(given, dict):
        raise DetailsRefused("details.versions must map names to versions")
    whole = plain | {
        "bytes": size,
        "counts": asdict(counts),
        "format": FORMAT,
        "id": id_,
        "versions": given | _versions(),
    }
    return whole | {"checksum": _checksum(whole)}


def history_of(manifest: Mapping[str, Any]) -> frozenset[str]:
    """The graphs of the history, by IRI, as a manifest or the details of a release tell them."""
    return frozenset(map(str, manifest.get("history", ())))


def details_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What `compose` was given but for `written`: what another release may say of itself too."""
    added = _SET_HERE | {"versions", "written"}
    return {key: value for key, value in manifest.items() if key not in added}


def with_written(
    manifest: Mapping[str, Any], details: Mapping[str, JSON]
) -> Mapping[str, Any] | None:
    """The manifest with what details say was written; None when it says just that."""
    said = _plain(details.get("written"), "details.written")
    if manifest.get("written") == said:
        return None
    whole = {k: v for k, v in manifest.items() if k not in {"checksum", "written"}}
    if said is not None:
        whole["written"] = said
    return whole | {"checksum": _checksum(whole)}


def encode(manifest: Mapping[str, Any]) -> bytes:
    """Return the bytes of `manifest.json`: sorted keys, two spaces, UTF-8, a final line feed."""
    text = json.dumps(dict(manifest), sort_keys=True, indent=2, ensure_ascii=False)
    return f"{text}\n".encode()


def decode(data: bytes) -> dict[str, Any]:
    """Return the manifest, checksum verified when the format is ours. Raises InvalidManifest.

    A manifest of another format is returned as it is: the caller decides.
    """
    try:
        manifest = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise InvalidManifest("it is not JSON") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise InvalidManifest("it is not a manifest")
    if manifest["format"] == FORMAT:
        rest = {key: value for key, value in manifest.items() if key != "checksum"}
        if manifest.get("checksum") != _checksum(rest) or encode(manifest) != data:
            raise InvalidManifest("it was changed after it was written")
    return manifest


def _checksum(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(encode(manifest)).hexdigest()


def _versions() -> dict[str, str]:
    versions = {"pyoxigraph": pyoxigraph.__version__}
    with contextlib.suppress(metadata.PackageNotFoundError):  # run from a folder, not installed
        versions["therascape"] = metadata.version("therascape")
    return versions


def _is_text(value: object) -> bool:
    """Whether value is a string of characters; lone surrogates are none, and no UTF-8 has them."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _plain(value: JSON, where: str) -> Any:
    """Return value in the types that `json` gives back, or name the place that has none."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and _is_text(value):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not _is_text(key):
                raise DetailsRefused(f"{where}: the key {key!r} is not text")
        return {key: _plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [_plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    raise DetailsRefused(f"{where}: {value!r} has no place in JSON; give text or a number")
