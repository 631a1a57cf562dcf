"""Resources that every region has without being created."""

from typing import Any

from sandbox.oci.cloud import Cloud
from sandbox.oci.ids import derived_ocid, ocid_type
from sandbox.oci.model import PROVIDED, Entry
from sandbox.oci.resource_types import ready_state
from sandbox.store import now


def provide(cloud: Cloud, token: str, region: str, name: str, outputs: dict[str, Any] | None = None) -> str:
    """The id of a resource that Oracle provides in a region. It is added to the model if it is not there yet."""
    key = provided_id(token, region, name)
    if cloud.find(key) is None:
        entry = Entry(
            id=key,
            token=token,
            urn="",
            region=region,
            compartment_id="",
            state=ready_state(token),
            outputs={"displayName": name, **(outputs or {}), "id": key},
            created_at=now(),
            owner=PROVIDED,
        )
        cloud.save(entry)
    return key


def provided_id(token: str, region: str, name: str) -> str:
    """The id that `provide` gives, without the resource."""
    return derived_ocid(ocid_type(token), region, "provided", name)


def know_tenancy(cloud: Cloud, tenancy: str) -> None:
    """Let a tenancy exist, so that compartments can be created in it."""
    if cloud.find(tenancy) is None:
        entry = Entry(
            id=tenancy,
            token="oci:Identity/tenancy:Tenancy",  # noqa: S106 - a type
            urn="",
            region="",
            compartment_id="",
            state="ACTIVE",
            outputs={"id": tenancy, "name": "sandbox"},
            created_at=now(),
            owner=PROVIDED,
        )
        cloud.save(entry)
