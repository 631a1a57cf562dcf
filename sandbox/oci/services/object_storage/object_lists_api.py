"""Object Storage: lists of objects in OCI's REST API."""

from typing import Any, Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.objects import Objects

_MOST: Final = 1000


@answers(CLIENT, "list_objects")
def list_objects(request: Request) -> Response:
    """The objects of a bucket by name, with what is between the prefix and a delimiter folded to prefixes."""
    prefix, delimiter = request.argument("prefix") or "", request.argument("delimiter")
    limit = int(request.argument("limit") or _MOST)
    if not 1 <= limit <= _MOST:
        raise invalid_parameter(f"limit must be between 1 and {_MOST}, not {limit}.")
    start, end = request.argument("start") or "", request.argument("end")
    after = request.argument("startAfter")
    names = [
        each
        for each in Objects(request.cloud.store).all(bucket_of(request).id, prefix)
        if each.name >= start and (not end or each.name < end) and (not after or each.name > after)
    ]
    shown: dict[str, dict[str, Any] | None] = {}
    for each in names:
        folded = _folded(each.name, prefix, delimiter)
        shown.setdefault(folded or each.name, None if folded else _chosen(request, each.summary()))
    found = list(shown)
    rows = [(name, shown[name]) for name in found[:limit]]
    body: dict[str, Any] = {"objects": [row for _, row in rows if row is not None]}
    if delimiter:
        body["prefixes"] = [name for name, row in rows if row is None]
    if len(found) > limit:
        body["nextStartWith"] = found[limit]
    return Response(body=body)


def _folded(name: str, prefix: str, delimiter: str | None) -> str:
    rest = name[len(prefix) :]
    return prefix + rest.split(delimiter)[0] + delimiter if delimiter and delimiter in rest else ""


def _chosen(request: Request, summary: dict[str, Any]) -> dict[str, Any]:
    """The name alone, unless `fields` asks for more."""
    wanted = {"name", *(request.argument("fields") or "").split(",")}
    return {name: value for name, value in summary.items() if name in wanted}
