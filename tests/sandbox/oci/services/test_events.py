"""What event rules refuse."""

import json
from typing import Any

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, warnings_of
from sandbox.oci.services.events import RULE
from tests.sandbox.oci.conftest import REGION, TENANCY, Refused, Service

TYPE = "com.oraclecloud.identitycontrolplane.createpolicy"


def _inputs(service: Service, **inputs: Any) -> dict[str, Any]:
    topic = service.create("oci:Ons/notificationTopic:NotificationTopic", name="t")
    return {
        "compartmentId": TENANCY,
        "displayName": "policies",
        "isEnabled": True,
        "condition": json.dumps({"eventType": [TYPE]}),
        "actions": {"actions": [{"actionType": "ONS", "isEnabled": True, "topicId": topic.id}]},
    } | inputs


def _rule(service: Service, **inputs: Any) -> Entry:
    return service.create(RULE, **_inputs(service, **inputs))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"condition": "{"}, "not valid JSON"),
        ({"condition": "[" * 100_000}, "not valid JSON"),
        ({"condition": "[]"}, "must be a JSON object"),
        ({"condition": '{"eventType": [1]}'}, "eventType must be a text"),
        ({"actions": {"actions": []}}, "actions size must be at least 1"),
        ({"actions": {"actions": [{"actionType": "SMS"}]}}, "actionType must be one of ONS, OSS, FAAS"),
        ({"actions": {"actions": [{"actionType": "ONS"}]}}, "ONS needs topicId"),
        (
            {"actions": {"actions": [{"actionType": "FAAS", "streamId": "ocid1.stream.oc1.iad.a"}]}},
            "FAAS needs functionId and no other destination",
        ),
    ],
)
def test_an_ill_formed_rule_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], why: str
) -> None:
    refused(400, "InvalidParameter", why, _rule, service, **wrong)


def test_a_rule_that_sends_to_a_topic_is_accepted(service: Service) -> None:
    assert _rule(service).state == "ACTIVE"


@pytest.mark.parametrize(
    ("types", "warned"),
    [
        ([TYPE], False),
        (["com.oraclecloud.identitycontrolplane.createpolcy"], True),
        (["com.oraclecloud.identitycontrolplane.*"], False),
        (["com.oraclecloud.databaseservice.autonomous.database.backup.end"], False),
    ],
)
def test_a_misspelt_type_of_event_is_a_warning(service: Service, types: list[str], warned: bool) -> None:
    given = _inputs(service, condition=json.dumps({"eventType": types}))
    found = warnings_of(Call(service.cloud, RULE, "create", REGION, given, None, "urn"))
    assert bool(found) is warned
    assert not warned or types[0] in found[0]
