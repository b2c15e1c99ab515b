"""Questions in English words, by a transparent grammar over the graph's own vocabulary.

What is asked is read from patterns.toml, what it is asked of from the names in the graph. Every
word of a question has a place in a reading or is said to be left over, and nothing is guessed. Only
English is understood.
"""

from graph.wording.suggest import suggest
from graph.wording.understand import understand
from graph.wording.understanding import (
    Reading,
    Status,
    Suggestion,
    Understanding,
    UnknownWords,
    Use,
)

__all__ = [
    "Reading",
    "Status",
    "Suggestion",
    "Understanding",
    "UnknownWords",
    "Use",
    "suggest",
    "understand",
]
