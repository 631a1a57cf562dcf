"""Resources that are created together with another one, and deleted with it."""

from typing import Any

from sandbox.oci.computed import CreateContext, provider_time
from sandbox.oci.ids import derived_ocid, ocid_type
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import ready_state
from sandbox.store import now


def companion(context: CreateContext, token: str, **outputs: Any) -> str:
    """The id of a resource that the cloud creates together with another one. Creates it if it does not exist yet."""
    id_ = derived_ocid(ocid_type(token), context.region, context.id)
    if context.old is not None:
        return id_
    state = ready_state(token)
    compartment = context.inputs.get("compartmentId", "")
    common = {"id": id_, "compartmentId": compartment, "state": state, "timeCreated": provider_time()}
    context.cloud.save(
        Entry(
            id=id_,
            token=token,
            urn="",
            region=context.region,
            compartment_id=compartment,
            state=state,
            outputs=common | outputs,
            created_at=now(),
            owner=context.id,
        )
    )
    return id_
