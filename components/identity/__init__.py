"""Identity: compartments, groups, dynamic groups, policies."""
