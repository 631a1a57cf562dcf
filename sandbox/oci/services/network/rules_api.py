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


@answers(NETWORK, "list_network_security_group_security_rules")
def list_rules(request: Request) -> Response:
    """The rules of a group."""
    return page(request, map(_shown, _rules(request)))


def _inputs(request: Request, body: dict[str, Any], name: str) -> dict[str, Any]:
    found = model("core", name)
    assert found is not None  # noqa: S101 - the table has it
    kept = {key: value for key, value in body.items() if key != "id"}
    inputs = inputs_of(found, kept, fields_of_type(GROUP_RULE), {})
    return {**inputs, "networkSecurityGroupId": request.path["networkSecurityGroupId"]}


def _all_or_none(request: Request, each: Callable[[dict[str, Any]], Entry | None]) -> Response:
    rows = request.body.get("securityRules") or []
    if len(rows) > _MOST:
        raise invalid_parameter(f"securityRules size must be between 0 and {_MOST}")
    _rules(request)
    with request.cloud.transaction():
        made = [entry for entry in map(each, rows) if entry is not None]
    return Response(body={"securityRules": [_shown(entry) for entry in made]})


@answers(NETWORK, "add_network_security_group_security_rules")
def add_rules(request: Request) -> Response:
    """Add rules to a group: all of them or none."""

    def add(body: dict[str, Any]) -> Entry | None:
        inputs = _inputs(request, body, "AddSecurityRuleDetails")
        made = request.operations.create(request.account, GROUP_RULE, "", inputs)
        return request.cloud.find(made.id)

    return _all_or_none(request, add)


@answers(NETWORK, "update_network_security_group_security_rules")
def update_rules(request: Request) -> Response:
    """Change rules of a group: all of them or none."""
    known = {each.id: each for each in _rules(request)}

    def change(body: dict[str, Any]) -> Entry | None:
        old = known.get(body["id"])
        if old is None:
            raise invalid_parameter(f"The security rule {body['id']} is not in the network security group.")
        inputs = _inputs(request, body, "UpdateSecurityRuleDetails")
        request.operations.update(request.account, GROUP_RULE, old.urn, old.id, inputs)
        return request.cloud.find(old.id)

    return _all_or_none(request, change)


@answers(NETWORK, "remove_network_security_group_security_rules")
def remove_rules(request: Request) -> Response:
    """Take rules from a group: all of them or none."""
    known = {each.id: each for each in _rules(request)}
    wanted = request.body.get("securityRuleIds") or []
    for each in wanted:
        if each not in known:
            raise invalid_parameter(f"The security rule {each} is not in the network security group.")
    with request.cloud.transaction():
        for each in wanted:
            request.operations.delete(request.account, GROUP_RULE, known[each].urn, each)
    return Response(status=204)
