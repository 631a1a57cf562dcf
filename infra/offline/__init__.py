"""The program in this process, without an engine: what answers it, and what records it."""
