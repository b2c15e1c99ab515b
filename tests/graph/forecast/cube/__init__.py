"""The integrity constraints of the RDF Data Cube recommendation, as queries of our own."""
