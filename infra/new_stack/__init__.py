"""Writes a new stack file from an existing one: its text, its addresses, its names, and the values of its account."""
