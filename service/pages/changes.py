"""What differs between the releases at hand, as a page and as an Atom feed.

A release has no date, since nothing in its statements says when they were put together. What a feed
must have as `updated` is therefore when the release was written to the disk of this service: by
that, too, the newest are told from older ones. The id of an entry is made of the release alone.
"""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, jsonify, make_response, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from graph.diff import CAUSES, DifferentBases, TooManyDifferences, sentences
from graph.pruning import newest_first
from graph.release import Release
from graph.release.release import DATA
from service.pages.feed import Entry, Feed, write_feed
from service.pages.saving import savable, saving
from service.querypage import for_people, keep_parameters
from service.releases_pages import compared, data_directory
from service.served import served

ATOM = "application/atom+xml"
_SHOWN = 500
#: Releases that a feed tells of: what is older has been read.
_MOST = 5
_KEPT = 64
_EACH = 30
#: Seconds that a page waits for a comparison.
PATIENCE = 0.6
_told: OrderedDict[tuple[str, str], "Told"] = OrderedDict()
_aside = ThreadPoolExecutor(1, "changes")
_starting = threading.Lock()
_under_way: dict[str, "Future[Told]"] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the differences between two releases.

    `groups` are causes with sentences, of which there are `shown` in all; `why` says in words why
    there are none, where that is not because nothing differs.
    """

    added: int = 0
    removed: int = 0
    total: int = 0
    shown: int = 0
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A release and the one before it; `written` is when it came to this disk."""

    release: Release
    before: Release | None
    written: datetime

    @property
    def outline(self) -> tuple[str, ...]:
        """What the manifests tell of the difference, in sentences."""
        return tuple(_outline(self.before, self.release))


def steps() -> tuple[Step, ...]:
    """Return the releases at hand, each with the one before it, that written last first."""
    data = data_directory()
    found = [data.release(name) for name in newest_first(data)]
    return tuple(
        Step(one, before, _written(one))
        for one, before in zip(found, [*found[1:], None], strict=True)
    )


def last_step() -> Step | None:
    """Return the served release with the one before it; None where it is not at hand any more."""
    return next((step for step in steps() if step.release.id == served().release.id), None)


@savable
def changes() -> AnyResponse | str:
    """What differs between the releases at hand: a page for people, a list for programs."""
    keep_parameters({})
    if not for_people():
        return changes_json()
    found = steps()
    latest = last_step()
    told = told_soon(latest) if latest and latest.before else None
    return render_template("changes.html", steps=found, latest=latest, told=told, causes=CAUSES)


def changes_json() -> Response:
    """The releases at hand with the addresses of what differs."""
    return jsonify(changes=[_row(step) for step in steps()])


def changes_atom() -> Response:
    """The releases at hand as an Atom feed, with what is new in each in sentences."""
    found = steps()[:_MOST]
    entries = [_entry(step) for step in found]
    feed = Feed(
        id=_iri("changes"),
        title="Therascape: what changed between releases",
        subtitle="A release has no date. “Updated” is when it was written to the disk of this "
        "service; it is another on another machine, and the ids of entries are the same.",
        updated=max((step.written for step in found), default=_written(served().release)),
        address=url_for("changes_atom", _external=True),
        page=url_for("changes", _external=True),
        entries=entries,
    )
    return make_response(
        Response(write_feed(feed), content_type=f"{ATOM}; charset=utf-8"),
    )


def told_of(step: Step) -> Told:
    """Return what is told of a step. Raises QueueFull, and what reading a release raises."""
    if step.before is None:
        return Told()
    pair = (step.before.id, step.release.id)
    if (found := _told.get(pair)) is None:
        found = _told[pair] = _tell(step.before, step.release)
        while len(_told) > _KEPT:
            _told.popitem(last=False)
    return found


