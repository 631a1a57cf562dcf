"""DNS: sets of records in OCI's REST API, by their zone's name or OCID.

The provider creates a set by PatchRRSet with a PROHIBIT and one ADD for each record (dns_rrset_resource.go). What the
operations of a patch mean is in the text of the SDK's RecordOperation.
"""

from functools import partial
from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.etags import require_match, require_none
from sandbox.oci.api.generic import changed, created
from sandbox.oci.api.listing import page
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.dns.zones import RECORDS, ZONE, same_domain

_DNS: Final = "dns.DnsClient"
_ZONE: Final = ("scope", "viewId", "compartmentId")
"""Parameters that say which zone of a name is meant."""
_DATA: Final = ("domain", "rtype", "rdata", "ttl")

Record = dict[str, Any]

endpoint(RECORDS, _DNS, "rr_set", methods={"update": "", "get": "", "delete": ""})


@answers(_DNS, "get_rr_set", reads=_ZONE, lists=True)
def get_rr_set(request: Request) -> Response:
    """The records of a domain and type. 404 if there are none (unverified)."""
    request.meet_faults(RECORDS)
    entry = _one(request, _zone(request))
    if entry is None:
        raise not_found(request.path["domain"])
    return page(request, _items(entry), ignored=_ZONE)


@answers(_DNS, "get_domain_records", "get_zone_records", reads=("domain", *_ZONE), lists=True)
def get_records(request: Request) -> Response:
    """The records of a domain, or of a zone."""
    request.meet_faults(RECORDS)
    domain = request.path.get("domain") or request.argument("domain")
    rows = [
        record
        for entry in _of_zone(request, _zone(request))
        for record in _items(entry)
        if domain is None or same_domain(record["domain"], domain)
    ]
    return page(request, rows, ignored=("domain", *_ZONE))


@answers(_DNS, "update_rr_set", reads=_ZONE)
def update_rr_set(request: Request) -> Response:
    """Replace the records of a domain and type."""
    with request.operations.call(request.account, "update", RECORDS, request.operation.name):
        zone = _zone(request)
        items = [_written(request, each) for each in request.body.get("items") or ()]
        return _replaced(request, zone, items)


@answers(_DNS, "patch_rr_set", reads=_ZONE)
def patch_rr_set(request: Request) -> Response:
    """Add and remove records, one operation after the other. 412 for a precondition that does not hold."""
    with request.operations.call(request.account, "update", RECORDS, request.operation.name):
        zone = _zone(request)
        entry = _one(request, zone)
        items = [{name: each[name] for name in _DATA if name in each} for each in _items(entry)]
        for each in request.body.get("items") or ():
            items = _patched(items, each.get("operation") or "ADD", _written(request, each))
        return _replaced(request, zone, items)


@answers(_DNS, "delete_rr_set", reads=_ZONE)
def delete_rr_set(request: Request) -> Response:
    """Delete the records of a domain and type. 404 if there are none."""
    entry = _one(request, _zone(request))
    if entry is None:
        raise not_found(request.path["domain"])
    guard = partial(require_match, request.headers)
    request.operations.delete(request.account, RECORDS, entry.urn, entry.id, guard=guard)
    return Response(status=204)


def _patched(items: list[Record], operation: str, wanted: Record) -> list[Record]:
    found = [each for each in items if all(_same(name, each, wanted) for name in wanted)]
    if operation == "ADD":
        return items if found else [*items, wanted]
    if operation == "REMOVE":
        return [each for each in items if each not in found]
    if bool(found) != (operation == "REQUIRE"):
        what = "does not exist" if operation == "REQUIRE" else "exists already"
        raise OciError(412, "PreconditionFailed", f"The record that the operation names {what}.")
    return items


def _same(name: str, one: Record, other: Record) -> bool:
    if name == "domain":
        return same_domain(one[name], other[name])
    return str(one.get(name)).upper() == str(other[name]).upper()


def _written(request: Request, record: Record) -> Record:
    """A record of the body. Its domain and type are those of the path unless it says them."""
    place = {"domain": request.path["domain"], "rtype": request.path["rtype"]}
    given = {name: record[name] for name in _DATA if record.get(name) is not None}
    return {**place, **given}


def _replaced(request: Request, zone: Entry, items: list[Record]) -> Response:
    """Create or change the set, or delete it if no record is left."""
    entry = _one(request, zone)
    if entry is None:
        require_none(request.headers)
    if not items:
        if entry is not None:
            request.operations.delete(
                request.account, RECORDS, entry.urn, entry.id, guard=partial(require_match, request.headers)
            )
        return Response(body={"items": []})
    place = {"zoneNameOrId": request.path["zoneNameOrId"], **_written(request, {})}
    if entry is None:
        return created(endpoint_of(RECORDS), request, {**place, "items": items})
    return changed(endpoint_of(RECORDS), request, entry, {"items": items})


def _zone(request: Request) -> Entry:
    name = request.path["zoneNameOrId"]
    view, scope = request.argument("viewId"), request.argument("scope")
    compartment = request.argument("compartmentId")
    for each in request.cloud.all(ZONE):
        named = each.id == name or same_domain(each.outputs.get("name"), name)
        own = str(each.outputs.get("scope") or "GLOBAL")
        if (
            named
            and view in (None, each.outputs.get("viewId"))
            and compartment in (None, each.compartment_id)
            and (scope is None or scope.upper() == own.upper())
        ):
            return each
    raise not_found(f"Zone {name}.")


def _of_zone(request: Request, zone: Entry) -> list[Entry]:
    """The sets of a zone: the provider's inputs name it by its OCID or by its name."""
    return [
        each
        for each in request.cloud.all(RECORDS)
        if each.inputs.get("zoneNameOrId") == zone.id
        or same_domain(each.inputs.get("zoneNameOrId"), zone.outputs.get("name"))
    ]


def _one(request: Request, zone: Entry) -> Entry | None:
    domain, kind = request.path["domain"], request.path["rtype"].upper()
    for each in _of_zone(request, zone):
        if same_domain(each.inputs.get("domain"), domain) and str(each.inputs.get("rtype")).upper() == kind:
            return each
    return None


def _items(entry: Entry | None) -> list[Record]:
    return blocks(entry.inputs, "items") if entry else []
