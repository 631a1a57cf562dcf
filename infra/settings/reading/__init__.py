"""Turns the content of a stack file into settings, or into a list of all its problems."""
