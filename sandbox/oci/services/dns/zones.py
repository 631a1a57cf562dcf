"""DNS: zones and the records in them."""

from typing import Any, Final

from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.services.dns.record_data import fits, is_name

ZONE: Final = "oci:Dns/zone:Zone"
RECORDS: Final = "oci:Dns/rrset:Rrset"

# A zone's OCID may have no region: ocid1.dns-zone.oc1..f86e… in steampipe-plugin-oci, #357.
describe(ZONE, ocid="dns-zone", region="optional")
describe(RECORDS, id="zoneNameOrId/{zoneNameOrId}/domain/{domain}/rtype/{rtype}")

_LONGEST_TTL = 604_800


@rule(ZONE)
def zone(call: Call) -> None:
    """400 for an invalid name or type, 409 for a name that the tenancy or the view already has."""
    name = str(call.inputs.get("name"))
    refusal = one_of("zoneType", call.inputs.get("zoneType"), ("PRIMARY", "SECONDARY"))
    if refusal:
        raise refusal
    if not is_name(name):
        raise invalid_parameter(f"Zone name '{name}' is invalid.")
    private = str(call.inputs.get("scope") or "GLOBAL").upper() == "PRIVATE"
    if private and not call.inputs.get("viewId"):
        raise invalid_parameter("viewId is required for a zone with scope PRIVATE.")
    view = call.inputs.get("viewId")
    for other in call.cloud.all(ZONE):
        if same_domain(other.inputs.get("name"), name) and other.inputs.get("viewId") == view:
            raise conflict(f"Zone {name} already exists.", "ZoneExists")


@rule(RECORDS, on="create update")
def records(call: Call) -> None:
    """400 for records outside their zone, of another domain or type, with wrong data, or beside an alias."""
    domain, kind = str(call.inputs.get("domain")), str(call.inputs.get("rtype")).upper()
    name = str(call.inputs.get("zoneNameOrId"))
    found = _zone(call, name)
    parent = str(found.inputs.get("name") or "") if found else name
    if parent and not parent.startswith("ocid1.") and not _inside(domain, parent):
        raise invalid_parameter(f"Domain {domain} is not within zone {parent}.")
    items = blocks(call.inputs, "items")
    if kind in ("CNAME", "ALIAS", "DNAME") and len(items) > 1:
        raise invalid_parameter(f"An RRSet of type {kind} holds one record, not {len(items)}.")
    for each in items:
        if not same_domain(each.get("domain"), domain) or str(each.get("rtype")).upper() != kind:
            raise invalid_parameter(f"Items of the RRSet must be of domain {domain} and type {kind}.")
        ttl = number(each, "ttl")
        if ttl is None or not 0 <= ttl <= _LONGEST_TTL:
            raise invalid_parameter(f"ttl {each.get('ttl')} must be between 0 and {_LONGEST_TTL}.")
        if not fits(kind, str(each.get("rdata") or "")):
            raise invalid_parameter(f"Invalid rdata '{each.get('rdata')}' for record type {kind}.")
    _alone(call, name, domain, kind, parent)


def _alone(call: Call, zone_id: str, domain: str, kind: str, parent: str) -> None:
    refusal = OciError(
        409, "Conflict", f"CNAME record at {domain} conflicts with other records at that domain."
    )
    if kind == "CNAME" and same_domain(domain, parent):
        raise refusal
    for other in call.cloud.all(RECORDS):
        same = other.inputs.get("zoneNameOrId") == zone_id and same_domain(other.inputs.get("domain"), domain)
        theirs = str(other.inputs.get("rtype")).upper()
        if same and theirs != kind and "CNAME" in (kind, theirs):
            raise refusal


def _zone(call: Call, name: str) -> Entry | None:
    if name.startswith("ocid1."):
        return call.cloud.require(name, ZONE, path="zoneNameOrId")
    found = next((each for each in call.cloud.all(ZONE) if same_domain(each.inputs.get("name"), name)), None)
    if found is None:
        raise OciError(404, "NotAuthorizedOrNotFound", f"Zone {name} was not found.")
    return found


def same_domain(one: object, other: object) -> bool:
    """Whether two names are the same domain, in any case and with or without the last period."""
    return str(one).lower().rstrip(".") == str(other).lower().rstrip(".")


def _inside(domain: str, parent: str) -> bool:
    return same_domain(domain, parent) or domain.lower().rstrip(".").endswith(
        f".{parent.lower().rstrip('.')}"
    )


@computed(ZONE)
def zone_outputs(context: CreateContext) -> dict[str, Any]:
    private = bool(context.inputs.get("viewId"))
    servers = [] if private else [f"ns{place}.p{place * 17}.dns.oraclecloud.net." for place in (1, 2, 3, 4)]
    return {
        "nameservers": [{"hostname": each} for each in servers],
        "scope": "PRIVATE" if private else "GLOBAL",
        "serial": int(context.outputs.get("serial") or 1),
    }
