"""Identity: who there is, what they may do, and where that is written."""
