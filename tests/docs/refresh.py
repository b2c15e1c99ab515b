"""Writes what comes out into the pages and notebooks: `python -m tests.docs.refresh`."""

import re
import tempfile
from pathlib import Path

from tests.docs.commands import typed
from tests.docs.markdown import NOTEBOOKS, ROOT
from tests.docs.notebooks import executed
from tests.docs.serving import ADDRESS, serving

#: The pages that show what comes out.
SHOWING = (ROOT / "README.md", ROOT / "docs" / "query-patterns.md")
_SERVE = re.compile(
    r"(<!-- output of make serve -->\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE
)
_QUERY = re.compile(
    r"(^```sparql\n(?P<query>.*?)^```\n\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE
)


def refreshed(text: str, data: Path, built: str) -> str:
    """A page with the present outputs, by the release in the folder `data`."""
    release = re.findall(r"^Release ([0-9a-f]{12})", built, re.MULTILINE)[0]
    statements = re.findall(r"^([\d,]+) statements", built, re.MULTILINE)[0]
    serving = (
        f"{built}Therascape is on {ADDRESS}/ (release {release}, {statements} statements)."
        " Ctrl-C stops it.\n"
    )
    text = _SERVE.sub(lambda m: m[1] + _trimmed(serving) + m[3], text)
    return _QUERY.sub(lambda m: m[1] + _trimmed(therascape(data, "query", m["query"])) + m[4], text)


def therascape(data: Path, *arguments: str) -> str:
    """What the command prints of the release in `data`."""
    return typed(*arguments, "--data", str(data))


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def _refresh(data: Path) -> None:
    printed = therascape(data, "build")
    for page in SHOWING:
        text = refreshed(page.read_text("utf-8"), data, printed)
        page.write_text(text, "utf-8")
    with serving(data) as service:
        for notebook in NOTEBOOKS:
            notebook.write_text(executed(notebook, service), "utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        _refresh(Path(folder))
