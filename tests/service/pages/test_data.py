"""Everything that programs can have, in one place, and the schema under the usual name."""

import re

import pytest
from flask.testing import FlaskClient

from graph.release import Release

BROWSER = {"Accept": "text/html"}


@pytest.fixture
def page(client: FlaskClient) -> str:
    return client.get("/data", headers=BROWSER, base_url="http://127.0.0.1:8123").text


def test_every_file_of_the_release_is_there(client: FlaskClient, page: str) -> None:
    listed = client.get("/exports/").get_json()["exports"]
    assert listed
    for export in listed:
        assert f'href="{export["address"]}"' in page, export["name"]


def test_endpoints_have_their_whole_addresses(page: str) -> None:
    for path in ("sparql", "api/v1/", "store", "catalog", "ns", "changes.atom"):
        text = page.replace("<wbr>", "")
        assert f"<code>http://127.0.0.1:8123/{path}</code>" in text, path


def test_code_to_copy_has_the_address_of_this_service(page: str) -> None:
    snippets = re.findall(r"<copy-link[^>]*><pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert len(snippets) >= 5
    assert all("http://127.0.0.1:8123/" in text for text in snippets)
    assert "http://www.w3.org/2004/02/skos/core#" in page


def test_the_release_can_be_cited(page: str, release: Release) -> None:
    assert f"/releases/{release.id}/citation.bib" in page
    assert f"/releases/{release.id}/CITATION.cff" in page
    assert f"@misc{{therascape-{release.id[:12]}" in page


def test_programs_get_a_list(client: FlaskClient, release: Release) -> None:
    found = client.get("/data").get_json()
    assert found == client.get("/data.json").get_json()
    assert found["release"] == release.id
    assert found["releases"] == [release.id]
    for address in (*found["endpoints"].values(), *found["citation"].values()):
        assert client.get(address).status_code in {200, 400}, address  # /store wants a graph
    assert client.get(found["exports"][0]["address"]).status_code == 200


def test_it_cannot_be_kept_to_a_release_and_says_so(page: str) -> None:
    assert "This page cannot be kept to a release." in page
    assert "release=" not in re.sub(r"<code>release=[0-9a-f]+</code>", "", page)


def test_the_schema_is_the_vocabulary(client: FlaskClient) -> None:
    assert client.get("/schema").location == "/ns"
    page = client.get("/ns", headers=BROWSER).text
    row = re.search(r'<a href="#MarketFigure">.*?</tr>', page, re.DOTALL)
    assert row
    assert "<code>kg:MarketFigure</code>" in row[0]
    assert re.search(r'<td class="number">30</td>', row[0])
    for name in re.findall(r'<tr><th scope="row"><a href="#(\w+)">', page):
        assert f'id="{name}"' in page
