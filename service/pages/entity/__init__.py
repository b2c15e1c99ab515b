"""Pages of things: what reports say of an organisation, a therapy, a place, a claim."""
