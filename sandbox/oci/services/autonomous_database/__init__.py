"""Autonomous Database."""
