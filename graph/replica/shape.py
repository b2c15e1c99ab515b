"""What the members of a publisher's manifest are to be, so that whoever reads one can rely on it.

A checksum says that nobody changed a manifest on its way, not that it is one.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pyoxigraph import NamedNode

from graph.replica.errors import OfferRefused
from graph.terms import InvalidIri, Iris

_Is = Callable[[Any], bool]
_MOST = 2**63  # what is counted has its place in files of numbers of eight bytes


def check_shape(manifest: Mapping[str, Any], place: str) -> None:
    """Raise OfferRefused, naming the `place` and a member, where that is not what it is to be.

    Members that this version does not know are those of a later one.
    """
    for name, is_right in _MEMBERS.items():
        if not (is_right(manifest[name]) if name in manifest else name not in _NEEDED):
            raise OfferRefused(
                f"{place}: its member {name!r} is not what that of a release is; is --follow the "
                "address of a service?"
            )


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _MOST


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _base(value: Any) -> bool:
    try:
        return bool(Iris(value).base == value)
    except (InvalidIri, TypeError):
        return False


def _iri(value: Any) -> bool:
    try:
        return bool(NamedNode(value).value == value)
    except (TypeError, ValueError):
        return False


def _maybe(is_right: _Is) -> _Is:
    return lambda value: value is None or is_right(value)


def _list(is_right: _Is) -> _Is:
    return lambda value: isinstance(value, list) and all(map(is_right, value))


def _by_name(is_right: _Is) -> _Is:
    return lambda value: isinstance(value, dict) and all(map(is_right, value.values()))


def _object(members: Mapping[str, _Is]) -> _Is:
    """Each of these is right; others may be there."""
    return lambda value: (
        isinstance(value, dict)
        and all(is_right(value.get(name)) for name, is_right in members.items())
    )


_TEXTS = (
    "graph title short_title publisher data_group published updated url code licence_note "
    "text_sha256 rows_sha256 series replaces replaced_by"
).split()
_SOURCE = (
    {"slug": _text, "claims": _maybe(_count), "rows": _maybe(_by_name(_count))}
    | dict.fromkeys(_TEXTS, _maybe(_text))
    | dict.fromkeys(("read_for", "read_completely"), _maybe(_list(_text)))
)
_COUNTS = {
    "statements": _count,
    "triples": _count,
    "graphs": _by_name(_count),
    "classes": _by_name(_count),
}
_WRITTEN = {"graphs": _list(_iri), "journal": _count, "build": _maybe(_text)}
_MEMBERS: Mapping[str, _Is] = {
    "base": _base,
    "counts": _object(_COUNTS),
    "history": _list(_iri),
    "imported": _flag,
    "literal_classes": _count,
    "rules": _list(_text),
    "sources": _list(_object(_SOURCE)),
    "versions": _by_name(_text),
    "written": _object(_WRITTEN),
}
_NEEDED = {"counts"}
