"""What this is, its words, its limits, and how it is cited."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.release import Release

BROWSER = {"Accept": "text/html"}


def test_it_names_what_was_read_and_how_to_cite_it(client: FlaskClient, release: Release) -> None:
    page = client.get("/about", headers=BROWSER).text
    assert "what 2 reports say" in page
    assert f"{release.manifest['counts']['statements']:,} statements" in page
    assert 'href="/source/first-report"' in page
    assert release.id in page
    assert f"/releases/{release.id}/citation.bib" in page
    assert "creativecommons.org/licenses/by/4.0/" in page


def test_it_has_its_parts(client: FlaskClient) -> None:
    page = client.get("/about", headers=BROWSER).text
    parts = ("what", "method", "words", "limits", "problem", "cite", "licence", "reports")
    assert set(parts) <= set(re.findall(r'<h2 id="([\w-]+)">', page))


@pytest.mark.parametrize("word", ["observed", "actual", "dashboard"])
def test_words_that_are_not_of_the_trade_are_not_used(client: FlaskClient, word: str) -> None:
    text = re.sub(r"<[^>]+>", " ", client.get("/about", headers=BROWSER).text)
    assert not re.search(rf"\b{word}\b", text, re.IGNORECASE)


def test_it_leads_to_where_problems_are_told(app: Flask, client: FlaskClient) -> None:
    page = client.get("/about", headers=BROWSER).text
    part = page.partition('id="problem"')[2].partition("<h2")[0]
    there = {"report_problem", "problem_report", "report"} & app.view_functions.keys()
    assert ("<a href=" in part) == bool(there)
