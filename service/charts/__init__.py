"""Charts as SVG documents, made by pure functions from frozen records: no script, no request."""
