"""Checks of single values, in whatever section they are."""
