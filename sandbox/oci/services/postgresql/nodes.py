"""The nodes of a PostgreSQL system: as many as `instanceCount`. Patch operations name those that are removed."""

import re
from typing import Any

from sandbox.oci.computed import CreateContext, provider_time
from sandbox.oci.ids import derived_ocid
from sandbox.oci.rules.reading import blocks, number

REMOVED = re.compile(r"instances\[\?\s*id\s*==\s*'([^']+)'\s*\]")
"""The selection of a node that is removed, as Terraform's page of `oci_psql_db_system` has it."""


def instances(context: CreateContext) -> list[dict[str, Any]]:
    """The nodes after a create or an update. Those that stay keep their ids and their order."""
    steps = blocks(context.inputs, "patchOperations")
    removed = {found[1] for each in steps if (found := REMOVED.fullmatch(str(each.get("selection"))))}
    before = blocks(context.old or {}, "instances")
    count = int(number(context.inputs, "instanceCount") or 1)
    kept = [each for each in before if each.get("id") not in removed][:count]
    named = [*blocks(context.inputs, "instancesDetails"), *({} for _ in range(count))]
    taken = {each.get("id") for each in before} | removed
    possible = (
        derived_ocid("postgresqldbinstance", context.region, context.id, str(place))
        for place in range(len(taken) + count)
    )
    new = (each for each in possible if each not in taken)
    return [*kept, *(_node(next(new), named[place]) for place in range(len(kept), count))]


def _node(id: str, details: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    """A node. The same id may come back after a removal that the system's inputs no longer name."""
    at = provider_time()
    return {
        "id": id,
        "displayName": details.get("displayName") or "",
        "description": details.get("description") or "",
        "state": "ACTIVE",
        "timeCreated": at,
        "timeUpdated": at,
    }
