"""Competency questions: queries that the graph must answer, offered as examples.

A question is a file of its own here. Its first lines are `# question: …` and `# kind: …`; the rest
is one query that needs no prefixes beyond the predefined ones. Expected answers, written from the
reports, are in `tests/questions/`.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph.errors import GraphError

KINDS = frozenset(
    {
        *("lookup", "join", "traversal", "aggregate", "negative", "data-quality"),
        *("time-slice", "provenance", "decision"),
    }
)
_HEAD = re.compile(r"^# (question|kind): (.+)$", re.MULTILINE)


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
    """Every question, by id."""
    entries = (entry for entry in files("graph.questions").iterdir() if entry.name.endswith(".rq"))
    found = [_question(entry.name, entry.read_text("utf-8")) for entry in entries]
    return tuple(sorted(found, key=lambda question: question.id))


def _question(file: str, text: str) -> Question:
    head = dict(_HEAD.findall(text))
    if "question" not in head or head.get("kind") not in KINDS:
        kinds = ", ".join(sorted(KINDS))
        raise QuestionError(
            f"graph/questions/{file}: begin with '# question: …' and '# kind: …', one of {kinds}"
        )
    query = _HEAD.sub("", text).strip() + "\n"
    return Question(file.removesuffix(".rq"), head["question"], head["kind"], query)
