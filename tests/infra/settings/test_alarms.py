"""The alarms of an environment: only those that have something to watch."""

from typing import Any

import pytest

from components.observability.definitions import NEEDS, all_alarms, load_alarms, services
from components.observability.panels import panels
from components.observability.services import watched_services
from infra.project.stackfile import read_stack_file
from infra.settings import Settings, examine
from infra.settings.watched import HAS, alarms_for, size_of, wanted_alarms
from tests.infra.settings.examples import Change, config
from tests.infra.snapshots import file_of, path_of

EXTERNAL = {"sizeOwner": "external", "minNodes": 0, "maxNodes": 2}
ALWAYS = {"ownCluster", "steadyCluster", "ownNetwork", "buckets"}
"""What the example has without its GPU pools."""


def settings(*changes: Change) -> Settings:
    found = examine(config(*changes), "test")
    assert found.settings, [str(each) for each in found.problems]
    return found.settings


def has(of: Settings) -> set[str]:
    return {need for need, test in HAS.items() if test(of)}


def test_each_requirement_is_known_to_the_settings():
    assert set(HAS) == set(NEEDS)
    used = {alarm.only_with for alarm in all_alarms().values()} | {
        each.only_with for each in panels().values()
    }
    assert used - {None} == set(NEEDS), "each is used"


GPU, RDMA, FIXED = "gpuPools", "rdmaPools", "fixedGpuPools"


@pytest.mark.parametrize(
    ("pools", "expected"),
    [
        ([], set[str]()),
        ([{}], {GPU, RDMA, FIXED}),
        ([{"rdma": False}], {GPU, FIXED}),
        ([EXTERNAL], {GPU, RDMA}),
        ([{}, EXTERNAL], {GPU, RDMA}),
        ([{"rdma": False}, {}], {GPU, RDMA, FIXED}),
    ],
)
def test_alarms_follow_the_gpu_pools(pools: list[dict[str, Any]], expected: set[str]):
    image = "ocid1.image.oc1.iad.aaaaaaaaexample"
    listed = [{"name": f"p{i}", "nodes": 1, "imageId": image, **each} for i, each in enumerate(pools)]
    found = settings(("gpu.pools", listed), ("serving.models", []), ("vault.kind", "none"))
    assert has(found) == ALWAYS | expected
    assert set(alarms_for(found)) == {
        name for name, alarm in all_alarms().items() if alarm.only_with in (None, *ALWAYS, *expected)
    }


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ([], "secrets"),
        ([("database.oracle", {"dbName": "genai"})], "oracle"),
        ([("database.postgresql", {})], "postgresql"),
        ([("database.cache", {})], "cache"),
        ([("database.opensearch", {})], "opensearch"),
        ([("database.streaming", {"streams": {"events": {"partitions": 1}}})], "streams"),
        ([("storage.fileStorage", {})], "fileStorage"),
        ([("storage.lustre", {})], "lustre"),
        (
            [("observability.topics", [{"name": "urgent", "severities": ["CRITICAL"]}, {"name": "other"}])],
            "twoTopics",
        ),
    ],
)
def test_an_alarm_comes_with_its_service(changes: list[Change], need: str):
    without, named = settings(("vault.kind", "none")), settings(*changes)
    assert need in has(named) - has(without)
    assert {name for name, alarm in all_alarms().items() if alarm.only_with == need} <= set(alarms_for(named))


def test_a_cluster_that_stops_out_of_hours_has_no_alarm_for_what_is_missing():
    hours = {
        "pools": ["system"], "stop": "30 19 * * 1-5", "start": "30 5 * * 1-5",
        "image": "iad.ocir.io/ns/pool-hours:1.0.0", "imageDigest": "sha256:" + "0" * 64,
    }  # fmt: skip
    usual, stopping = settings(), settings(("cluster.schedule", hours))
    assert set(alarms_for(usual)) - set(alarms_for(stopping)) == {"oke-api-absent"}
    assert {name for name in alarms_for(stopping) if name.startswith("function-")}


def test_a_gpu_pool_that_stops_out_of_hours_has_no_alarm_for_missing_nodes():
    hours = {
        "pools": ["mi300x"], "stop": "30 19 * * 1-5", "start": "30 5 * * 1-5",
        "image": "iad.ocir.io/ns/pool-hours:1.0.0", "imageDigest": "sha256:" + "0" * 64,
    }  # fmt: skip
    found = settings(("cluster.schedule", hours))
    assert {"gpu-metrics-absent", "oke-api-absent"} & set(alarms_for(found)) == set()


FOR_ALL = {"block-volumes", "notifications"}
"""Every node has a volume, and the failures of a topic need a second one to tell of them."""


@pytest.mark.parametrize("stack", ["prod", "staging", "dev", "alarms", "governance", "logs", "tenancy"])
def test_exactly_the_services_that_a_stack_creates_have_alarms(stack: str):
    settings = examine(read_stack_file(stack, file_of(stack)).sections, stack).settings
    assert settings is not None
    urns = path_of(stack).read_text(encoding="utf-8")
    created = {
        name
        for name, each in watched_services().items()
        if each.alarms and any(f"genai:index:{component}" in urns for component in each.components)
    }
    service_of = {alarm: service for service in services() for alarm in load_alarms(service)}
    alarmed = {service_of[each.definition_name] for each in wanted_alarms(settings)}
    assert alarmed - FOR_ALL == created - FOR_ALL


def test_a_size_is_the_environments_own():
    found = settings(("storage.lustre", {"capacityGb": 31_200}))
    assert (size_of(found, "lustreGb"), size_of(found, "loadBalancerMbps"), size_of(found, None)) == (
        31_200,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("topic", "severity", "told"),
    [
        ("urgent", "CRITICAL", "other"),
        ("other", "CRITICAL", "urgent"),
        ("other", "INFO", "urgent"),
        ("urgent", "INFO", "other"),
    ],
)
def test_the_failures_of_a_topic_are_told_by_another(topic: str, severity: str, told: str):
    topics = [{"name": "urgent", "severities": ["CRITICAL"]}, {"name": "other"}]
    found = settings(("observability.topics", topics)).observability
    assert found.other_topic(topic, severity) == told
