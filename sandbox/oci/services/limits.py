"""Compartment quotas: what an administrator's statements leave of a limit."""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import texts

_QUOTA: Final = "oci:Limits/quota:Quota"
_COMPARTMENT: Final = "oci:Identity/compartment:Compartment"

_STATEMENT = re.compile(
    r"\s*(?P<verb>set|unset|zero)\s+(?P<family>[\w-]+)\s+quotas?(?:\s+(?P<names>[\w-]+(?:\s*,\s*[\w-]+)*))?"
    r"(?:\s+to\s+(?P<value>\d+))?\s+in\s+(?:(?P<tenancy>tenancy)|compartment\s+(?P<compartment>\S+))"
    r"(?P<condition>\s+where\s+.*)?\s*",
    re.IGNORECASE | re.DOTALL,
)


@rule(_QUOTA, on="create update")
def statements_can_be_read(call: Call) -> None:
    """400: set FAMILY quota NAME to N in ..., unset and zero FAMILY quota [NAME] in ..."""
    for text in texts(call.inputs, "statements"):
        found = _STATEMENT.fullmatch(text)
        if not found or (found["verb"].lower() == "set") != (found["value"] is not None):
            raise invalid_parameter(f"Unable to parse the quota statement: {text}")


@rule(_QUOTA)
def name_is_free(call: Call) -> None:
    """409: quota names are unique in the tenancy."""
    if any(each.inputs.get("name") == call.inputs.get("name") for each in call.cloud.all(_QUOTA)):
        raise conflict(f"Quota with name {call.inputs.get('name')} already exists")


def quotas_on(cloud: Cloud, limit: str, compartment: str) -> Iterator[tuple[int, set[str]]]:
    """(allowed, compartments that share it) for each quota on a limit that covers a compartment.

    Conditions (`where`) are not modelled: such a statement does not hold anything back here.
    """
    for entry in cloud.all(_QUOTA):
        for text in texts(entry.inputs, "statements"):
            found = _STATEMENT.fullmatch(text)
            if not found or found["condition"] or found["verb"].lower() == "unset":
                continue
            names = re.split(r"\s*,\s*", found["names"] or "")
            if names != [""] and limit not in names:
                continue
            if names == [""] and not _in_family(limit, found["family"]):
                continue
            covered = _covered(cloud, found["compartment"])
            if not covered or compartment in covered:
                yield int(found["value"] or 0), covered or _everywhere(cloud)


def _in_family(limit: str, family: str) -> bool:
    """Core counts and memory are families of their own; GPU counts belong to compute-core."""
    memory = limit.endswith("-memory-count")
    return family == ("compute-memory" if memory else "compute-core")


def _covered(cloud: Cloud, name: str | None) -> set[str]:
    """A compartment (by OCID, name or path) and all below it; empty for the tenancy."""
    if name is None:
        return set()
    compartments = cloud.all(_COMPARTMENT)
    last = name.split(":")[-1]
    found = {each.id for each in compartments if each.id == name or each.inputs.get("name") == last} or {name}
    while True:
        below = {each.id for each in compartments if each.inputs.get("compartmentId") in found} - found
        if not below:
            return found
        found |= below


def _everywhere(cloud: Cloud) -> set[str]:
    return {entry.compartment_id for entry in cloud.entries()}
