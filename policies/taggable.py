"""The resource types of the OCI provider that take tags."""

from pathlib import Path

TAGGABLE = frozenset((Path(__file__).parent / "taggable.txt").read_text(encoding="utf-8").split())
"""Every type with an input `freeformTags` in the schema of terraform-provider-oci 8.28.0, as pulumi-oci names it. A
test compares the list with the table of fields in `facts/data/oci`."""
