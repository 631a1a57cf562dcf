"""The resource above another one: `/logGroups/{logGroupId}/logs/{logId}` names a log group and one of its logs."""

import re
from functools import cache

from facts.oci_api import Operation
from facts.ocids import parse_ocid
from facts.regions import REGIONS
from sandbox.oci.api.endpoints import Endpoint, endpoints
from sandbox.oci.api.etags import require_match
from sandbox.oci.api.names import fields_of_type, matched
from sandbox.oci.api.request import Request
from sandbox.oci.api.showing import exists, seen
from sandbox.oci.errors import OciError, not_found
from sandbox.oci.ids import key_of
from sandbox.oci.model import Entry


def is_below(endpoint: Endpoint, request: Request, entry: Entry) -> bool:
    """Whether a resource belongs to what the path names before it."""
    above = dict(list(request.path.items())[:-1])
    names = matched(above, fields_of_type(endpoint.token), endpoint.names)
    return all(entry.outputs.get(names[name]) in (None, above[name]) for name in names)


def require_parent(request: Request) -> None:
    """404 if the path names a resource that does not exist, before what it lists. 412 for another etag of it.

    A resource that nobody created here is assumed to exist, as in bodies.
    """
    found = _parent(f"{request.operation.package}.{request.operation.client}", request.operation.path)
    if found is None:
        return
    endpoint, name = found
    id_ = endpoint.id.format_map(request.path) if endpoint.id else request.path[name]
    entry = request.cloud.find(key_of(id_, request.account.region))
    if entry is None:
        _require_assumable(request, endpoint, id_)
    elif not seen(endpoint, entry, request.account.region) or not exists(entry):
        raise not_found(id_)
    elif "if-match" in request.operation.headers:
        require_match(request.headers, entry)


def _require_assumable(request: Request, endpoint: Endpoint, id_: str) -> None:
    # A part, such as a backend set, may exist if the resource around it may.
    whole = next(iter(request.path.values())) if endpoint.id else id_
    ocid = parse_ocid(whole)
    if ocid is None or ocid.realm != REGIONS[request.account.region].realm:
        raise not_found(id_)
    if endpoint.id:
        return
    try:
        request.cloud.assumable(id_, *endpoint.tokens, path=id_)
    except OciError:
        raise not_found(id_) from None


@cache
def _parent(client: str, path: str) -> tuple[Endpoint, str] | None:
    """The type whose path begins another path, with its parameter. None for a path that begins with no resource."""
    found = [(own.path, each) for each in endpoints() if each.client == client for own in _gets(each)]
    above = [(own, each) for own, each in found if path.startswith(f"{own}/") and not each.also_by]
    if not above:
        return None
    own, endpoint = max(above, key=lambda pair: len(pair[0]))
    return endpoint, re.findall(r"\{(\w+)\}", own, re.ASCII)[-1]


def _gets(endpoint: Endpoint) -> list[Operation]:
    return [operation for kind, operation in endpoint.operations() if kind == "get"]
