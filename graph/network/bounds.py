"""How much a call may ask for."""

DEFAULT_HUBS = 1000
"""A node with more edges than this is a hub: it ties what has nothing to do with each other."""
MOST_HOPS = 3
MOST_SHOWN = 1000
"""Nodes of a neighbourhood on one page."""
MOST_NODES = 5000
"""Nodes of a subgraph."""
