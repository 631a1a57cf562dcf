"""Compartments and those above them. Every create asks for them, so no service is loaded for it."""

from typing import Final

from sandbox.oci.cloud import Cloud

COMPARTMENT: Final = "oci:Identity/compartment:Compartment"


def those_above(cloud: Cloud, compartment: str) -> list[str]:
    """A compartment and those above it, from the lowest up, as far as they were created here."""
    found: list[str] = []
    while compartment not in found:
        found.append(compartment)
        entry = cloud.find(compartment)
        if entry and entry.token == COMPARTMENT and not entry.assumed:
            compartment = str(entry.inputs.get("compartmentId"))
    return found
