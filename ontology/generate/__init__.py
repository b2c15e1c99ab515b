"""Files derived from the ontology and the table descriptions."""
