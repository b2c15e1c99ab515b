"""Therascape beside other SPARQL servers: same data, same queries, one run."""
