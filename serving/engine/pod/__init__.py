"""The pods of an engine: containers, places, what keeps them running, what they cache on their node."""
