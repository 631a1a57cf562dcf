"""Log group, service logs, logs of containers, flow logs in the same group."""

from typing import Any

import pytest

from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.observability.container_logs import ContainerLogs, ContainerLogsArgs
from components.observability.log_group import LogGroup, LogGroupArgs
from components.observability.service_logs import ServiceLogArgs, ServiceLogs, ServiceLogsArgs
from facts.log_services import LOG_DAYS, log_services
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

LOG, GROUP = "oci:Logging/log:Log", "oci:Logging/logGroup:LogGroup"
AGENT = "oci:Logging/unifiedAgentConfiguration:UnifiedAgentConfiguration"


def service_logs(preview: bool = False, **changes: Any) -> Recording:
    logs = {"access": ServiceLogArgs(service="loadbalancer", category="access", resource="lb")}
    args = {"log_group_id": "group", "logs": logs, **changes}
    return run(lambda: ServiceLogs("prod", ServiceLogsArgs(**args), oci_options()) and None, preview)


def containers(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": "c", "log_group_id": "group", "dynamic_group_ids": ["nodes"], **changes}
    return run(lambda: ContainerLogs("pods", ContainerLogsArgs(**args), oci_options()) and None, preview)


def test_a_log_group_is_protected_with_its_entries():
    args = LogGroupArgs(compartment_id="c", group_name="prod-logs", protect=True)
    made = run(lambda: LogGroup("prod", args, oci_options()) and None).one(GROUP)
    assert made.inputs["displayName"] == "prod-logs"
    assert made.protect


def test_a_service_log_names_its_source_and_is_kept_as_long_as_cis_asks():
    inputs = service_logs().one(LOG).inputs
    source = {"sourceType": "OCISERVICE", "service": "loadbalancer", "category": "access", "resource": "lb"}
    assert inputs["configuration"] == {"source": source}
    assert (inputs["logType"], inputs["retentionDuration"], inputs["displayName"]) == (
        "SERVICE", 90, "prod-access",
    )  # fmt: skip


def test_logs_survive_a_first_preview():
    assert service_logs(preview=True).one(LOG).inputs["logGroupId"] == "group"
    tail = containers(preview=True).one(AGENT).inputs["serviceConfiguration"]
    assert tail["destination"]["logObjectId"] == UNKNOWN


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"retention_days": 100}, "prod.retentionDays", "must be one of 30, 60, 90, 120, 150, 180 days"),
        (
            {"logs": {"x": ServiceLogArgs(service="loadbalancers", category="a", resource="r")}},
            "prod.logs['x'].service",
            "Did you mean `loadbalancer`",
        ),
        (
            {"logs": {"x": ServiceLogArgs(service="waf", category="access", resource="r")}},
            "prod.logs['x'].category",
            "must be one of all",
        ),
    ],
)
def test_a_wrong_service_log_is_refused(changes: dict[str, Any], path: str, message: str):
    with pytest.raises(InvalidInput) as refused:
        service_logs(**changes)
    (problem,) = refused.value.problems
    assert problem.path == path
    assert message in str(problem)


def test_every_service_has_categories_and_a_source():
    for name, service in log_services().items():
        assert service.categories, name
        assert service.page.endswith(".htm") or not service.page
    assert {name for name, each in log_services().items() if each.unverified} == {
        "keymanagementservice", "oci-cache", "postgresql",
    }  # fmt: skip
    assert all(days % 30 == 0 and 30 <= days <= 180 for days in LOG_DAYS)


def test_the_agent_of_the_nodes_sends_the_logs_of_all_containers_to_a_custom_log():
    made = containers()
    log, agent = made.one(LOG), made.one(AGENT)
    assert (log.inputs["logType"], log.inputs["retentionDuration"]) == ("CUSTOM", 90)
    assert "configuration" not in log.inputs
    assert agent.inputs["groupAssociation"] == {"groupLists": ["nodes"]}
    (source,) = agent.inputs["serviceConfiguration"]["sources"]
    assert (source["sourceType"], source["paths"]) == ("LOG_TAIL", ["/var/log/containers/*.log"])
    assert source["parser"]["parserType"] == "CRI"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"paths": []}, "pods.paths"),
        ({"paths": ["x.log"]}, "pods.paths[0]"),
        ({"retention_days": 31}, "pods.retentionDays"),
    ],
)
def test_wrong_logs_of_containers_are_refused(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refused:
        containers(**changes)
    assert [each.path for each in refused.value.problems] == [path]


@pytest.mark.parametrize("group", [None, "theirs"])
def test_flow_logs_are_in_a_given_group_or_in_their_own(group: str | None):
    args = FlowLogsArgs(compartment_id="c", vcn_id="vcn", log_group_id=group)
    made = run(lambda: FlowLogs("flows", args, oci_options()) and None)
    own = [f"ocid1.loggroup.oc1.iad.{each.name}" for each in made.of_type(GROUP)]
    assert len(own) == (group is None)
    assert made.one(LOG).inputs["logGroupId"] == (group or own[0])
    assert made.one(LOG).inputs["retentionDuration"] == 90
