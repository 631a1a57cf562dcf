"""Retention rules in OCI's REST API. The model keeps them in their bucket, as the provider does."""

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from facts.oci_api import model
from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.etags import etag, require_match
from sandbox.oci.api.inward import inputs_of
from sandbox.oci.api.listing import last_key
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import not_found
from sandbox.oci.ids import derived_ocid, id_of
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import BUCKET
from sandbox.store import now

_NAMES: Final = {"id": "retentionRuleId"}

Row = dict[str, Any]


def _rows(bucket: Entry) -> list[Row]:
    """The bucket's rules, each with an id. Rules that the stand-in created have an id by their name."""
    own = blocks(bucket.inputs, "retentionRules")
    return [
        {
            "retentionRuleId": derived_ocid(
                "retentionrule", bucket.region, bucket.id, str(each["displayName"])
            ),
            "timeCreated": bucket.created_at,
            "timeModified": bucket.created_at,
            **each,
        }
        for each in own
    ]


def _shown(bucket: Entry, row: Row) -> Row:
    found = model("object_storage", "RetentionRule")
    assert found is not None  # noqa: S101 - the table has it
    return {**body_of(found, row, _fields(), _NAMES), "etag": etag(bucket)}


def _fields() -> Mapping[str, Any]:
    inner = fields_of_type(BUCKET)["retentionRules"].of
    return inner if isinstance(inner, Mapping) else {}


def _given(request: Request) -> Row:
    kind = request.operation.body
    found = model("object_storage", kind.name) if kind else None
    return inputs_of(found, request.body or {}, dict(_fields()), {}) if found else {}


def _named(request: Request, rows: list[Row]) -> Row:
    id = request.path["retentionRuleId"]  # noqa: A001
    for row in rows:
        if row["retentionRuleId"] == id:
            return row
    raise not_found(f"Retention rule {id}.")


def _change(request: Request, change: Callable[[list[Row]], list[Row]]) -> Entry:
    """Put other rules in the place of the bucket's."""
    bucket = bucket_of(request)
    changed: list[Entry] = []

    def merged(held: Entry) -> Row:
        return {**held.inputs, "retentionRules": change(_rows(held))}

    guard = partial(require_match, request.headers)
    request.operations.update(
        request.account, BUCKET, bucket.urn, id_of(bucket.id), merged, guard=guard, then=changed.append
    )
    return changed[0]


@answers(CLIENT, "list_retention_rules", reads=("page",))
def list_rules(request: Request) -> Response:
    """All rules of a bucket, on one page: there are at most a hundred. 400 for a page token."""
    request.meet_faults(BUCKET)
    last_key(request)
    bucket = bucket_of(request)
    return Response(body={"items": [_shown(bucket, row) for row in _rows(bucket)]})


@answers(CLIENT, "get_retention_rule")
def get_rule(request: Request) -> Response:
    """One rule of a bucket."""
    request.meet_faults(BUCKET)
    bucket = bucket_of(request)
    return Response(body=_shown(bucket, _named(request, _rows(bucket))))


@answers(CLIENT, "create_retention_rule")
def create_rule(request: Request) -> Response:
    """Add a rule to a bucket."""
    made = {
        "displayName": "",
        **_given(request),
        "retentionRuleId": secrets.token_hex(16),
        "timeCreated": now(),
        "timeModified": now(),
    }
    bucket = _change(request, lambda rows: [*rows, made])
    return Response(body=_shown(bucket, made))


@answers(CLIENT, "update_retention_rule")
def update_rule(request: Request) -> Response:
    """Change a rule of a bucket."""
    given = {**_given(request), "timeModified": now()}

    def change(rows: list[Row]) -> list[Row]:
        old = _named(request, rows)
        return [{**row, **given} if row is old else row for row in rows]

    bucket = _change(request, change)
    return Response(body=_shown(bucket, _named(request, _rows(bucket))))


@answers(CLIENT, "delete_retention_rule")
def delete_rule(request: Request) -> Response:
    """Remove a rule of a bucket; 409 for a locked one."""
    _change(request, partial(_without, request))
    return Response(status=204)


def _without(request: Request, rows: list[Row]) -> list[Row]:
    gone = _named(request, rows)
    return [row for row in rows if row is not gone]
