"""The pods of an engine: containers, placement, workload, and the cache on their node."""
