"""Identity domains in OCI's REST API: their list, and the groups in each at the domain's own address.

A domain's interface is SCIM (RFC 7644): a list is an object with `Resources`, an update by PUT replaces the whole, and
a PATCH has operations. Every attribute is returned unless `attributes` names some.
"""

import re
from functools import partial
from typing import Any, Final

from facts.oci_api import model
from sandbox.oci.api.bodies import missing
from sandbox.oci.api.endpoints import Endpoint, answers, endpoint, endpoint_of
from sandbox.oci.api.etags import etag, require_match
from sandbox.oci.api.generic import body_inputs, created
from sandbox.oci.api.listing import page, rows_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import shown
from sandbox.oci.errors import OciError, invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.provided import provide
from sandbox.oci.services.identity.principals import DOMAIN_DYNAMIC, DOMAIN_GROUP

_DOMAINS: Final = "identity_domains.IdentityDomainsClient"
_IDENTITY: Final = "identity.IdentityClient"
_DOMAIN: Final = "oci:Identity/domain:Domain"
_LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_ALWAYS: Final = frozenset({"id", "ocid", "schemas", "meta"})

_PLURALS: Final = {"Groups": DOMAIN_GROUP, "DynamicResourceGroups": DOMAIN_DYNAMIC}
_MODELS: Final = {DOMAIN_GROUP: "Group", DOMAIN_DYNAMIC: "DynamicResourceGroup"}

Body = dict[str, Any]


def _extensions(name: str) -> dict[str, str]:
    """The provider's names of a model's extensions: the URN without its colons."""
    found = model("identity_domains", name)
    return {each: each.replace(":", "") for each in (found.properties if found else ()) if ":" in each}


def _with_place(request: Request, entry: Entry, body: Body) -> Body:
    domain = _domain_called(request)
    path = next(plural for plural, token in _PLURALS.items() if token == entry.token)
    address = request.address(domain.id) if request.address else request.origin
    meta = {
        "resourceType": _MODELS[entry.token],
        "created": entry.created_at,
        "lastModified": entry.created_at,
        "location": f"{address}/admin/v1/{path}/{entry.id}",
    }
    return {**body, "id": entry.id, "domainOcid": domain.id, "meta": meta}


_OWN: Final = {"create": "", "get": "", "list": "", "delete": ""}
endpoint(DOMAIN_GROUP, _DOMAINS, "group", methods=_OWN, names=_extensions("Group"), shows=_with_place)
endpoint(
    DOMAIN_DYNAMIC,
    _DOMAINS,
    "dynamic_resource_group",
    methods=_OWN,
    names=_extensions("DynamicResourceGroup"),
    shows=_with_place,
)


def _with_address(request: Request, entry: Entry, body: Body) -> Body:
    """A domain is reached at an address of the server's own."""
    url = request.address(entry.id) if request.address else entry.outputs.get("url")
    place = {"url": url, "homeRegionUrl": url, "homeRegion": request.account.region}
    usual = {"description": "", "licenseType": "free", "isHiddenOnLogin": False, "replicaRegions": []}
    own = {"compartmentId": request.account.tenancy, "type": "SECONDARY", "lifecycleState": "ACTIVE"}
    return {**usual, **own, "timeCreated": entry.created_at, **body, **place}


endpoint(
    _DOMAIN,
    _IDENTITY,
    "domain",
    methods={"create": "", "list": "", "update": "", "delete": "", "move": ""},
    shows=_with_address,
)


@answers(_IDENTITY, "list_domains", reads=("name",), harmless=("compartmentId",), lists=True)
def list_domains(request: Request) -> Response:
    """The tenancy's domains: the Default one, and those whose endpoints a stack names. None is of a compartment."""
    _know_domains(request)
    name, rows = request.argument("name"), rows_of(endpoint_of(_DOMAIN), request)
    found = [row for row in rows if name in (None, row.get("displayName"))]
    return page(request, found, ignored=("compartmentId", "name"))


def _know_domains(request: Request) -> None:
    """Let the domains exist that nobody created here."""
    cloud, region = request.cloud, request.account.region
    known = {each.outputs.get("url") for each in cloud.all(_DOMAIN)}
    default = {"url": f"https://idcs-default.{region}.identity.oraclecloud.com:443", "type": "DEFAULT"}
    provide(cloud, _DOMAIN, region, "Default", default)
    for token in _MODELS:
        for url in {str(each.inputs.get("idcsEndpoint")) for each in cloud.all(token)} - known:
            if url != default["url"]:
                provide(cloud, _DOMAIN, region, _host(url), {"url": url, "type": "SECONDARY"})


def _host(url: str) -> str:
    return url.removeprefix("https://").partition(".")[0]


def _domain_called(request: Request) -> Entry:
    """The domain whose own address the client called. 404 at a region's address, which has no groups."""
    return request.addressed(_DOMAIN, "the url of an identity domain, which ListDomains shows")


def _kind(request: Request) -> Endpoint:
    """The type that the path is about: /admin/v1/Groups/{groupId}."""
    return endpoint_of(_PLURALS[request.operation.path.split("/")[3]])


def _groups(request: Request, found: Endpoint) -> list[Entry]:
    url = _domain_called(request).outputs["url"]
    return [each for each in request.cloud.all(found.token) if each.inputs.get("idcsEndpoint") == url]


