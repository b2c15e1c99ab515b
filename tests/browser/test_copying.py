"""What a reader copies is on the clipboard: addresses, code, and tables with their format."""

import struct
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.driving import Locator, Page, expect

pytestmark = pytest.mark.timeout(180)

READ = """async (kind) => {
  const [item] = await navigator.clipboard.read();
  return item.types.includes(kind) ? (await item.getType(kind)).text() : "";
}"""
HAS = "async (kind) => (await navigator.clipboard.read())[0].types.includes(kind)"
MARKET = "/markets/latin-america-cell-and-gene-therapy-market"


@pytest.fixture
def page(open_page: Open) -> Page:
    """A page that may use the clipboard."""
    return open_page(permissions=["clipboard-read", "clipboard-write"])


def copied(page: Page, button: Locator, kind: str = "text/plain") -> str:
    """Press a button that copies; return what the clipboard has then."""
    page.evaluate("navigator.clipboard.writeText('before')")
    button.click()
    expect(button).to_contain_text("Copied")  # it may still say so of the last time
    page.wait_for_function("navigator.clipboard.readText().then((text) => text !== 'before')")
    if kind != "text/plain":
        page.wait_for_function(HAS, arg=kind)  # the kinds are not there at the same moment
    return str(page.evaluate(READ, kind))


def test_both_addresses_of_a_page(page: Page) -> None:
    page.goto("/landscape?rows=group")
    page.locator("details.share > summary").click()
    this, latest = (page.locator("details.share copy-link").nth(number) for number in (0, 1))
    first = copied(page, this.get_by_role("button"))
    assert "rows=group" in first
    assert "release=" in first
    assert copied(page, latest.get_by_role("button")) == page.url
    assert page.goto(first).status == 200  # type: ignore[union-attr]


def test_code_is_copied_as_it_stands(page: Page) -> None:
    page.goto("/data#tools")
    blocks = page.locator("copy-link:has(pre)")
    assert blocks.count() > 3
    for number in range(blocks.count()):
        block = blocks.nth(number)
        assert copied(page, block.get_by_role("button")) == block.locator("pre").text_content()


def test_programs_of_a_result_are_copied(page: Page) -> None:
    page.goto("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D")
    page.locator("details.programs > summary").click()
    blocks = page.locator("copy-code")
    assert blocks.count() == 4
    for number in range(4):
        block = blocks.nth(number)
        assert copied(page, block.get_by_role("button")) == block.locator("pre").text_content()


@pytest.mark.parametrize("address", ["/markets", MARKET, "/timeline", "/explore?view=table"])
def test_a_table_is_copied_with_its_format_and_its_footnote(page: Page, address: str) -> None:
    page.goto(address)
    button = page.locator("copy-table button").first
    text = copied(page, button)
    rich = copied(page, button, "text/html")
    lines = text.split("\n")
    assert "\t" in lines[1]
    assert "release " in lines[-1]
    assert "report" in lines[-1]
    found: dict[str, int] = page.evaluate(
        """(markup) => {
          const made = new DOMParser().parseFromString(markup, "text/html");
          const foreign = made.querySelectorAll("script, style, svg, button, [class], [onclick]");
          return { rows: made.querySelectorAll("tr").length, foreign: foreign.length,
                   lines: made.querySelectorAll("p").length };
        }""",
        rich,
    )
    assert found["foreign"] == 0
    assert found["lines"] == 1
    assert found["rows"] == sum("\t" in line for line in lines[:-1])
    shown = page.locator("copy-table").first.evaluate(
        """(from) => [...document.querySelectorAll("table")].find((table) =>
          from.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING).rows.length"""
    )
    assert found["rows"] == shown


def test_a_png_has_the_footnote_below_the_picture(page: Page, tmp_path: Path) -> None:
    page.goto(MARKET)
    button = page.locator("save-png button").first
    shown = page.evaluate(
        """() => [...document.querySelectorAll("svg:not(.mark)")]
          .map((svg) => svg.getBoundingClientRect()).find((box) => box.width > 0).toJSON()"""
    )
    with page.expect_download() as caught:
        button.click()
    kept = tmp_path / "picture.png"
    caught.value.save_as(kept)
    data = kept.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width == round(shown["width"] * 2)
    assert height > round(shown["height"] * 2) + 30, "a line stands below it"
