"""Every IRI of ours as an address: a page for people, RDF for programs."""
