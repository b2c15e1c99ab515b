"""Every link inside the documentation leads somewhere."""

from pathlib import Path

import pytest

from tests.docs.markdown import NOTEBOOKS, PAGES, ROOT, links


@pytest.mark.parametrize("page", [*PAGES, *NOTEBOOKS], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_to_files(page: Path) -> None:
    """A page links to no file that is not there."""
    local = [target for target in links(page) if not target.startswith(("http:", "https:"))]
    assert [target for target in local if not (page.parent / target).exists()] == []
