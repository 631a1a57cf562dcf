"""The sandbox's own Python language host, used where the official one is not installed."""
