"""Vault: vaults, keys and secrets."""
