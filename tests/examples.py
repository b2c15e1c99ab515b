"""How many examples a test of a property tries, where it does not leave that to Hypothesis."""

from hypothesis import settings


def examples(most: int) -> int:
    """`most` of them with the profile `default`, and as large a part as others try otherwise."""
    return max(3, most * settings().max_examples // 100)
