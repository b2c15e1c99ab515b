"""The pages of the documentation, cut into what can be run."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
_BLOCK = re.compile(
    r"(?:<!-- (?P<note>[a-z]+)(?::| of) (?P<value>[^>]*?) -->\n)?"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_LINK = re.compile(r"\]\((?P<target>[^)\s#]+)(?:#[^)]*)?\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `note` and `value` say of what it is the content or the output."""

    language: str
    text: str
    note: str
    value: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, from top to bottom."""
    found = _BLOCK.finditer(page.read_text("utf-8"))
    return [Block(m["language"], m["text"], m["note"] or "", m["value"] or "") for m in found]


def links(page: Path) -> list[str]:
    """The targets of a page's links, without fragments."""
    return [match["target"] for match in _LINK.finditer(page.read_text("utf-8"))]
