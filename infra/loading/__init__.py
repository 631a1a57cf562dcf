"""Loads only the used parts of the cloud SDKs, in a deployment and in a run without an engine."""
