"""The sandbox's own Python language host. It is used if the official one is not installed."""
