"""What a reader takes away from a page: files, and what is copied."""

import csv
from pathlib import Path
from urllib.parse import unquote

from tests.browser.driving import Locator, Page


def file_of(page: Page, link: Locator) -> Path:
    """Choose what gives a file, and wait until it is there."""
    with page.expect_download() as begun:
        link.click()
    return Path(begun.value.path())


def file_by_key(page: Page, key: str = "Enter") -> Path:
    """The same by a key, on what has the focus."""
    with page.expect_download() as begun:
        page.keyboard.press(key)
    return Path(begun.value.path())


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def words_at_publisher(link: Locator) -> str:
    """The words that a link to a publisher's page leads to, of which it has one piece."""
    address, mark, text = (link.get_attribute("href") or "").partition("#:~:text=")
    assert address.startswith("https://"), address
    assert mark, "it leads to the page as a whole"
    return unquote(text)


def copied(page: Page) -> str:
    """The text on the clipboard, which the context must be allowed to read."""
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text
