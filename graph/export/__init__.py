"""Exports of a release: the whole, a source, a graph, a neighbourhood, the result of a query."""
