"""Passwords and tokens for a database elsewhere, from the environment and from files."""

from pathlib import Path

import pytest

from graph.remote import Credentials
from service.credentials import credentials_of
from service.settings import InvalidSetting, Settings


def kept(folder: Path, data: bytes, mode: int = 0o600) -> str:
    file = folder / "secret"
    file.write_bytes(data)
    file.chmod(mode)
    return str(file)


@pytest.mark.parametrize("data", [b"geheim es", b"geheim es\n", b"geheim es\r\n"])
def test_a_password_from_a_file(tmp_path: Path, data: bytes) -> None:
    settings = Settings(engine_user="me", engine_password_file=kept(tmp_path, data))
    found = credentials_of(settings)
    assert found == Credentials("me", "geheim es")
    assert "geheim" not in repr(found) + repr(settings)


def test_a_token_from_a_file_is_read_anew(tmp_path: Path) -> None:
    settings = Settings(engine_token_file=kept(tmp_path, b"one\n"))
    assert credentials_of(settings).token == "one"
    kept(tmp_path, b"two\n")
    assert credentials_of(settings).token == "two"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "one line is expected"),
        (b"\n", "one line is expected"),
        (b"geheim\nmore\n", "one line is expected"),
        (b"geheim\x1b[2J", "one line is expected"),
        (b"geheim" * 20_000, "one line is expected"),
        (b"geheim\xff", "byte 6 is not UTF-8"),
    ],
    ids=["nothing", "no line", "lines", "control", "long", "Latin-1"],  # a part of the path
)
def test_what_is_no_secret(tmp_path: Path, data: bytes, said: str) -> None:
    for name in ("engine_password_file", "engine_token_file"):
        settings = Settings(**{name: kept(tmp_path, data)})  # type: ignore[arg-type]
        with pytest.raises(InvalidSetting, match=said) as raised:
            credentials_of(settings)
        assert "geheim" not in str(raised.value)
        assert name.upper() in str(raised.value)


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"ENGINE_TOKEN_FILE.*cannot be read"):
        credentials_of(Settings(engine_token_file=str(tmp_path / "nothing")))
    with pytest.raises(InvalidSetting, match="leave one out"):
        credentials_of(Settings(engine_token="a", engine_token_file=kept(tmp_path, b"b")))


@pytest.mark.parametrize("token", ["gehe im", "gehe\nim", "geh\u00e9im", "\u0394"])
def test_a_token_that_no_header_can_have(token: str) -> None:
    with pytest.raises(InvalidSetting, match="THERASCAPE_ENGINE_TOKEN") as raised:
        credentials_of(Settings(engine_token=token))
    assert token not in str(raised.value)


def test_a_user_that_no_header_can_have() -> None:
    with pytest.raises(InvalidSetting, match="THERASCAPE_ENGINE_USER"):
        credentials_of(Settings(engine_user="me\nX-Other: y"))


def test_a_file_that_others_can_read_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    credentials_of(Settings(engine_token_file=kept(tmp_path, b"geheim", 0o644)))
    assert "chmod 600" in caplog.text
    assert "geheim" not in caplog.text
