"""Finds existing resources that a stack would create, and writes the file with which the engine imports them."""