def told_soon(step: Step) -> Told | None:
    """Return what is told of a step; None while that takes longer than a reader likes to wait.

    It goes on meanwhile, so that whoever asks again has it. Raises as `told_of` does.
    """
    if step.before is None or (step.before.id, step.release.id) in _told or saving():
        return told_of(step)
    with _starting:
        work = _under_way.get(step.release.id)
        if work is None or work.done():
            work = _under_way[step.release.id] = _aside.submit(told_of, step)
    try:
        return work.result(PATIENCE)
    except TimeoutError:
        return None


def _tell(before: Release, after: Release) -> Told:
    try:
        found = compared(before, after)
    except (TooManyDifferences, DifferentBases) as error:
        return Told(why=str(error))
    every = [(change.cause, sentence) for change, sentence in sentences(found)]
    groups: dict[str, list[str]] = {cause: [] for cause in CAUSES}
    for cause, sentence in every[:_SHOWN]:
        groups[cause].append(sentence)
    return Told(
        added=len(found.patch.added),
        removed=len(found.patch.removed),
        total=len(every),
        shown=min(len(every), _SHOWN),
        groups=tuple((cause, tuple(said)) for cause, said in groups.items() if said),
    )


def _outline(before: Release | None, after: Release) -> Iterator[str]:
    new, old = _sources(after), _sources(before) if before else {}
    number = after.manifest["counts"]["statements"]
    if before is None:
        yield f"{_many(len(new), 'source')} and {number:,} statements."
        return
    for slug in sorted(new.keys() - old.keys()):
        yield f"New: {_name(new[slug])}."
    for slug in sorted(old.keys() - new.keys()):
        yield f"No longer in it: {_name(old[slug])}."
    for slug in sorted(new.keys() & old.keys()):
        if _edition(new[slug]) != _edition(old[slug]):
            yield f"Another edition: {_name(new[slug])}."
    more = number - before.manifest["counts"]["statements"]
    size = _many(abs(more), "statement")
    yield f"{size} {'more' if more > 0 else 'fewer'}." if more else "As many statements as before."


def _sources(release: Release) -> dict[str, Mapping[str, Any]]:
    sources: Sequence[Mapping[str, Any]] = release.manifest.get("sources", ())
    return {str(source["slug"]): source for source in sources}


def _name(source: Mapping[str, Any]) -> str:
    return str(source.get("short_title") or source.get("title") or source["slug"])


def _edition(source: Mapping[str, Any]) -> tuple[object, object]:
    return source.get("published"), source.get("updated")


def _many(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def _written(release: Release) -> datetime:
    seconds = int((release.path / DATA).stat().st_mtime)
    return datetime.fromtimestamp(seconds, UTC)


def _iri(of: str) -> str:
    """An IRI that is the same wherever the same data are served."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{served().base}{of}").urn


def _row(step: Step) -> dict[str, Any]:
    row: dict[str, Any] = {
        "release": step.release.id,
        "address": url_for("release_page", name=step.release.id, _external=True),
        "before": step.before.id if step.before else None,
        "written": step.written.isoformat().replace("+00:00", "Z"),
        "outline": step.outline,
    }
    if step.before:
        names = {"before": step.before.id, "after": step.release.id}
        row["differences"] = url_for("release_diff", **names, _external=True)
    return row


def _entry(step: Step) -> Entry:
    told = told_of(step)
    lines = list(step.outline)
    for cause, said in told.groups:
        lines += [f"{sentence} [{cause}]" for sentence in said[:_EACH]]
    if told.total > len(lines):
        lines.append(f"{told.total:,} differences in all: see the page.")
    if step.before:
        names = {"before": step.before.id, "after": step.release.id, "format": "html"}
        page = url_for("release_diff", **names, _external=True)
    else:
        page = url_for("release_page", name=step.release.id, _external=True)
    return Entry(
        id=_iri(f"changes/{step.release.id}"),
        title=f"Release {step.release.id[:12]}: {step.outline[0].rstrip('.')}",
        updated=step.written,
        page=page,
        lines=tuple(lines),
    )
