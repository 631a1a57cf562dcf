"""Identity: its types of resources in OCI's REST API."""

from typing import Any, Final

from sandbox.oci.api import passing, work_requests
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.etags import require_match
from sandbox.oci.api.generic import changed, required
from sandbox.oci.api.listing import page, rows_of
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import place_of, resource_model, shown
from sandbox.oci.compartments import COMPARTMENT
from sandbox.oci.errors import conflict
from sandbox.oci.model import Entry
from sandbox.oci.rules.wording import still_references
from sandbox.oci.services.identity.policies import POLICY
from sandbox.oci.services.identity.principals import DYNAMIC, GROUP, MEMBERSHIP
from sandbox.oci.services.identity.tags import DEFAULT, NAMESPACE, TAG

IDENTITY: Final = "identity.IdentityClient"


endpoint(COMPARTMENT, IDENTITY, "compartment", methods={"delete": "", "move": "", "list": ""})
endpoint(POLICY, IDENTITY, "policy", plural="policies")
endpoint(GROUP, IDENTITY, "group")
endpoint(DYNAMIC, IDENTITY, "dynamic_group")
endpoint("oci:Identity/user:User", IDENTITY, "user")
endpoint(
    MEMBERSHIP,
    IDENTITY,
    "user_group_membership",
    methods={"create": "add_user_to_group", "delete": "remove_user_from_group"},
)
endpoint(NAMESPACE, IDENTITY, "tag_namespace")
endpoint(TAG, IDENTITY, "tag", also_by="name")
endpoint(DEFAULT, IDENTITY, "tag_default")
looks_up(
    IDENTITY,
    "list_availability_domains",
    "oci:Identity/getAvailabilityDomains:getAvailabilityDomains",
    rows="availabilityDomains",
)
looks_up(
    IDENTITY,
    "list_fault_domains",
    "oci:Identity/getFaultDomains:getFaultDomains",
    rows="faultDomains",
    reads=("availabilityDomain",),
)
looks_up(IDENTITY, "list_regions", "oci:Identity/getRegions:getRegions", rows="regions")
looks_up(
    IDENTITY,
    "list_region_subscriptions",
    "oci:Identity/getRegionSubscriptions:getRegionSubscriptions",
    rows="regionSubscriptions",
    names={"status": "state"},
)
looks_up(IDENTITY, "get_tenancy", "oci:Identity/getTenancy:getTenancy")


@answers(
    IDENTITY,
    "list_compartments",
    reads=("compartmentId", "compartmentIdInSubtree"),
    harmless=("accessLevel",),
    lists=True,
)
def list_compartments(request: Request) -> Response:
    """The compartments right below one, or with compartmentIdInSubtree all below it. Every client may see them all."""
    rows = rows_of(endpoint_of(COMPARTMENT), request)
    above = request.argument("compartmentId")
    kept = [row for row in rows if row.get("compartmentId") == above]
    if request.argument("compartmentIdInSubtree") == "true":
        found = {above}
        while len(found) < len(found | {row["id"] for row in rows if row.get("compartmentId") in found}):
            found |= {row["id"] for row in rows if row.get("compartmentId") in found}
        kept = [row for row in rows if row["id"] in found and row["id"] != above]
    return page(request, kept, ignored=("compartmentId", "compartmentIdInSubtree", "accessLevel"))


@answers(IDENTITY, "move_compartment")
def move_compartment(request: Request) -> Response:
    """Put a compartment, with what it holds, below another."""
    found = endpoint_of(COMPARTMENT)
    target = request.body["targetCompartmentId"]

    def parent(moved: Entry) -> dict[str, Any]:
        above: Entry | None = request.cloud.find(target)
        while above is not None:
            if above.id == moved.id:
                raise conflict("A compartment cannot be moved below itself.", "CompartmentMoveConflict")
            above = request.cloud.find(above.compartment_id)
        return {"compartmentId": target}

    return changed(found, request, required(found, request), parent)


@answers(IDENTITY, "delete_compartment")
def delete_compartment(request: Request) -> Response:
    """Delete an empty compartment. The provider's own delete leaves it unless `enableDelete` says otherwise."""
    found = endpoint_of(COMPARTMENT)
    entry = required(found, request)
    headers: dict[str, str] = {}

    def check(held: Entry) -> None:
        require_match(request.headers, held)
        inside = [each for each in request.cloud.entries() if each.live and each.compartment_id == held.id]
        if inside:
            noun = inside[0].token.rsplit(":", 1)[-1]
            raise still_references("Compartment", held.id, noun, inside[0].id)

    def bury(gone: Entry) -> None:
        shape = resource_model(found)
        if shape is not None:
            place = place_of(found, gone.region)
            passing.bury(request.cloud.store, gone.id, place, shown(request, found, shape, gone, None), shape)
        headers.update(work_requests.begin(request, "delete", "compartment", gone.id, gone.compartment_id))

    request.operations.delete(
        request.account, COMPARTMENT, entry.urn, entry.id,
        inputs={"enableDelete": True}, guard=check, then=bury,
    )  # fmt: skip
    return Response(status=202, headers=headers)
