"""The W3C's SPARQL suites over HTTP, against a real server: `pytest tests/w3c`.

They are read from `../shared/w3c` beside the checkout, and skipped where that is not there.
`expected.toml` has all that does not pass, with the reason; anything else that fails is news.
"""
