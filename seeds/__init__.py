"""Facts as data: shared reference tables and one folder per source."""
