"""The vocabulary at `/ns`: a page and RDF made from the ontology, with context and shapes."""
