"""An address that leads to a text of a page: text fragments of URLs, as the WICG describes them.

`https://example.org/page#:~:text=45.2%25` scrolls to the first "45.2%". Browsers that do not know
it open the page.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from graph.description.facts import Fact
from graph.landscape.mentions import Mention

_DELIMITER = ":~:"
_LONGEST = 120
_NUMBERS = ("kg:valueAsPrinted",)
_NAMES = ("kg:name", "kg:entry", "kg:brandName", "kg:genericName", "kg:developmentCode")
# A number, or a name: what begins with a capital. A few plain words stand anywhere in a page.
_TELLING = re.compile(r"\d|\b[^\W\d_a-z]")
_YEAR = re.compile(r"(?:19|20)\d\d")


def text_of(fact: Fact, mention: Mention) -> str:
    """Return what stands on the page of a fact: its number or its name as printed; empty for none.

    The words that are kept with the place are preferred where they have the number or the name:
    they are longer, and of that very place.
    """
    told = [_one_line(words) for words in mention.printed]
    told = [words for words in told if _TELLING.search(words) and len(words) <= _LONGEST]
    for properties in (_NUMBERS, _NAMES):
        if text := _one_line(fact.text(*properties)):
            if len(text) > _LONGEST:
                return ""
            return _longest(words for words in told if text in words) or text
    called = {value.text for of in fact.values.values() for value in of if _is_named(value.iri)}
    named = _longest(words for words in told if any(name in words for name in called))
    return named or _longest(w for w in told if not _YEAR.fullmatch(w)) or _longest(told)


def at_text(address: str, text: str) -> str | None:
    """Return an address on the web that leads to a text of its page; without a text, the page.

    None for what no browser should follow.
    """
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if not known or any(c.isspace() for c in address):
        return None
    if not (text := _one_line(text)) or _DELIMITER in address:
        return address
    # A comma and a hyphen stand between the parts of a directive, an ampersand between directives.
    escaped = quote(text, safe="").replace("-", "%2D")
    return f"{address}{'' if '#' in address else '#'}{_DELIMITER}text={escaped}"


def _is_named(iri: str) -> bool:
    """Whether it is a thing that texts call by a name of its own."""
    return any(f"/id/{kind}/" in iri for kind in ("agent", "therapy", "technology"))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _longest(texts: Iterable[str]) -> str:
    return max(sorted(texts), key=len, default="")
