"""Networking: the rules of a security group, which the API adds, changes and removes by lists."""

from collections.abc import Callable
from typing import Any

from facts.oci_api import model
from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.inward import inputs_of
from sandbox.oci.api.listing import page
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.services.network.api import NETWORK
from sandbox.oci.services.network.security import GROUP, GROUP_RULE

_MOST = 25
"""Rules in one call, as the SDK says of `security_rules`."""


def _rules(request: Request) -> list[Entry]:
    group = request.cloud.require(
        request.path["networkSecurityGroupId"],
        GROUP,
        path="networkSecurityGroupId",
        region=request.account.region,
    )
    named = request.cloud.referrers(group.id)
    return [
        each
        for each in named
        if each.token == GROUP_RULE and each.inputs.get("networkSecurityGroupId") == group.id
    ]


def _shown(entry: Entry) -> dict[str, Any]:
    found = model("core", "SecurityRule")
    assert found is not None  # noqa: S101 - the table has it
    return {**body_of(found, entry.outputs, fields_of_type(GROUP_RULE), {}), "id": entry.id}


@answers(NETWORK, "list_network_security_group_security_rules", lists=True)
def list_rules(request: Request) -> Response:
    """The rules of a group."""
    request.meet_faults(GROUP_RULE)
    return page(request, map(_shown, _rules(request)))


def _inputs(request: Request, body: dict[str, Any], name: str) -> dict[str, Any]:
    found = model("core", name)
    assert found is not None  # noqa: S101 - the table has it
    kept = {key: value for key, value in body.items() if key != "id"}
    inputs = inputs_of(found, kept, fields_of_type(GROUP_RULE), {})
    return {**inputs, "networkSecurityGroupId": request.path["networkSecurityGroupId"]}


def _all_or_none(
    request: Request, operation: str, rows: list[Any], each: Callable[[dict[str, Entry], Any], Entry | None]
) -> list[Entry]:
    """Call a function with the rules of the group, by id, and each row: one call of the cloud, which all rows share."""
    if len(rows) > _MOST:
        raise invalid_parameter(f"securityRules size must be between 0 and {_MOST}")
    with request.operations.call(request.account, operation, GROUP_RULE, request.operation.name):
        known = {rule.id: rule for rule in _rules(request)}
        return [entry for row in rows if (entry := each(known, row)) is not None]


def _known(known: dict[str, Entry], id: str) -> Entry:  # noqa: A002
    if id not in known:
        raise invalid_parameter(f"The security rule {id} is not in the network security group.")
    return known[id]


def _answer(made: list[Entry]) -> Response:
    return Response(body={"securityRules": [_shown(entry) for entry in made]})


@answers(NETWORK, "add_network_security_group_security_rules")
def add_rules(request: Request) -> Response:
    """Add rules to a group: all of them or none."""

    def add(_: dict[str, Entry], body: dict[str, Any]) -> Entry | None:
        inputs = _inputs(request, body, "AddSecurityRuleDetails")
        made = request.operations.create(request.account, GROUP_RULE, "", inputs)
        return request.cloud.find(made.id)

    return _answer(_all_or_none(request, "create", request.body.get("securityRules") or [], add))


@answers(NETWORK, "update_network_security_group_security_rules")
def update_rules(request: Request) -> Response:
    """Change rules of a group: all of them or none."""

    def change(known: dict[str, Entry], body: dict[str, Any]) -> Entry | None:
        old = _known(known, body["id"])
        inputs = _inputs(request, body, "UpdateSecurityRuleDetails")
        request.operations.update(request.account, GROUP_RULE, old.urn, old.id, inputs)
        return request.cloud.find(old.id)

    return _answer(_all_or_none(request, "update", request.body.get("securityRules") or [], change))


@answers(NETWORK, "remove_network_security_group_security_rules")
def remove_rules(request: Request) -> Response:
    """Remove rules of a group: all of them or none."""

    def remove(known: dict[str, Entry], id: str) -> None:  # noqa: A002
        request.operations.delete(request.account, GROUP_RULE, _known(known, id).urn, id)

    _all_or_none(request, "delete", request.body.get("securityRuleIds") or [], remove)
    return Response(status=204)
