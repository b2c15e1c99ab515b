"""Static files: what was made of web/, and what there is where nothing could be made."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service import assets as module
from service.assets import BUILT, PLAIN, Assets, assets, plain_style, read_assets

BROWSER = {"Accept": "text/html"}
SOURCES = Path(__file__).parents[2] / "web"
#: Whatever makes a browser fetch something from elsewhere.
FOREIGN = re.compile(r"""(?:url\(|\bfrom|\bimport\b\s*\(?)\s*["']?(?:https?:)?//""")

made = pytest.mark.skipif(bool(assets().missing), reason="no bundle here: `make web` makes it")


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Assets:
    """A service whose scripts could not be made."""
    (tmp_path / "without.txt").write_text("the npm registry could not be reached (ENOTFOUND)\n")
    found = read_assets(tmp_path)
    monkeypatch.setattr(module, "assets", lambda: found)
    return found


@made
def test_every_source_that_is_an_entry_has_a_hashed_file() -> None:
    styles = {file.name for file in (SOURCES / "styles").glob("*.css")}
    scripts = {f"{file.stem}.js" for file in (SOURCES / "src").glob("*.ts")}
    blocking = {f"{file.stem}.js" for file in (SOURCES / "src" / "blocking").glob("*.ts")}
    names = assets().names
    assert styles | scripts | blocking <= names.keys()
    for name in (*styles, *scripts):
        stem, _, suffix = name.rpartition(".")
        assert re.fullmatch(rf"{stem}-[A-Z0-9]{{8}}\.{suffix}", names[name])


@made
def test_files_that_were_made_are_kept_for_ever(client: FlaskClient) -> None:
    for name, expected in (
        ("base.css", "text/css; charset=utf-8"),
        ("base.js", "text/javascript; charset=utf-8"),
        ("theme.js", "text/javascript; charset=utf-8"),
        ("ibm-plex-sans-latin-wght-normal.woff2", "font/woff2"),
    ):
        response = client.get(f"/static/{assets().names[name]}")
        assert response.content_type == expected
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        again = client.get(
            response.request.path, headers={"If-None-Match": response.headers["ETag"]}
        )
        assert again.status_code == 304


@made
@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_text_is_compressed_and_fonts_are_not(client: FlaskClient, coding: str) -> None:
    accepted = {"Accept-Encoding": coding}
    names = assets().names
    for name in ("base.css", "base.js"):
        assert client.get(f"/static/{names[name]}", headers=accepted).content_encoding == coding
    font = names["ibm-plex-mono-latin-400-normal.woff2"]
    assert client.get(f"/static/{font}", headers=accepted).content_encoding is None


@made
def test_nothing_that_was_made_leads_elsewhere() -> None:
    for name, file in assets().found.items():
        if name.endswith((".css", ".js")):
            text = file.data.decode("utf-8")
            assert not FOREIGN.search(text), name
            # What a style or a module asks for is there, under its name.
            asked = re.findall(r"""(?:url\(|from|import\(?)\s*["']?\./([\w.-]+)""", text)
            assert set(asked) <= assets().found.keys()


@pytest.mark.parametrize(
    "text", ['url("https://a.example/x")', "url(//a.example)", 'from"http://a"', 'import("//a")']
)
def test_the_pattern_finds_what_it_is_for(text: str) -> None:
    assert FOREIGN.search(text)


@made
def test_fonts_are_swapped_in_and_are_ours() -> None:
    style = assets().found[assets().names["base.css"]].data.decode("utf-8")
    faces = re.findall(r"@font-face\{(.*?)\}", style)
    assert len(faces) == 4
    for face in faces:
        assert "font-display:swap" in face
        assert re.search(
            r'src:url\("?\./ibm-plex-(sans|mono)-latin(-ext)?-(400|wght)-normal-', face
        )


@made
def test_notices_name_all_that_is_used_with_the_licence(client: FlaskClient) -> None:
    page = client.get("/", headers=BROWSER).text
    assert 'href="/static/notices.txt?v=' in page
    response = client.get("/static/notices.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    for name in ("@fontsource-variable/ibm-plex-sans", "@fontsource/ibm-plex-mono"):
        (part,) = (one for one in response.text.split("-" * 72) if one.lstrip().startswith(name))
        assert "Licence: OFL-1.1" in part
        assert "SIL OPEN FONT LICENSE" in part


@made
def test_a_wrong_name_fails_where_it_is_written(client: FlaskClient) -> None:
    with client.application.test_request_context(), pytest.raises(KeyError):
        module.asset("nonsense.css")
    with client.application.test_request_context(), pytest.raises(KeyError):
        module.script("nonsense.js")


@made
def test_pages_have_their_scripts_and_say_nothing_of_it(client: FlaskClient) -> None:
    page = client.get("/", headers=BROWSER).text
    theme, base = (f'src="/static/{assets().names[name]}"' for name in ("theme.js", "base.js"))
    assert page.index(theme) < page.index(base) < page.index('rel="stylesheet"')
    assert f'<script type="module" {base}>' in page
    assert "without its scripts" not in page


@pytest.mark.usefixtures("plain")
def test_without_a_bundle_pages_have_styles_and_say_what_they_lack(client: FlaskClient) -> None:
    page = client.get("/", headers=BROWSER).text
    reason = "made without its scripts: the npm registry could not be reached (ENOTFOUND)"
    assert reason in page
    assert 'src="/static/' not in page
    assert 'as="font"' not in page
    assert "notices" not in page
    address = re.search(r'rel="stylesheet" href="([^"]+)"', page)
    assert address
    style = client.get(address[1])
    assert style.content_type == "text/css; charset=utf-8"
    assert "immutable" in style.headers["Cache-Control"]
    assert client.get("/static/base.css").headers["Cache-Control"] == "no-cache"


def test_a_plain_style_is_whole_and_has_no_fonts(plain: Assets) -> None:
    text = plain.found["base.css"].data.decode("utf-8")
    assert "@import" not in text
    assert "@font-face" not in text
    assert "url(" not in text
    for part in (SOURCES / "styles" / "parts").glob("*.css"):
        rest = plain_style(part)
        assert rest in text
    assert {file.name for file in (SOURCES / "styles").glob("*.css")} <= plain.names.keys()


def test_what_was_never_made_says_so(tmp_path: Path) -> None:
    assert read_assets(tmp_path).missing == "this checkout is not installed"


def test_an_installed_distribution_has_its_plain_styles_beside_it(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "base.css").write_text("p { margin: 0 }\n")
    found = read_assets(tmp_path / "built", (tmp_path / "styles", *PLAIN))
    assert found.found["base.css"].data == b"p { margin: 0 }\n"
    assert BUILT.parent / "styles" == PLAIN[0]
