"""Runs the program in this process, without an engine: stand-in answers, and a recorder."""
