"""Secrets as text: only their hashes are kept, so that no dump of memory or log gives one away.

A plain hash is enough for a token that is long and random: nobody can try them all.
"""

import hashlib
import re

PREFIX = "sha256:"
_HASH = re.compile(r"[0-9a-f]{64}")
# What may stand behind `Bearer` (RFC 6750, 2.1).
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def hashed(text: str) -> str:
    """Return a token, or `sha256:` and the hash of one, as the latter. Raises ValueError.

    The message never has the token in it.
    """
    text = text.strip()
    if text.startswith(PREFIX):
        digest = text.removeprefix(PREFIX).lower()
        if not _HASH.fullmatch(digest):
            raise ValueError(f"{PREFIX} is to be followed by 64 hexadecimal digits")
        return PREFIX + digest
    if not _TOKEN.fullmatch(text):
        raise ValueError("a token has letters, digits and ._~+/- only, and = at its end")
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()
