"""Pages for people: one thin view module each, and what they share."""
