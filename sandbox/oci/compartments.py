"""Compartments outlive the stack that made them, unless `enableDelete` says otherwise.

Source: the provider's documentation of `enable_delete`.
"""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry

COMPARTMENT: Final = "oci:Identity/compartment:Compartment"


def stays(entry: Entry) -> bool:
    """Whether the provider forgets the resource and leaves it in the cloud when it is deleted."""
    return entry.token == COMPARTMENT and not _enabled(entry.inputs)


def namesake(cloud: Cloud, token: str, inputs: Mapping[str, Any]) -> Entry | None:
    """The compartment that a create takes over, for it has the same name and parent."""
    if token != COMPARTMENT or _enabled(inputs):
        return None
    parent, name = inputs.get("compartmentId"), str(inputs.get("name")).casefold()
    return next(
        (
            each
            for each in cloud.all(COMPARTMENT)
            if each.inputs.get("compartmentId") == parent and str(each.inputs.get("name")).casefold() == name
        ),
        None,
    )


def _enabled(inputs: Mapping[str, Any]) -> bool:
    return str(inputs.get("enableDelete")).lower() == "true"
