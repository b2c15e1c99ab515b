"""Colours by what they are for, in light, dark and print.

A chart that follows its reader has each colour as a presentation attribute and, by a class, as a
custom property: programs that know no properties still have the first. In a page it takes the
properties of the page.
"""

from dataclasses import dataclass
from typing import Literal

Theme = Literal["auto", "light", "dark"]

LIGHT = {
    "bg": "#fff",
    "ink": "#12212b",
    "ink2": "#4d5f6c",
    "line": "#d5dee3",
    "line2": "#b3c0c8",
    "fan-95": "#dbe8ee",
    "fan-80": "#b5cfdd",
    "fan-50": "#86b1c9",
    "fan-edge": "#4f7f99",
    "fan-median": "#0b4a6f",
    "published": "#b8401a",
    "aside": "#4d5f6c",
}
DARK = {
    "bg": "#0f171c",
    "ink": "#e6edf1",
    "ink2": "#9db0bc",
    "line": "#2a3a44",
    "line2": "#435763",
    "fan-95": "#17303d",
    "fan-80": "#1f4559",
    "fan-50": "#2e6482",
    "fan-edge": "#5b93b3",
    "fan-median": "#a9d8f5",
    "published": "#f0956f",
    "aside": "#9db0bc",
}
PRINT = {
    "bg": "#fff",
    "ink": "#000",
    "ink2": "#333",
    "line": "#bbb",
    "line2": "#999",
    "fan-95": "#e8e8e8",
    "fan-80": "#cfcfcf",
    "fan-50": "#adadad",
    "fan-edge": "#555",
    "fan-median": "#000",
    "published": "#000",
    "aside": "#555",
}
OWN = ("fan-95", "fan-80", "fan-50", "fan-edge", "fan-median", "published", "aside")
"""The tokens that a page has only for charts."""


@dataclass(frozen=True, slots=True)
class Paint:
    """How the colours of one chart are written."""

    theme: Theme
    standalone: bool

    def __call__(self, *, fill: str = "none", stroke: str = "none") -> dict[str, str | float]:
        """Attributes that give an element its colours, by token; "none" paints nothing."""
        out: dict[str, str | float] = {}
        if self.theme == "auto" and self.standalone:
            classes = [
                f"{kind}-{token}" for kind, token in (("f", fill), ("s", stroke)) if token in LIGHT
            ]
            if classes:
                out["class"] = " ".join(classes)
        out["fill"] = self._colour(fill)
        if stroke != "none":
            out["stroke"] = self._colour(stroke)
        return out

    def _colour(self, token: str) -> str:
        if token not in LIGHT:
            return token  # "none", or a pattern of the chart
        if self.theme == "auto" and not self.standalone:
            return f"var(--{token}, {LIGHT[token]})"
        return (DARK if self.theme == "dark" else LIGHT)[token]


def style(root: str) -> str:
    """The rules of a file of its own that follows its reader, within the element with an id."""
    rules = [
        f"#{root} .f-{name}{{fill:var(--{name})}}#{root} .s-{name}{{stroke:var(--{name})}}"
        for name in LIGHT
    ]
    return "\n".join(
        [
            f"#{root}{{{_properties(LIGHT)}}}",
            f"@media (prefers-color-scheme:dark){{#{root}{{{_properties(DARK)}}}}}",
            f"@media print{{#{root}{{{_properties(PRINT)}}}}}",
            *rules,
        ]
    )


def page_style() -> str:
    """What the style sheet of a page needs, so that charts within it follow its reader.

    The other tokens are those that the pages have for themselves.
    """
    light, dark, prints = (
        _properties({name: table[name] for name in OWN}) for table in (LIGHT, DARK, PRINT)
    )
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
        f"@media print{{:root{{{prints}}}}}\n"
    )


def _properties(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())
