"""The Containerfile, cut into instructions."""

import re
from typing import NamedTuple

from tests.docs.markdown import ROOT


class Instruction(NamedTuple):
    """One of them: `stage` counts from 0, `text` is on one line."""

    stage: int
    name: str
    text: str


def instructions() -> list[Instruction]:
    """All of them, in order."""
    text = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found: list[Instruction] = []
    stage = -1
    for line in re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).splitlines():
        name, _, rest = line.partition(" ")
        stage += name == "FROM"
        found.append(Instruction(stage, name, rest))
    return found


def of(name: str, stage: int | None = None) -> list[str]:
    """What follows the instructions of this name."""
    return [i.text for i in instructions() if i.name == name and stage in (None, i.stage)]


def copied() -> list[str]:
    """What the first stage takes from the checkout."""
    return [source for text in of("COPY", 0) for source in text.split()[:-1]]
