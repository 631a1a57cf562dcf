"""Checks of single values in any section."""
