"""Releases of models: what to change in the stack file for the next step, and whether the candidate is good."""
