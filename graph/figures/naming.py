"""From the name of a publisher, as a list of figures prints it, to whose data they are."""

import re

_DATA_OF = re.compile(r"(?P<owner>.*\S)\s+data", re.IGNORECASE)


def collapsed(text: str) -> str:
    """Words with one space between them."""
    return " ".join(text.split())


def data_group(publisher: str) -> tuple[str, str]:
    """The data group that a name tells, and the reason.

    A bracket at the end that says `X data` names the group X. Else the group is the name without
    the bracket, and without what follows ` / `: `A (syndicated)` and `A / B` are A. The name is
    its own group where nothing is left.
    """
    name = collapsed(publisher)
    rest, remark = _without_remark(name)
    if owner := _DATA_OF.fullmatch(remark):
        return owner["owner"], f"the name {name!r} says that the data are of {owner['owner']}"
    rest = rest.split(" / ", 1)[0].strip()
    rest, _ = _without_remark(rest)
    if not rest or rest == name:
        return name, ""
    return rest, f"the name {name!r} without what stands in brackets or behind a slash"


def _without_remark(name: str) -> tuple[str, str]:
    """A name without its last bracket, and what stands in that; brackets may hold brackets."""
    if not name.endswith(")"):
        return name, ""
    depth = 0
    for place in range(len(name) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(name[place], 0)
        if depth == 0:
            return name[:place].rstrip(), name[place + 1 : -1].strip()
    return name, ""
