"""Why an answer on players is empty, or lacks one: the conditions that exclude what would match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pyoxigraph import NamedNode

from graph.landscape.activity import active
from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking, filled, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.errors import InvalidParameter
from graph.landscape.named import Named, Parameter
from graph.landscape.players import PLACE, SUBPLACES
from graph.landscape.ties import ACTIVE, FILTERS, GROUPING, LEVEL, PlayerPlace, ties

#: Sets of conditions that are tried at most; all sets of eight conditions are as many.
_TRIES = 256
#: Ties whose evidence a row shows; `ties` counts them all.
_SHOWN = 50


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """What narrows a question: the arguments that it rests on, and those that take it away.

    It can only be there with one of the arguments `needs`, where there are any.
    """

    name: str
    without: Mapping[str, Any]
    words: str
    needs: tuple[str, ...] = ()

    def narrows(self, arguments: Mapping[str, Any]) -> bool:
        """Whether these arguments have the condition."""
        there = not self.needs or any(arguments[name] for name in self.needs)
        return there and any(
            arguments[name] not in (value, None, ()) for name, value in self.without.items()
        )


CONDITIONS = (
    Condition("level", {"level": "group"}, "any organisation of its group counts", ("player",)),
    Condition("active", {"active": ("any-tie",)}, "any tie counts as activity"),
    Condition("until", {"until": None}, "whenever it was, dated or not"),
    Condition("report", {"report": ()}, "whichever report says it"),
    Condition(
        "about",
        {"about": "player"},
        "the player has to do with the therapy and the indication by any fact",
        ("therapy", "indication"),
    ),
    Condition("therapy", {"therapy": None}, "whatever the therapy"),
    Condition("indication", {"indication": None}, "whatever the indication"),
    Condition("role", {"role": None}, "whatever its role"),
    Condition(
        "grouping",
        {"grouping": "any", "drawn_by": None},
        "regions as anyone draws them",
        ("place",),
    ),
    Condition("subplaces", {"subplaces": True}, "places that lie in the place count", ("place",)),
    Condition("place", {"place": None}, "wherever it is"),
)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What matches when some conditions are left out, and with none of them less."""

    without: tuple[Condition, ...]
    ties: Sequence[PlayerPlace]


def excluded(asking: Asking, arguments: Mapping[str, Any]) -> tuple[list[Excluded], bool]:
    """Return each smallest set of conditions without which something matches; fewest first.

    The first one is empty where the question has an answer as it stands. The second value tells
    whether every set was tried. Raises the errors of graph.query.
    """
    arguments = {one.name: one.default for one in WHY_NOT.parameters} | dict(arguments)
    given = [condition for condition in CONDITIONS if condition.narrows(arguments)]
    found: list[Excluded] = []
    tried = 0
    for size in range(len(given) + 1):
        for without in combinations(given, size):
            if any(set(one.without) <= set(without) for one in found):
                continue
            if tried == _TRIES:
                return found, False
            tried += 1
            matching = ties(asking, _relaxed(arguments, without)).ties
            if matching:
                found.append(Excluded(without, matching))
    return found, True


def _relaxed(arguments: Mapping[str, Any], without: Sequence[Condition]) -> dict[str, Any]:
    relaxed = dict(arguments)
    for condition in without:
        relaxed.update(condition.without)
    return relaxed


