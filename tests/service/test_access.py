"""Who may write and who may look: tokens, their files, and what is told to the rest."""

import base64
import hashlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store
from werkzeug.datastructures import Authorization

from graph.query import EmbeddedEngine
from graph.release import Release
from service.access import Access
from service.app import create_app
from service.refusals import TokenNeeded, TokenUnknown, WritesOff
from service.settings import InvalidSetting, Settings, load_settings
from service.tokens import hashed
from tests.service.fakes import StoreWriter

TOKEN, OTHER = "Zm9v-the-first-token", "another.token~of/ours+="
HASH = f"sha256:{hashlib.sha256(OTHER.encode()).hexdigest()}"
UPDATE = "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> <urn:c> } }"


def bearer(token: str) -> Authorization:
    return Authorization("bearer", token=token)


def client(release: Release, settings: Settings) -> FlaskClient:
    store = Store()
    writer = StoreWriter(store, {"base": "https://w3id.org/therascape/"})
    engine = EmbeddedEngine(store, {})
    return create_app(engine, release, settings=settings, writer=writer).test_client()


def tokens_file(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "tokens"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return str(path)


def test_a_file_of_tokens(tmp_path: Path) -> None:
    text = f"# ours\n\n  Ada Lovelace {TOKEN}  \nbot {HASH.upper().replace('SHA256', 'sha256')}\n"
    access = Access.of(Settings(write_token_file=tokens_file(tmp_path, text)))
    assert access.writer(bearer(TOKEN)) == "Ada Lovelace"
    assert access.writer(bearer(OTHER)) == "bot"
    assert access.notes == ()
    for wrong in (TOKEN.upper(), TOKEN[:-1], HASH, f"{TOKEN} ", "Ada"):
        with pytest.raises(TokenUnknown):
            access.writer(bearer(wrong))


def test_a_token_without_a_name_is_known_by_its_hash() -> None:
    access = Access.of(Settings(write_token=hashed(OTHER)))
    assert access.writer(bearer(OTHER)) == f"token-{HASH[7:15]}"


def test_only_hashes_are_kept(tmp_path: Path) -> None:
    file = tokens_file(tmp_path, f"ada {TOKEN}\n")
    settings = load_settings({"write_token_file": file}, {"THERASCAPE_ADMIN_TOKEN": OTHER})
    assert settings.admin_token == HASH
    assert TOKEN not in repr(Access.of(settings))
    assert OTHER not in repr((settings, Access.of(settings)))


@given(st.text(min_size=1, max_size=60))
def test_no_other_text_is_let_in(text: str) -> None:
    access = Access.of(Settings(write_token=hashed(TOKEN)))
    if text != TOKEN:
        with pytest.raises(TokenUnknown):
            access.writer(bearer(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no token"),
        ("# nothing\n", "no token"),
        ("ada toké\n", "line 1"),
        (f"ada {TOKEN}\nbob sha256:12\n", "line 2.*64"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_line(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tokens_file(tmp_path, text)
    with pytest.raises(InvalidSetting, match=f"--write-token-file.*{message}") as refusal:
        Access.of(Settings(write_token_file=file))
    assert "toké" not in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"THERASCAPE_ADMIN_TOKEN_FILE.*No such file"):
        Access.of(Settings(admin_token_file=str(tmp_path / "nope")))


@pytest.mark.parametrize(
    ("line", "mode", "notes"),
    [(TOKEN, 0o644, 1), (TOKEN, 0o640, 1), (TOKEN, 0o600, 0), (HASH, 0o644, 0)],
)
def test_tokens_that_others_can_read_are_told_of(
    tmp_path: Path, line: str, mode: int, notes: int
) -> None:
    access = Access.of(Settings(write_token_file=tokens_file(tmp_path, line, mode)))
    assert len(access.notes) == notes
    assert TOKEN not in "".join(access.notes)


def test_a_token_that_opens_nothing_at_a_replica_is_told_of(tmp_path: Path) -> None:
    file = tokens_file(tmp_path, HASH)
    given = Settings(follow="http://publisher.example/", write_token_file=file, admin_token=HASH)
    (note,) = Access.of(given).notes
    assert "--write-token-file" in note
    assert "http://publisher.example/" in note


def test_a_token_in_the_environment_must_be_one() -> None:
    with pytest.raises(InvalidSetting, match="THERASCAPE_WRITE_TOKEN") as refusal:
        load_settings({}, {"THERASCAPE_WRITE_TOKEN": "two words"})
    assert "two words" not in str(refusal.value)


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer {TOKEN}", basic(f"any:{TOKEN}")])
def test_a_write_with_a_token(release: Release, header: str) -> None:
    answers = client(release, Settings(write_token=hashed(TOKEN)))
    headers = {"Authorization": header}
    response = answers.post("/sparql", data={"update": UPDATE}, headers=headers)
    assert response.status_code == 204


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (None, True),
        ("", True),
        ("Bearer", True),
        ("Basic !!!", True),
        ("Digest username=x", True),
        (basic("any:"), True),
        ("Bearer the-token-of-somebody", False),
        (basic("any:wrong"), False),
        (basic(f"{TOKEN}:wrong"), False),
    ],
)
def test_a_write_without_the_token(release: Release, header: str | None, known: bool) -> None:
    answers = client(release, Settings(write_token=hashed(TOKEN)))
    headers = {} if header is None else {"Authorization": header}
    response = answers.post("/sparql", data={"update": UPDATE}, headers=headers)
    assert response.status_code == 401
    challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="')
    assert ('error="invalid_token"' in challenge) is not known
    assert response.get_json()["type"].endswith("#token-needed")


@pytest.mark.parametrize(
    ("settings", "type_"),
    [
        (Settings(), "writes-off"),
        (Settings(read_only=True), "read-only"),
        (Settings(engine="http://x.example/", write_token=hashed(TOKEN)), "read-only"),
        (Settings(read_only=True, write_token=hashed(TOKEN)), "read-only"),
        (Settings(admin_token=hashed(TOKEN)), "writes-off"),
    ],
)
@pytest.mark.parametrize("path", ["/sparql", "/store?graph=urn:x"])
def test_writes_are_off_unless_allowed(
    release: Release, settings: Settings, type_: str, path: str
) -> None:
    response = client(release, settings).post(
        path,
        data=UPDATE if path == "/sparql" else "",
        content_type="application/sparql-update" if path == "/sparql" else "text/turtle",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    assert response.status_code == 403
    assert response.get_json()["type"].endswith(f"#{type_}")


def test_a_service_whose_engine_cannot_be_written_to_says_so(release: Release) -> None:
    engine = EmbeddedEngine.over(release)
    app = create_app(engine, release, settings=Settings(write_token=hashed(TOKEN)))
    response = app.test_client().post(
        "/sparql", data={"update": UPDATE}, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert response.status_code == 403
    assert app.test_client().get("/health").get_json()["writes"] == "off"


def test_without_any_token_there_is_nobody() -> None:
    with pytest.raises(WritesOff):
        Access().writer(bearer(TOKEN))
    with pytest.raises(TokenNeeded):
        Access.of(Settings(write_token=hashed(TOKEN))).writer(None)
