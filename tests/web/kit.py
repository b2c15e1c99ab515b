"""Every part that pages are made of, on one page: `python -m tests.web.kit OUT.html` writes it.

The file has the styles within it, so that it can be looked at without a service.
"""

import re
import sys
import tempfile
from pathlib import Path

from flask import Flask, render_template_string

from graph.query import EmbeddedEngine
from service.app import create_app
from service.assets import PLAIN, plain_style
from tests.service.dataset import publish

HOSTILE = "<script>alert(1)</script> \"'&; \u202eright to left\u202c 🧬"
_TEMPLATE = (Path(__file__).parent / "kit.html").read_text(encoding="utf-8")


def kit_page(app: Flask) -> str:
    """Return the page as the application makes it."""
    with app.test_request_context("/"):
        return render_template_string(_TEMPLATE, hostile=HOSTILE)


def main(out: Path) -> None:
    """Write the page with its styles."""
    with tempfile.TemporaryDirectory() as folder:
        release = publish(Path(folder))
        page = kit_page(create_app(EmbeddedEngine.over(release), release))
    styles = "".join(plain_style(one / "base.css") for one in PLAIN if one.is_dir())
    page = re.sub(r'<(?:script|link) [^>]*"/static/[^>]*>(?:</script>)?\n?', "", page)
    out.write_text(page.replace("</head>", f"<style>{styles}</style></head>"), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
