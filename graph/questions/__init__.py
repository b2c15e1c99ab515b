"""Competency questions: queries that the graph must answer, offered as examples.

A question is a file of its own here. Its first lines are `# question: …`, `# kind: …` and, for
those to be offered before all others, `# front: <number>`; the rest is one query that needs no
prefixes beyond the predefined ones. Expected answers, written from the reports, are in
`tests/questions/`.
"""

import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph.errors import GraphError

KINDS = frozenset(
    {
        *("lookup", "join", "traversal", "aggregate", "negative", "data-quality"),
        *("time-slice", "provenance", "decision", "comparison"),
    }
)
_HEAD = re.compile(r"^# (question|kind|front): (.+)$", re.MULTILINE)


class QuestionError(GraphError):
    """A question file without a title or with an unknown kind; names the file."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words and as a query; `id` is the name of its file."""

    id: str
    title: str
    kind: str
    query: str


@cache
def questions() -> tuple[Question, ...]:
    """Every question: those for the front in their order, then the others by id."""
    entries = (entry for entry in files("graph.questions").iterdir() if entry.name.endswith(".rq"))
    found = [_question(entry.name, entry.read_text("utf-8")) for entry in entries]
    found.sort(key=lambda pair: (pair[0], pair[1].id))
    return tuple(question for _, question in found)


def _question(file: str, text: str) -> tuple[int, Question]:
    head = dict(_HEAD.findall(text))
    front = head.get("front", str(sys.maxsize))
    if "question" not in head or head.get("kind") not in KINDS or not front.isdecimal():
        kinds = ", ".join(sorted(KINDS))
        raise QuestionError(
            f"graph/questions/{file}: begin with '# question: …', '# kind: …', one of {kinds}, "
            "and at most '# front: <number>'"
        )
    query = _HEAD.sub("", text).strip() + "\n"
    return int(front), Question(file.removesuffix(".rq"), head["question"], head["kind"], query)
