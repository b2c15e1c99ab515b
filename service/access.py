"""Who may write, and who may see what runs: bearer tokens (RFC 6750), of which hashes are kept.

Clients that know Basic only may send the token as the password, with any name. No answer offers
Basic, so that no browser ever keeps a token and sends it unasked.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from werkzeug.datastructures import Authorization

from service.refusals import AdministrationOff, ReadOnly, TokenNeeded, TokenUnknown, WritesOff
from service.settings import BY_NAME, InvalidSetting, Settings
from service.tokens import PREFIX, hashed

_READABLE_BY_OTHERS = 0o044
_MOST_BYTES = 1024 * 1024
_FILE = "write_token_file"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that somebody holds; `digest` is its hash, as `sha256:` and hexadecimal digits."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Access:
    """The tokens in force. `notes` tell whoever runs the service what to mend.

    `publisher` is the address of the service that this one follows; `elsewhere` says that queries
    go to a database elsewhere, `on_disk` that the store is one that nobody writes to.
    """

    writers: tuple[Token, ...] = ()
    administrators: tuple[Token, ...] = ()
    read_only: bool = False
    notes: tuple[str, ...] = ()
    publisher: str | None = None
    on_disk: bool = False
    elsewhere: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "Access":
        """Return what the settings and their files say. Raises InvalidSetting."""
        notes: list[str] = []
        if settings.follow is not None:
            given = ("write_token", settings.write_token), (_FILE, settings.write_token_file)
            notes += [_unused(name, settings.follow) for name, value in given if value is not None]
        return cls(
            _tokens(settings.write_token, settings.write_token_file, _FILE, notes),
            _tokens(settings.admin_token, settings.admin_token_file, "admin_token_file", notes),
            settings.read_only,
            tuple(notes),
            settings.follow,
            settings.store == "disk",
            settings.engine is not None,
        )

    @property
    def writable(self) -> bool:
        """Whether anybody may write."""
        return bool(self.writers) and not self.read_only

    def writer(self, sent: Authorization | None) -> str:
        """Return the name of the token with which a request may write.

        Raises ReadOnly, WritesOff, TokenNeeded and TokenUnknown.
        """
        if self.read_only:
            raise ReadOnly(f"{self.closed} and takes no writes")
        if not self.writers:
            raise WritesOff("no token allows writes here, so there are none")
        return _holder(self.writers, sent, "writes")

    @property
    def closed(self) -> str:
        """Why nothing is kept here, as the begin of a sentence, where `read_only`."""
        if self.publisher is not None:
            return f"this service follows {self.publisher}, which is where to write,"
        if self.elsewhere:
            return "this service answers from a database elsewhere (--engine)"
        if self.on_disk:
            return "this service answers from a store on the disk (--store)"
        return "this service was started with --read-only"

    def administrator(self, sent: Authorization | None) -> str:
        """Return the name of the token. Raises AdministrationOff, TokenNeeded, TokenUnknown."""
        if not self.administrators:
            raise AdministrationOff("no token allows anybody to see what runs here")
        return _holder(self.administrators, sent, "this")


def _unused(setting: str, publisher: str) -> str:
    row = BY_NAME[setting]
    named = f"{row.flag} ({row.variable})" if row.flag else row.variable
    return (
        f"{named}: this service follows {publisher} and takes no writes, so the token opens "
        "nothing; give it to the publisher, and leave it out here"
    )


def _holder(tokens: Sequence[Token], sent: Authorization | None, what: str) -> str:
    token = _sent_token(sent)
    if token is None:
        raise TokenNeeded(f"{what} need a token, and the request has none")
    digest = PREFIX + hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
    # Each is compared, so that the time tells nothing about which it was.
    found = [t.name for t in tokens if hmac.compare_digest(t.digest, digest)]
    if not found:
        raise TokenUnknown(f"the token of the request is not one that allows {what}")
    return found[0]


def _sent_token(sent: Authorization | None) -> str | None:
    if sent is None:
        return None
    if sent.type == "bearer":
        return sent.token or None
    if sent.type == "basic":
        return sent.password or None
    return None


def _tokens(
    value: str | None, file: str | None, setting: str, notes: list[str]
) -> tuple[Token, ...]:
    found = [] if value is None else [_named("", value)]
    if file is not None:
        found += _read(Path(file), setting, notes)
    return tuple(found)


def _read(path: Path, setting: str, notes: list[str]) -> list[Token]:
    """Read lines of `[name ]token`; those that are empty or begin with # say nothing."""
    row = BY_NAME[setting]
    where = f"{row.flag} ({row.variable}): {path}"
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
        text, mode = data.decode(), path.stat().st_mode
    except OSError as error:
        raise InvalidSetting(f"{where}: it cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InvalidSetting(f"{where}: byte {error.start} is not UTF-8") from None
    tokens, plain = [], False
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        name, secret = " ".join(parts[:-1]), parts[-1]
        plain = plain or not secret.startswith(PREFIX)
        try:
            tokens.append(_named(name, hashed(secret)))
        except ValueError as error:
            raise InvalidSetting(f"{where}, line {number}: {error}") from None
    if not tokens:
        raise InvalidSetting(f"{where}: there is no token in it")
    if plain and mode & _READABLE_BY_OTHERS:
        notes.append(
            f"{path} has tokens that others on this machine can read: `chmod 600 {path}`, or put "
            "hashes in it"
        )
    return tokens


def _named(name: str, digest: str) -> Token:
    # A token without a name is known by its hash, which gives nothing away.
    return Token(name or f"token-{digest.removeprefix(PREFIX)[:8]}", digest)
