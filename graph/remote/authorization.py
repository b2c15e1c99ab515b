"""What we answer a database that asks who we are: RFC 7617 (Basic), RFC 7616 (Digest), RFC 6750."""

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

Answer = Callable[[str, str], str]
"""The value of Authorization for a method and a target."""
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
#: A scheme, alone or with its first parameter; `name = value` is none.
_SCHEME = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s+(?!=)(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the database: a user with a password (Basic, Digest), or a bearer token."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


def bearer(token: str) -> Answer:
    """Return the answer of who has a token, which is given without being asked for."""
    return lambda _, __: f"Bearer {token}"


def answer_to(challenges: str, credentials: Credentials) -> Answer | None:
    """Return the answer to WWW-Authenticate, whose values may be joined by commas.

    Of several challenges that can be met the best hash is taken, and Basic last. None where none
    can be met.
    """
    user, password = credentials.user, credentials.password
    if user is None or password is None:
        return None
    basic: Answer | None = None
    digests: dict[str, Answer] = {}
    for scheme, parameters in _challenges(challenges):
        if scheme == "basic":
            text = base64.b64encode(f"{user}:{password}".encode()).decode()
            basic = _always(f"Basic {text}")
        elif scheme == "digest" and _can_be_met(parameters):
            name = parameters.get("algorithm", "MD5").upper()
            digests[name] = _digest(user, password, parameters)
    return digests.get("SHA-256") or digests.get("MD5") or basic


def _challenges(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give each scheme in small letters, with its parameters, whose names are so too."""
    scheme, items = "", list[str]()
    for item in parse_http_list(text):
        begins = _SCHEME.fullmatch(item)
        if begins is None:
            items.append(item)
            continue
        if scheme:
            yield scheme, _parameters(items)
        scheme, items = begins[1].lower(), [begins[2] or ""]
    if scheme:
        yield scheme, _parameters(items)


def _parameters(items: list[str]) -> Mapping[str, str]:
    pairs = [item.partition("=") for item in items if "=" in item]
    trimmed = [
        f"{name.strip().lower()}={value.strip()}" for name, _, value in pairs if value.strip()
    ]
    return dict(parse_keqv_list(trimmed))


def _can_be_met(challenge: Mapping[str, str]) -> bool:
    protections = challenge.get("qop", "auth").lower().replace(" ", "").split(",")
    known = challenge.get("algorithm", "MD5").upper() in _HASHES
    return {"realm", "nonce"} <= challenge.keys() and known and "auth" in protections


def _always(value: str) -> Answer:
    return lambda _, __: value


class _Digest(AbstractDigestAuthHandler):
    """urllib's, which has neither SHA-256 in all versions of Python nor letters beyond ASCII."""

    def get_algorithm_impls(
        self, algorithm: str
    ) -> tuple[Callable[[str], str], Callable[[str, str], str]]:
        """Return the hash of a text, and that of a secret with a text."""

        def hashed(text: str) -> str:
            return _HASHES[algorithm.upper()](text.encode()).hexdigest()

        return hashed, lambda secret, text: hashed(f"{secret}:{text}")


def _digest(user: str, password: str, challenge: Mapping[str, str]) -> Answer:
    known = HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, "http://database/", user, password)
    digest = _Digest(known)
    lock = threading.Lock()
    # Of several protections we have this one.
    asked = {**challenge, "qop": "auth"} if "qop" in challenge else dict(challenge)

    def answer(method: str, target: str) -> str:
        request = Request(f"http://database{target}", method=method)
        with lock:  # it counts how often it used the nonce
            value = f"Digest {digest.get_authorization(request, asked)}"
        return value.encode().decode("latin-1")  # http.client sends these bytes

    return answer
