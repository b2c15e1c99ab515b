"""What this service has, for catalogues and crawlers."""
