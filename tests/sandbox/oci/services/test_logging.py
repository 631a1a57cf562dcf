"""What Logging refuses."""

from typing import Any

import pytest

from facts.log_services import log_services
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, warnings_of
from sandbox.oci.services.logging import AGENT, LOG
from tests.sandbox.oci.conftest import REGION, Refused, Service


@pytest.mark.parametrize("days", [29, 45, 210])
def test_a_log_kept_for_an_odd_time_is_refused(service: Service, refused: Refused, days: int) -> None:
    refused(
        400, "InvalidParameter", "in increments of 30",
        service.create, "oci:Logging/log:Log", logGroupId="ocid1.loggroup.oc1.iad.aaaa", logType="CUSTOM",
        displayName="flow", retentionDuration=days,
    )  # fmt: skip


def test_a_log_group_name_twice_in_a_compartment_is_refused(service: Service, refused: Refused) -> None:
    service.create("oci:Logging/logGroup:LogGroup", displayName="flow")
    refused(409, "Conflict", "flow already exists", service.create, "oci:Logging/logGroup:LogGroup",
            displayName="flow")  # fmt: skip


BALANCER = "ocid1.loadbalancer.oc1.iad.aaaaofanexistingaccount"


def service_log(cloud: Service, name: str = "one", **source: str) -> Entry:
    given = {
        "service": "loadbalancer",
        "category": "access",
        "resource": BALANCER,
        "sourceType": "OCISERVICE",
    }
    return cloud.create(
        LOG,
        logGroupId="ocid1.loggroup.oc1.iad.aaaa",
        logType="SERVICE",
        displayName=name,
        configuration={"source": given | source},
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"service": "loadbalancers"}, "service must be one of"),
        ({"category": None}, "source.category is required"),
        ({"sourceType": "OTHER"}, "sourceType must be one of OCISERVICE"),
        ({"category": "all"}, "category must be one of access, error"),
        ({"service": "waf", "category": "all"}, "is not valid for service waf"),
        ({"service": "objectstorage", "category": "write"}, "is not valid for service objectstorage"),
    ],
)
def test_a_log_of_an_unknown_source_is_refused(
    service: Service, refused: Refused, source: dict[str, str], message: str
) -> None:
    refused(400, "InvalidParameter", message, service_log, service, **source)


def test_a_service_log_needs_a_source(service: Service, refused: Refused) -> None:
    given = {"logGroupId": "ocid1.loggroup.oc1.iad.aaaa", "logType": "SERVICE", "displayName": "one"}
    refused(400, "InvalidParameter", "configuration is required", service.create, LOG, **given)


def test_every_known_category_is_accepted(service: Service) -> None:
    for name, known in log_services().items():
        if name == "flowlogs":
            continue
        for category in known.categories:
            resource = (
                "a-bucket" if known.resource == "name" else f"ocid1.{known.resource or 'x'}.oc1.iad.{name}"
            )
            service_log(service, f"{name}-{category}", service=name, category=category, resource=resource)


def test_an_unverified_service_gets_a_warning(service: Service) -> None:
    source = {"service": "postgresql", "category": "postgresql_database_logs", "resource": "x"}
    inputs = {"logType": "SERVICE", "configuration": {"source": source}}
    (said,) = warnings_of(Call(service.cloud, LOG, "create", REGION, inputs, None, "urn"))
    assert "that of the category is unverified" in said


def agent(service: Service, log: str, **source: Any) -> Entry:
    tail = {"sourceType": "LOG_TAIL", "name": "containers", "paths": ["/var/log/containers/*.log"]}
    configuration = {
        "configurationType": "LOGGING",
        "sources": [tail | source],
        "destination": {"logObjectId": log},
    }
    return service.create(AGENT, displayName=f"nodes {log} {source}", serviceConfiguration=configuration)


def test_an_agent_sends_files_to_a_custom_log(service: Service, refused: Refused) -> None:
    group = service.create("oci:Logging/logGroup:LogGroup", displayName="env")
    custom = service.create(LOG, logGroupId=group.id, logType="CUSTOM", displayName="containers")
    agent(service, custom.id)
    refused(
        400,
        "InvalidParameter",
        "paths is required for source containers",
        agent,
        service,
        custom.id,
        paths=[],
    )
    refused(
        400, "InvalidParameter", "sourceType must be one of", agent, service, custom.id, sourceType="TAIL"
    )
    written = service_log(service)
    refused(400, "InvalidParameter", "is not a custom log", agent, service, written.id)


def test_an_agent_configuration_name_twice_in_a_compartment_is_refused(
    service: Service, refused: Refused
) -> None:
    group = service.create("oci:Logging/logGroup:LogGroup", displayName="env")
    custom = service.create(LOG, logGroupId=group.id, logType="CUSTOM", displayName="containers")
    agent(service, custom.id)
    refused(409, "Conflict", "already exists", agent, service, custom.id)
