"""The models: pure functions on arrays over markets, groups and years."""
