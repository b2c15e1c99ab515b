"""Pages of the documentation that users of a running service need, rendered from `docs/`.

`service/documents/` has links to them, so that they are in the wheel too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from flask import abort, render_template, url_for
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

# The methods of a renderer are given more than they need.
# ruff: noqa: ARG002

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A page: `name` in addresses, its title, and its text in Markdown."""

    name: str
    title: str
    text: str


@cache
def documents() -> dict[str, Document]:
    """Every page by name."""
    found = {}
    folder = files("service") / "documents"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = entry.name.removesuffix(".md")
        if name != entry.name:
            text = entry.read_text("utf-8")
            title = _TITLE.search(text)
            assert title, f"{entry.name} begins with no title"
            found[name] = Document(name, title[1], text)
    return found


def document(name: str) -> str:
    """A page of the documentation; a query in it can be run from there."""
    found = documents().get(name)
    if found is None:
        abort(404, f"there is no page {name!r}; the pages are {', '.join(documents())}")
    content = Markup(_markdown().render(found.text))  # noqa: S704 - the text is ours
    return render_template("document.html", document=found, content=content)


def _markdown() -> MarkdownIt:
    # Comments in the text say which file a block is, and are not to be seen.
    return MarkdownIt("commonmark", {"html": True}, renderer_cls=_Renderer).enable("table")


class _Renderer(RendererHTML):
    """HTML with anchors, links between pages, and a link that runs a query."""

    def fence(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A block of code; a query has a link to the query page."""
        token = tokens[index]
        shown = f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>\n'
        if token.info != "sparql":
            return shown
        address = escape(url_for("sparql", query=token.content))
        run = f'<a class="run" href="{address}" aria-label="Run this query">Run</a>'
        return f'<div class="query">{shown}{run}</div>\n'

    def table_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A table scrolls by itself, so that the page does not."""
        env["tables"] = number = env.get("tables", 0) + 1
        region = f'<div class="scroll" role="region" aria-label="Table {number}" tabindex="0">'
        return f"{region}\n<table>\n"

    def table_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The end of both."""
        return "</table>\n</div>\n"

    def html_inline(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        """What stands in pointed brackets is meant as it is read: `claim:<id>` has no element."""
        content = tokens[index].content
        return content if content.startswith("<!--") else str(escape(content))

    def heading_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A heading that can be linked to, by its words as everywhere."""
        words = re.sub(r"[^\w\- ]", "", tokens[index + 1].content.lower())
        tokens[index].attrSet("id", quote(words.replace(" ", "-")))
        return self.renderToken(tokens, index, options, env)

    def link_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A link to another page leads to where that is served, or nowhere."""
        target = str(tokens[index].attrGet("href"))
        page, mark, anchor = target.partition("#")
        name = page.removesuffix(".md")
        if name in documents():
            tokens[index].attrSet("href", url_for("document", name=name) + mark + anchor)
        elif page and not page.startswith(("http://", "https://")):
            del tokens[index].attrs["href"]
        return self.renderToken(tokens, index, options, env)
