"""Identity: principals, policies, compartments, tags and regions."""
