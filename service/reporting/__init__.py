"""Problems with facts that readers report, kept for the curator."""
