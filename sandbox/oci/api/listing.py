"""Lists: what a compartment has, filtered, sorted and page by page."""

import base64
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sandbox.oci.api import passing
from sandbox.oci.api.endpoints import Endpoint
from sandbox.oci.api.names import fields_of_type, matched
from sandbox.oci.api.parameters import PAGING
from sandbox.oci.api.parents import require_parent
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import in_region, row_model, shown
from sandbox.oci.errors import OciError, invalid_parameter

_PAGE = 100
"""Items on a page if the client names no limit: unverified, services differ."""
_MOST = 1000

Row = dict[str, Any]
Key = list[str]


def list_resources(endpoint: Endpoint, request: Request) -> Response:
    """The resources of a type that the parameters choose."""
    rows, by_id = rows_of(endpoint, request), endpoint.id_filter
    wanted = request.argument(by_id) if by_id else None
    chosen = [row for row in rows if wanted in (None, row.get("id"))]
    return page(request, chosen, ignored=(*endpoint.ignores, by_id))


def rows_of(endpoint: Endpoint, request: Request) -> list[Row]:
    """Every resource of a type that the caller's region has, below what the path names. The read meets its faults."""
    request.meet_faults(endpoint.token)
    require_parent(request)
    row, states = row_model(request.operation), passing.shown_states(request.cloud.store)
    names = matched(request.path, fields_of_type(endpoint.token), endpoint.names)
    parents = {names.get(name, name): value for name, value in request.path.items()}
    return [
        shown(request, endpoint, row, entry, states.get(entry.id))
        for token in endpoint.tokens
        for entry in request.cloud.all(token)
        if entry.outputs
        and in_region(entry, request.account.region)
        and all(entry.outputs.get(name) == value for name, value in parents.items())
    ]


def page(request: Request, rows: Iterable[Row], *, ignored: tuple[str, ...] = (), by: str = "") -> Response:
    """The page of some rows that the request asks for, after its filters and in its order.

    `by` is the property of the order without `sortBy`, newest first; empty: by age, oldest first.
    """
    found = row_model(request.operation)
    request.refuse_parameters({*PAGING, *ignored, *(found.properties if found else ())})
    by = _sort_property(request) or by
    down = (request.argument("sortOrder") or ("DESC" if by.startswith("time") else "ASC")).upper() == "DESC"
    chosen = sorted((row for row in rows if _passes(request, row, ignored)), key=lambda row: _key(row, by))
    if down:
        chosen.reverse()
    limit = int(request.argument("limit") or _PAGE)
    if not 1 <= limit <= _MOST:
        raise invalid_parameter(f"limit must be between 1 and {_MOST}, not {limit}.")
    last = last_key(request)
    if last is not None:
        chosen = [row for row in chosen if (_key(row, by) < last if down else _key(row, by) > last)]
    part = chosen[:limit]
    headers: dict[str, str] = {}
    if len(chosen) > limit and "page" in request.operation.query:
        headers["opc-next-page"] = page_token(request, _key(part[-1], by))
    kind = request.operation.answer
    return Response(body=part if kind and kind.kind == "list" else {"items": part}, headers=headers)


def _passes(request: Request, row: Row, ignored: tuple[str, ...]) -> bool:
    found = row_model(request.operation)
    for name, values in request.query.items():
        known = found is not None and name in found.properties
        if name in PAGING or name in ignored or not any(values) or not known:
            continue
        # The SDK says of filters with choices: "The value is case-insensitive."
        plain = str.casefold if request.operation.query[name].choices else str
        given = {plain(each.lower() if each in _BOOLS else each) for each in values}
        if "ALL" in request.operation.query[name].choices and given == {"all"}:
            continue
        if row.get(name) is None or plain(_text(row[name])) not in given:
            return False
    return True


_BOOLS = frozenset({"True", "False"})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sort_property(request: Request) -> str:
    """The property that `sortBy` names; empty without one. 501 for one that the rows do not have."""
    wanted = request.argument("sortBy")
    found = row_model(request.operation)
    names = {name.casefold(): name for name in (found.properties if found else ())}
    by = names.get((wanted or "").replace("_", "").casefold(), "")
    if wanted and not by:
        raise OciError(
            501, "NotImplemented", f"The sandbox does not model sortBy {wanted} of {request.operation.name}."
        )
    return by


def _key(row: Row, by: str) -> Key:
    """The place of a row: by the wanted property, then by age, then by its unique key."""
    own = row.get("id") or row.get("name") or json.dumps(row, sort_keys=True, default=str)
    return [str(row.get(by, "")).casefold(), str(row.get("timeCreated", "")), str(own)]


def page_token(request: Request, last: Key) -> str:
    """The next page: after which row, and of which list."""
    text = json.dumps([_list_name(request), last])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _list_name(request: Request) -> str:
    wanted = {name: values for name, values in request.query.items() if name not in ("limit", "page")}
    named = [request.operation.name, request.account.region, dict(request.path), wanted]
    text = json.dumps(named, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def last_key(request: Request) -> Key | None:
    """The last row of the page before; None for the first page."""
    token = request.argument("page")
    if not token:
        return None
    try:
        name, last = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if [type(each) for each in last] != [str, str, str]:
            raise ValueError(token)
    except (ValueError, TypeError, RecursionError) as error:
        raise invalid_parameter("page is not a page token of this service.") from error
    if name != _list_name(request):
        raise invalid_parameter("page is a token of another list.")
    return last