def _group(request: Request) -> Entry:
    key = next(iter(request.path.values()))
    for each in _groups(request, _kind(request)):
        if key in (each.id, each.outputs.get("ocid")):
            return each
    raise not_found(key)


def _require_body(request: Request) -> None:
    """400 for a write without a body. The SDK lets it be left out, but its models require `schemas` and a name."""
    if request.body is None:
        raise missing("The request's body")


def _shown(request: Request, entry: Entry) -> Body:
    found = _kind(request)
    return _chosen(
        request, shown(request, found, model("identity_domains", _MODELS[found.token]), entry, None)
    )


def _chosen(request: Request, body: Body) -> Body:
    """The attributes that the client asks for, and those that are always answered."""
    wanted = {each.strip() for each in (request.argument("attributes") or "").split(",")} - {""}
    return body if not wanted else {name: body[name] for name in body if name in wanted | _ALWAYS}


@answers(_DOMAINS, "create_group", "create_dynamic_resource_group", reads=("attributes",))
def create_group(request: Request) -> Response:
    """Create a group in the domain that was called."""
    _require_body(request)
    found = _kind(request)
    place = {"idcsEndpoint": _domain_called(request).outputs["url"]}
    response = created(found, request, body_inputs(found, request) | place)
    return Response(status=201, body=_chosen(request, response.body), headers=response.headers)


@answers(_DOMAINS, "get_group", "get_dynamic_resource_group", reads=("attributes",))
def get_group(request: Request) -> Response:
    """One group."""
    request.meet_faults(_kind(request).token)
    return _answer(request)


def _answer(request: Request) -> Response:
    entry = _group(request)
    return Response(body=_shown(request, entry), headers={"etag": etag(entry)})


@answers(
    _DOMAINS,
    "list_groups",
    "list_dynamic_resource_groups",
    reads=("filter", "attributes", "startIndex", "count"),
)
def list_groups(request: Request) -> Response:
    """The domain's groups, by name. A filter has the form `attribute eq "value"`; others are not modelled."""
    request.meet_faults(_kind(request).token)
    rows = [_shown(request, each) for each in _groups(request, _kind(request))]
    rows = sorted((row for row in rows if _passes(request, row)), key=lambda row: str(row.get("displayName")))
    # RFC 7644, section 3.4.2.4: a start below 1 means 1, and a negative count means 0.
    start = max(1, int(request.argument("startIndex") or 1))
    part = rows[start - 1 :][: max(0, int(request.argument("count") or 50))]
    body = {"schemas": [_LIST], "totalResults": len(rows), "Resources": part, "startIndex": start}
    return Response(body={**body, "itemsPerPage": len(part)})


_FILTER: Final = re.compile(r'\s*([\w.:]+)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*', re.IGNORECASE | re.ASCII)


def _passes(request: Request, row: Body) -> bool:
    text = request.argument("filter")
    if text is None:
        return True
    found = _FILTER.fullmatch(text)
    if found is None or found[1] not in ("displayName", "id", "ocid", "externalId"):
        raise OciError(501, "NotImplemented", f"The sandbox does not model the filter {text}.")
    return str(row.get(found[1], "")).casefold() == found[2].replace('\\"', '"').casefold()


@answers(_DOMAINS, "put_group", "put_dynamic_resource_group", reads=("attributes",))
def put_group(request: Request) -> Response:
    """Replace a group: what the body leaves out is gone."""
    _require_body(request)
    found = _kind(request)
    inputs = body_inputs(found, request)

    def change(held: Entry) -> Body:
        empty = {name: "" if isinstance(value, str) else [] for name, value in held.inputs.items()}
        return {**empty, "idcsEndpoint": held.inputs["idcsEndpoint"], **inputs}

    return _changed(request, change)


@answers(_DOMAINS, "patch_group", "patch_dynamic_resource_group", reads=("attributes",))
def patch_group(request: Request) -> Response:
    """Add, replace or remove attributes of a group, one operation after the other. No paths into lists."""
    _require_body(request)
    fields = {"displayName", "description", "matchingRule", "externalId", "members"}

    def change(held: Entry) -> Body:
        inputs = dict(held.inputs)
        for each in request.body["Operations"]:
            path, value = each["path"], each.get("value")
            if path not in fields:
                raise OciError(
                    501, "NotImplemented", f"The sandbox does not model the path {path} of a patch."
                )
            if each["op"].upper() == "REMOVE":
                inputs.pop(path, None)
            elif path == "members" and each["op"].upper() == "ADD":
                inputs[path] = [*(inputs.get(path) or ()), *(value or ())]
            else:
                inputs[path] = value
        if not inputs.get("displayName"):
            raise invalid_parameter("displayName is required.")
        return inputs

    return _changed(request, change)


def _changed(request: Request, change: Any) -> Response:
    entry = _group(request)
    request.operations.update(
        request.account,
        entry.token,
        entry.urn,
        entry.id,
        change,
        guard=partial(require_match, request.headers),
    )
    return _answer(request)


@answers(_DOMAINS, "delete_group", "delete_dynamic_resource_group", harmless=("forceDelete",))
def delete_group(request: Request) -> Response:
    """Delete a group. Members do not keep it, so that force is the same."""
    entry = _group(request)
    guard = partial(require_match, request.headers)
    request.operations.delete(request.account, entry.token, entry.urn, entry.id, guard=guard)
    return Response(status=204)
