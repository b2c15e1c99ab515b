"""The parts that pages are made of: sound, escaped, and told apart by eye."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from service.assets import PLAIN
from tests.contrast import contrast
from tests.service.conftest import app, data, release
from tests.web import kit

__all__ = ("app", "data", "release")

VOID = {"meta", "link", "input", "wbr", "col", "br", "hr", "img"}
TOKENS = (PLAIN[1] / "parts" / "tokens.css").read_text(encoding="utf-8")
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", TOKENS)
}


class Tree(HTMLParser):
    """Notes what is opened and not closed, and every attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(
        self,
        tag: str,  # noqa: ARG002 - as it is called
        attrs: list[tuple[str, str | None]],
    ) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_part_is_sound(app: Flask) -> None:
    page = kit.kit_page(app)
    tree = Tree(page)
    assert tree.open == []
    names = [name for name, _ in tree.attributes]
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    ids = [value for name, value in tree.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_hostile_text_stays_text_in_every_part(app: Flask) -> None:
    page = kit.kit_page(app)
    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 8


def test_every_macro_is_shown(app: Flask) -> None:
    macros = Path(app.root_path, "templates", "macros.html").read_text(encoding="utf-8")
    shown = Path(kit.__file__).with_name("kit.html").read_text(encoding="utf-8")
    # These are shown by others, or on pages of the service.
    elsewhere = {"mark", "page_style", "page_script", "problem_box", "result_table", "example_list"}
    names = set(re.findall(r"\{% macro (\w+)\(", macros)) - elsewhere
    assert [name for name in sorted(names) if f"{name}(" not in shown] == []


def test_the_page_can_be_written(tmp_path: Path) -> None:
    kit.main(tmp_path / "kit.html")
    page = (tmp_path / "kit.html").read_text(encoding="utf-8")
    assert "--accent: light-dark(" in page
    assert "/static/" not in page.replace("/static/notices.txt", "")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("least", "upon", "tokens"),
    [
        (4.5, "bg", "ink ink2 accent fault warn company therapy region therapy-type indication"),
        (4.5, "sunken", "ink ink2 accent fault"),
        (4.5, "soft", "ink accent"),
        (4.5, "accent", "on"),
        (4.5, "level-0", "ink2"),
        (4.5, "level-1", "on-level-1"),
        (4.5, "level-2", "on-level-2"),
        (4.5, "level-3", "on-level-3"),
        (3, "bg", "field"),
        (3, "sunken", "field"),
    ],
)
def test_words_and_edges_can_be_told_from_their_ground(
    theme: int, least: float, upon: str, tokens: str
) -> None:
    for token in tokens.split():
        assert contrast(PAIRS[token][theme], PAIRS[upon][theme]) >= least, token


def test_no_part_names_a_colour_of_its_own() -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(")
    for file in PLAIN[1].rglob("*.css"):
        if file.name == "tokens.css":
            continue
        text = file.read_text(encoding="utf-8").replace("rgb(0 0 0 / 45%)", "")  # behind a dialog
        assert not colour.search(text), file.name
