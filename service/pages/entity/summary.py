"""One sentence on a thing, counted from facts; no sentence of a report is in it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from graph.description.facts import Fact, Named
from service.pages.entity.rows import Table
from service.pages.entity.saying import Locator
from service.pages.entity.sections import Timeline
from service.pages.entity.tables import TABLES

_OWN = {
    "kg:MarketFigure": ("figure", "figures"),
    "kg:GrowthRate": ("growth rate", "growth rates"),
    "kg:MarketShare": ("share", "shares"),
    "kg:Listing": ("listing", "listings"),
    "kg:Ranking": ("ranking", "rankings"),
    "kg:Deal": ("deal", "deals"),
    "kg:RegulatoryEvent": ("regulatory event", "regulatory events"),
    "kg:Launch": ("launch", "launches"),
    "kg:ClinicalResult": ("clinical result", "clinical results"),
    "kg:TherapyProfile": ("profile of a therapy", "profiles of therapies"),
    "kg:Segment": ("segment", "segments"),
}


def summary(
    named: Sequence[Named],
    facts: Iterable[Fact],
    events: Timeline | None,
    ties: Table | None,
) -> str:
    """Return what is known of a thing, in numbers; empty where nothing is."""
    counts = Counter(one.kind for one in named if one.kind in TABLES)
    counts.pop("kg:QualityNote", None)
    total = counts.total()
    if not total:
        return ""
    reports = {report.iri for fact in facts for report in fact.reports}
    parts = [f"{counted(total, 'fact', 'facts')} in {counted(len(reports), 'report', 'reports')}"]
    parts += [counted(counts[kind], *words) for kind, words in _OWN.items() if counts[kind]]
    if ties is not None:
        stated = sum(row.cells[-2][0].text == "stated" for row in ties.rows)
        what = ("tie to a place", "ties to places")
        if ties.columns[0] == "Player":
            what = ("tie of a player", "ties of players")
        parts.append(f"{counted(ties.number, *what)}, {_stated(stated, ties)}")
    if events is not None and events.wide is not None:
        parts.append(f"dated: {events.wide.about}")
    return "; ".join(parts) + "."


def told_in(places: Sequence[Locator]) -> str:
    """Return who states a fact and where."""
    first, reports = places[0], dict.fromkeys(place.report.text for place in places)
    if len(reports) > 1:
        return f"Stated by {len(reports)} reports: {'; '.join(reports)}."
    line = {None: "", 0: ", in the heading"}.get(first.line, f", line {first.line}")
    more = f", and {len(places) - 1} more" if len(places) > 1 else ""
    return f"Stated by {first.report.text}: {first.section.text}{line}{more}."


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def _stated(stated: int, ties: Table) -> str:
    """How many are stated; stated ones stand first, so a page full of them may have more."""
    if stated == ties.number:
        return "stated"
    least = "at least " if stated == len(ties.rows) < ties.number else ""
    return f"{least}{stated:,} of them stated"
