"""Vaults, keys and generated secrets."""
