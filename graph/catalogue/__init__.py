"""What a release is, for catalogues: counts, coverage, and both in the terms of VoID and DCAT."""
