"""Compares an older state of a stack with what the program registers now, without an engine or an account."""
