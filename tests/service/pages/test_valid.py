"""Every page is valid HTML, every picture and the feed are well-formed XML."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.browser.pages import MARKET, PAGES, SAVED
from tests.service.pages.whole import Given
from tests.web.tools import run, tools

# Whoever is first builds the seeds and asks for every page.
pytestmark = pytest.mark.timeout(300)

_SVG = "{http://www.w3.org/2000/svg}"
_ATOM = "{http://www.w3.org/2005/Atom}"
#: What the Standard says, and nothing about style.
_RULES = {"root": True, "extends": ["html-validate:standard"]}
PICTURES = (
    "/landscape.svg",
    "/landscape.svg?width=narrow",
    "/explore.svg",
    "/explore.svg?view=network&focus=agent/novartis",
    "/timeline.svg",
    f"/markets/{MARKET}.svg",
    "/api/v1/questions/forecast.svg?market=id/market/" + MARKET,
)


@pytest.fixture(scope="module")
def faults(given_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """What is wrong with each file, by its name."""
    tools(tmp_path_factory)
    rules = tmp_path_factory.mktemp("valid") / "rules.json"
    rules.write_text(json.dumps(_RULES))
    return _faults(rules, *sorted(given_folder.glob("*.html")))


def _faults(rules: Path, *files: Path) -> Mapping[str, list[str]]:
    script = "html-validate/bin/html-validate.mjs"
    done = run(script, "--config", str(rules), "--formatter", "json", *map(str, files))
    assert done.stdout.startswith("["), done.stdout + done.stderr
    found: dict[str, list[str]] = {file.stem: [] for file in files}
    for file in json.loads(done.stdout):
        found[Path(file["filePath"]).stem] += [
            f"line {one['line']}: {one['message']} ({one['ruleId']})" for one in file["messages"]
        ]
    return found


@pytest.mark.parametrize("name", [one.name for one in (*PAGES, *SAVED)])
def test_every_page_is_valid(faults: Mapping[str, list[str]], name: str) -> None:
    assert faults[name] == []


@pytest.mark.usefixtures("faults")  # the validator is there
def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(_RULES))
    page = "<!doctype html><html lang='en'><head><title>t</title></head><body>{}</body></html>"
    for name, wrong in (
        ("nested", "<p><div></div></p>"),
        ("twice", "<p id='a'></p><p id='a'></p>"),
        ("open", "<ul><li><b>x</li></ul>"),
        ("unknown", "<p><id></p>"),
        ("inside", "<a href='/x'><a href='/y'>y</a></a>"),
        ("attribute", "<input type='wrong'>"),
    ):
        (tmp_path / f"{name}.html").write_text(page.format(wrong))
    found = _faults(rules, *tmp_path.glob("*.html"))
    assert all(found.values()), found


def _elements(given: Given) -> Iterator[str]:
    """The SVG elements of a page, as they are written."""
    rest = given.text
    while "<svg" in rest:
        _, _, rest = rest.partition("<svg")
        inner, end, rest = rest.partition("</svg>")
        assert end, "an SVG element does not end"
        yield f"<svg{inner}</svg>"


@pytest.mark.parametrize("name", [one.name for one in PAGES])
def test_every_picture_of_a_page_is_sound(given: Mapping[str, Given], name: str) -> None:
    for text in _elements(given[name]):
        # Within HTML the name space goes without saying.
        named = "" if "xmlns" in text.partition(">")[0] else ' xmlns="http://www.w3.org/2000/svg"'
        root = ElementTree.fromstring(text.replace("<svg", f"<svg{named}", 1))
        if root.get("aria-hidden") == "true":
            continue
        _has_words(root)


@pytest.mark.parametrize("address", PICTURES)
def test_every_picture_as_a_file_is_sound(whole: FlaskClient, address: str) -> None:
    response = whole.get(address)
    assert response.status_code == 200, response.text[:500]
    assert response.mimetype == "image/svg+xml"
    _has_words(ElementTree.fromstring(response.text))


def _has_words(root: ElementTree.Element) -> None:
    """It has a title and a description, and is known by them."""
    title, told = root.find(f"{_SVG}title"), root.find(f"{_SVG}desc")
    assert title is not None
    assert "".join(title.itertext()).strip()
    assert told is not None
    assert "".join(told.itertext()).strip()
    labels = (root.get("aria-labelledby") or "").split()
    assert {title.get("id")} <= set(labels)


def test_the_feed_is_sound(whole: FlaskClient) -> None:
    response = whole.get("/changes.atom")
    feed = ElementTree.fromstring(response.text)
    assert feed.tag == f"{_ATOM}feed"
    entries = feed.findall(f"{_ATOM}entry")
    assert len(entries) >= 1
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            (child,) = one.findall(f"{_ATOM}{name}")
            assert (child.text or "").strip()
    assert len({one.findtext(f"{_ATOM}id") for one in entries}) == len(entries)
    assert any(one.find(f"{_ATOM}author") is not None for one in (feed, *entries))
