"""What Object Storage refuses in the rules of a lifecycle policy."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

LIFECYCLE = "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy"


@pytest.fixture(autouse=True)
def bucket(service: Service) -> Entry:
    return service.create("oci:ObjectStorage/bucket:Bucket", namespace="axgenai", name="models")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "The lifecycle rule name '' is invalid"),
        ({"name": "a rule"}, "The lifecycle rule name 'a rule' is invalid"),
        ({"name": "r" * 257}, "at most 256 characters"),
        ({"name": "first"}, "The lifecycle rule name 'first' is not unique"),
        ({"timeAmount": "0"}, "timeAmount must be"),
        (
            {"objectNameFilter": {"inclusionPrefixes": [""]}},
            "objectNameFilter: a prefix or pattern must not be empty",
        ),
        ({"objectNameFilter": {"exclusionPatterns": ["x" * 1025]}}, "it must be 1024 characters or fewer"),
        (
            {
                "action": "ABORT",
                "target": "multipart-uploads",
                "objectNameFilter": {"inclusionPrefixes": ["a/"]},
            },
            "objectNameFilter is not supported for target multipart-uploads",
        ),
    ],
)
def test_an_ill_formed_lifecycle_rule_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    first = {"name": "first", "action": "DELETE", "timeAmount": "1", "timeUnit": "DAYS"}
    refused(
        400, "InvalidParameter", message, service.create, LIFECYCLE,
        namespace="axgenai", bucket="models", rules=[first, {**first, "name": "second", **wrong}],
    )  # fmt: skip


def test_too_many_lifecycle_rules_are_refused(service: Service, refused: Refused) -> None:
    each = {"action": "DELETE", "timeAmount": "1", "timeUnit": "DAYS"}
    rules = [{"name": f"r{number}", **each} for number in range(1001)]
    given = {"namespace": "axgenai", "bucket": "models"}
    refused(400, "InvalidParameter", "more than 1000", service.create, LIFECYCLE, **given, rules=rules)
    assert service.create(LIFECYCLE, **given, rules=rules[1:]), "a thousand are accepted"
