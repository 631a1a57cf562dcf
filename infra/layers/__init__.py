"""One layer for each noun. A layer creates its components from the settings. No layer imports another."""