def why_not(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    """Return the conditions that exclude what would match, a row for each smallest set of them.

    `completeness` says which kind of "no" it is for each report. Raises InvalidParameter where
    neither a player nor a place is given, and the errors of graph.query.
    """
    if not arguments.get("player") and not arguments.get("place"):
        raise InvalidParameter("player", "is missing: give a player, a place, or both")
    found, all_tried = excluded(asking, arguments)
    reports = arguments.get("report") or ()
    return Answer(
        question=WHY_NOT.name,
        columns=WHY_NOT.columns,
        rows=[_shown(number, one) for number, one in enumerate(found, 1)],
        understood={one.name: one.default for one in WHY_NOT.parameters} | dict(arguments),
        completeness=completeness(
            asking, active(arguments.get("active") or ("stated-tie",)).classes, reports
        ),
        notes=[
            *_notes(found, all_tried),
            *_listed(asking, arguments),
            *_unnamed(asking, arguments, found),
        ],
    )


def _shown(number: int, one: Excluded) -> dict[str, Any]:
    evidence = tuple(evidence for tie in one.ties[:_SHOWN] for evidence in tie.evidence)
    return {
        "set": number,
        "without": tuple(condition.name for condition in one.without),
        "words": "; ".join(condition.words for condition in one.without),
        "ties": len(one.ties),
        "tie": "stated" if any(tie.tie == "stated" for tie in one.ties) else "implied",
        "players": _each([tie.player for tie in one.ties]),
        "members": _each([member for tie in one.ties for member in tie.members]),
        "places": _each([tie.place for tie in one.ties]),
        "evidence": tuple(dict.fromkeys(evidence)),
    }


def _each(things: Sequence[Thing]) -> tuple[Thing, ...]:
    return tuple(sorted(set(things), key=lambda one: (one.label, one.iri)))


def _notes(found: Sequence[Excluded], all_tried: bool) -> list[str]:
    notes = []
    if found and not found[0].without:
        notes.append("The question has an answer as it stands; no condition excludes it.")
    elif found:
        alone = [one.without[0].name for one in found if len(one.without) == 1]
        if alone:
            notes.append(f"Each of these conditions excludes a match alone: {', '.join(alone)}.")
        else:
            least = len(found[0].without)
            notes.append(f"No condition excludes a match alone; the fewest are {least} at once.")
    elif all_tried:
        notes.append(
            "Nothing would match whichever conditions are left out; what the silence of each report"
            " means is said of each."
        )
    if not all_tried:
        notes.append(f"The {_TRIES} smallest sets of conditions were tried, not all.")
    return notes


def _listed(asking: Asking, arguments: Mapping[str, Any]) -> list[str]:
    """Lists of players that the player stands in, which is what is most easily taken for a tie."""
    if not arguments.get("player"):
        return []
    player = [NamedNode(arguments["player"])]
    grouped = arguments.get("level") == "group"
    rows = asking.rows(
        filled(
            stored_query("why-not-listed"),
            organisation=None if grouped else player,
            group=player if grouped else None,
            reports=[NamedNode(one) for one in arguments.get("report") or ()] or None,
        )
    )
    return [
        f"{row['memberLabel']} stands in a list of players of {row['reportLabel']}; that is no"
        " activity in a place."
        for row in rows
    ]


def _unnamed(asking: Asking, arguments: Mapping[str, Any], found: Sequence[Excluded]) -> list[str]:
    """Counts of countries without names behind what would match elsewhere than in the place."""
    if not arguments.get("place") or (found and not found[0].without):
        return []
    facts = {
        fact
        for one in found
        for tie in one.ties
        for evidence in tie.evidence
        for fact in evidence.facts
    }
    rows = asking.rows(filled(stored_query("players-counted"), reports=None))
    return [
        f"{row['label']}: the report counts {row['count']} countries and does not name them; the"
        " place may be one of them, or not."
        for row in rows
        if str(row["fact"]) in facts
    ]


WHY_NOT = Named(
    name="why-not",
    title="Why is this player, or anyone, not in the answer?",
    doc=(
        "For a question on players that has no answer, or lacks a player: each smallest set of"
        " conditions that excludes what would otherwise match, fewest conditions first; and for"
        " each report what its silence means."
    ),
    parameters=(
        Parameter("player", "Player", "Who is looked for.", "entity", of=("agent",)),
        PLACE,
        SUBPLACES,
        ACTIVE,
        LEVEL,
        *FILTERS,
        *GROUPING,
    ),
    columns=(
        Column("set", "Set", "integer", "Number of the set of conditions."),
        Column("without", "Left out", "texts", "The conditions; none if it matches as it stands."),
        Column("words", "Then", "text", "What counts when they are left out."),
        Column("ties", "Ties", "integer", "How many ties of a player to a place match then."),
        Column("tie", "Tie", "text", "stated if any report states one of them, else implied."),
        Column("players", "Players", "things", "Who matches then."),
        Column("members", "Organisations", "things", "The organisations whose ties these are."),
        Column("places", "Places", "things", "Where, as the reports name it."),
        Column("evidence", "Evidence", "evidence", f"Why they match: of the first {_SHOWN} ties."),
    ),
    run=why_not,
)

QUESTIONS: tuple[Named, ...] = (WHY_NOT,)
