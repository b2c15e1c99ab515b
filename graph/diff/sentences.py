"""Differences in plain words, one sentence for each thing.

"entered" stands only where a source reports an event that is just that: an expansion into
countries. No kind of event that sources report here means leaving a place, so nothing ever "left".
"""

from collections.abc import Iterator, Mapping

from graph.diff.model import Cause, Change, Comparison, PropertyChange
from graph.diff.statements import text_of
from ontology.namespaces import DCT, KG

_MOST_VALUES, _MOST_LETTERS = 3, 120
_ENTRY = "/id/concept/expansion-into-countries>"
_WORDS: Mapping[Cause, tuple[str, str, str]] = {
    "event-reported": ("{source} reports: {label}.",) * 3,
    "merged": (
        "{label} is registered in the place of others.",
        "{label} was merged into another entry.",
        "Entries were merged or grouped: {label} has {values}.",
    ),
    "split": (
        "{label} is an entry of its own now.",
        "{label} is no entry of its own any more.",
        "Entries were split or grouped: {label} has {values}.",
    ),
    "source-added": (
        "{source} was added as a source: {label}.",
        "With {source} as a source, this is not said any more: {label}.",
        "{source} was added as a source: {label} has {values}.",
    ),
    "source-removed": (
        "Without {source}, this is said otherwise: {label}.",
        "{source} is no source any more, and this went with it: {label}.",
        "{source} is no source any more: {label} has {values}.",
    ),
    "new-edition": (
        "Another edition of {source} says: {label}.",
        "Another edition of {source} does not say any more: {label}.",
        "Another edition of {source} says otherwise: {label} has {values}.",
    ),
    "transcription-corrected": (
        "Correction of what was read from {source}: {label} stands in the place of another claim.",
        "Correction of what was read from {source}: {label} is replaced by another claim.",
        "Correction of what was read from {source}: {label} has {values}.",
    ),
    "recorded": (
        "Newly recorded from {source}, which said so before: {label}.",
        "No longer recorded from {source}: {label}.",
        "Newly recorded from {source}: {label} has {values}.",
    ),
    "withdrawn": (
        "Recorded from {source} again: {label}.",
        "Withdrawn from what was read from {source}: {label}.",
        "Withdrawn from what was read from {source}: {label} has {values}.",
    ),
    "written": (
        "Written to the service: {label}.",
        "Taken away by a write to the service: {label}.",
        "Written to the service: {label} has {values}.",
    ),
    "register-changed": (
        "Newly registered: {label}.",
        "No longer registered: {label}.",
        "The register changed: {label} has {values}.",
    ),
    "rule-or-code-changed": (
        "Computed or declared newly, from data that did not change: {label}.",
        "No longer computed or declared, from data that did not change: {label}.",
        "Computed or declared otherwise, from data that did not change: {label} has {values}.",
    ),
}


def sentences(comparison: Comparison) -> Iterator[tuple[Change, str]]:
    """Yield each change that explains itself, with its sentence; what follows is counted in it."""
    for change in comparison.changes:
        sentence = sentence_of(change, comparison.labels)
        if number := len(change.follows):
            things = (
                "1 computed thing differs" if number == 1 else f"{number:,} computed things differ"
            )
            sentence += f" For that, {things}."
        yield change, sentence


def sentence_of(change: Change, labels: Mapping[str, str]) -> str:
    """Say what differs, and why; a name or text that is printed somewhere stands as it is."""
    if change.cause == "event-reported" and (entered := _entered(change, labels)):
        return entered
    if change.cause in ("merged", "split") and (replaced := _replaced(change, labels)):
        return replaced
    position = ("added", "removed", "changed").index(change.kind)
    values = [_value(one, labels) for one in change.properties]
    shown = ", ".join(values[:_MOST_VALUES])
    if len(values) > _MOST_VALUES:
        shown += f" and {len(values) - _MOST_VALUES} more"
    words = _WORDS[change.cause][position]
    source = change.source or ("Its source" if words.startswith("{source}") else "its source")
    if change.because and change.cause in ("merged", "split", "register-changed"):
        words = "{label} has {values}, since a name in it changed in the register."
    # What is told ends in a full stop already, where it is a sentence of its own.
    label = change.label.removesuffix(".") if words.endswith("{label}.") else change.label
    return words.format(source=source, label=label, values=shown)


def _entered(change: Change, labels: Mapping[str, str]) -> str:
    """The sentence for an expansion into countries; empty for any other event."""
    values: dict[str, tuple[str, ...]] = {}
    for one in change.properties:
        if one.after:
            values.setdefault(one.property, one.after)
    who, where = values.get(KG.organisation.value), values.get(KG.place.value)
    kinds = values.get(DCT.type.value, ())
    if not (who and where and any(kind.endswith(_ENTRY) for kind in kinds)):
        return ""
    names, places = (" and ".join(text_of(term, labels) for term in one) for one in (who, where))
    return f"{names} entered {places}, {change.source} reports: {change.label}."


def _replaced(change: Change, labels: Mapping[str, str]) -> str:
    """The sentence for a thing that another stands for now, or stood for; empty for any other."""
    for one in change.properties:
        if one.property == DCT.isReplacedBy.value:
            other = _shown(one.after or one.before, labels)
            if one.after:
                return f"{change.label} was merged into {other}: they are one entry now."
            return f"{change.label} is an entry of its own again, split from {other}."
    return ""


def _value(one: PropertyChange, labels: Mapping[str, str]) -> str:
    name = labels.get(one.property) or one.property.rpartition("#")[2].rpartition("/")[2]
    before, after = (_shown(terms, labels) for terms in (one.before, one.after))
    if not before:
        return f"{name} {after} (new)"
    return f"{name} {after}, not {before}" if after else f"{name} {before} no more"


def _shown(terms: tuple[str, ...], labels: Mapping[str, str]) -> str:
    text = " and ".join(text_of(term, labels) for term in terms)
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"
