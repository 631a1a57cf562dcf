"""A quota statement that takes away what the stack itself needs is refused, for every family that the stack uses."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from components.governance.quota_rules import Floor, shortfall_problems, statement_problems, unnamed_problems
from facts.quotas import quota_families
from infra.settings import examine
from infra.settings.governance.quota_floors import quota_floors
from tests.infra.settings.examples import IMAGE, Change, config
from tests.infra.settings.wrong.case import Wrong
from tests.infra.settings.wrong.edge import EDGE

COMPARTMENT = "ocid1.compartment.oc1..aaaaaaaaexample"
DIGEST = f"sha256:{'0' * 64}"
GROUPS: list[dict[str, Any]] = [
    {
        "name": "data",
        "volumes": {"one": {"sizeGib": 50}, "two": {"sizeGib": 50}},
        "backups": {"daily": {"period": "daily", "keepDays": 7}},
    }
]
EVERYTHING: Sequence[Change] = (
    ("tenancy.secondRegion", "us-phoenix-1"),
    ("storage.buckets.0.replicate", True),
    ("storage.volumeGroups", GROUPS),
    ("storage.fileStorage", {}),
    ("storage.lustre", {}),
    ("database.oracle", {"dbName": "app", "workload": "APEX"}),
    ("database.postgresql", {}),
    ("database.cache", {}),
    ("database.streaming", {"streams": {"audit": {"partitions": 2}, "usage": {"partitions": 1}}}),
    ("network.edge", EDGE),
    ("network.edge.firewall", {}),
    ("network.edge.dns", {"zone": "genai.example.com"}),
    ("gpu.pools.1", {"name": "own", "nodes": 1, "mode": "cluster-network", "imageId": IMAGE}),
    (
        "governance",
        {
            "managesTenancy": True,
            "cloudGuard": {},
            "scanning": {},
            "notices": {},
            "costs": {"daily": {"mostPerDay": 9, "image": "iad.ocir.io/x/y:1", "imageDigest": DIGEST}},
        },
    ),
    ("observability.topics.0.subscriptions", {"team": {"protocol": "EMAIL", "endpoint": "a@example.com"}}),
    ("observability.logs", {"keepDays": 365}),
    (
        "observability.healthChecks",
        {
            "often": {"hosts": ["api.genai.example.com"], "intervalSeconds": 10},
            "seldom": {"hosts": ["api.genai.example.com"]},
        },
    ),
    ("serving.weights", {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST}),
)


@cache
def floors() -> tuple[Floor, ...]:
    found = examine(config(*EVERYTHING), "test")
    assert found.settings, found.problems
    return tuple(quota_floors(found.settings))


def said(*statements: str, places: Sequence[str] = (), region: str = "us-ashburn-1") -> list[str]:
    found = shortfall_problems({}, statements, floors(), region=region, places=places, path="q")
    return [str(each) for each in found]


HERE = "in compartment {compartment}"


@pytest.mark.parametrize(
    ("quota", "message"),
    [
        ("object-storage quota storage-bytes", "must allow 65,"),
        ("object-storage quotas", "the staged weights"),
        ("object-storage quotas", "what connectors write to log-archive"),
        ("block-storage quota backup-count", "must allow 2 or more of backup-count"),
        ("block-storage quotas", "of total-storage-gb"),
        ("filesystem quotas", "of mount-target-count"),
        ("lustrefilestorage quotas", "of max-lustre-file-system-count"),
        ("kms quota virtual-vault-count", "the vault 1"),
        ("database quotas", "the stack needs the Autonomous Database"),
        ("postgresql quotas", "the stack needs the PostgreSQL database"),
        ("redis quotas", "the stack needs the cache"),
        ("redis quotas /*/", "the stack needs the cache"),
        ("streaming quota partition-count", "must allow 3 or more of partition-count"),
        ("load-balancer quotas", "must allow 1 or more of lb-flexible-count"),
        ("load-balancer quota /lb-flexible*/", "of lb-flexible-bandwidth-sum"),
        ("vcn quota reserved-public-ip-count", "the address of the load balancer"),
        ("vcn quotas", "the VCN 1"),
        ("waf quotas", "the web application firewall"),
        ("dns quotas", "must allow 1 or more of global-zone-count"),
        ("compute quotas", "of compute-cluster-count"),
        ("compute-management quota pool-count", "pools with cluster networks 1"),
        ("compute-core quotas", "of gpu-mi300x-count"),
        ("compute-memory quotas", "of standard-e5-memory-count"),
        ("faas quotas", "the function of governance.costs.daily"),
        ("notifications quota topic-count", "topics 1"),
        ("health-checks quota monitor-basic-count", "health checks 1"),
        ("health-checks quota monitor-premium-count", "health checks 1"),
        ("logging quotas", "the logs of observability.logs"),
        ("service-connector-hub quotas", "connectors 1"),
        ("vulnerability-scanning quotas", "governance.scanning"),
    ],
)
def test_a_statement_that_takes_it_away_is_refused(quota: str, message: str):
    text = f"zero {quota} {HERE}"
    assert not [*statement_problems(text, path="q")]
    refused = said(text)
    assert any(message in each for each in refused), refused
    assert all(each.startswith("q.statements[0]: 0; must ") for each in refused)


@pytest.mark.parametrize("quota", ["events quota rule-count", "cloudguard quotas"])
def test_what_is_in_the_root_compartment_is_only_taken_away_in_the_tenancy(quota: str):
    assert said(f"zero {quota} in tenancy")
    assert not said(f"zero {quota} {HERE}")


def test_every_family_that_is_needed_exists():
    assert {each.family for each in floors()} <= {*quota_families()}


def test_a_copy_needs_its_bucket_in_its_own_region():
    (found,) = said(f"zero object-storage quotas {HERE} where request.region = us-phoenix-1")
    assert "the copy of the bucket model-artifacts" in found


@pytest.mark.parametrize(
    "place", ["platform", "Platform:AI", COMPARTMENT, "tenancy"], ids=["above", "parent", "ocid", "tenancy"]
)
def test_a_statement_about_a_compartment_above_concerns_the_stack(place: str):
    where = place if place == "tenancy" else f"compartment {place}"
    text = f"zero kms quotas in {where}"
    assert said(text, places=[COMPARTMENT, "platform:ai"])
    assert not said("zero kms quotas in compartment platform:aix", places=[COMPARTMENT, "platform:ai"])


@pytest.mark.parametrize(
    "statements",
    [
        ("zero kms quotas in tenancy", f"unset kms quota virtual-vault-count {HERE}"),
        ("zero kms quotas in tenancy", f"set kms quota virtual-vault-count to 1 {HERE}"),
        (f"zero kms quota virtual-private-vault-count {HERE}",),
        ("zero postgresql quotas in compartment elsewhere",),
        (f"zero big-data quotas {HERE}", f"zero goldengate quotas {HERE}", f"zero api-gateway quotas {HERE}"),
    ],
)
def test_what_the_stack_does_not_use_may_be_taken_away(statements: Sequence[str]):
    assert not said(*statements)


def test_a_single_quota_without_a_source_is_a_warning():
    texts = [f"zero postgresql quota db-count {HERE}", "zero redis quotas in tenancy"]
    (found,) = unnamed_problems(texts, floors(), places=(), path="q")
    assert found.path == "q.statements[0]"
    assert "no source names the quotas of postgresql" in str(found)
    assert "oci limits definition list --service-name postgresql" in found.fix


OF_DNS = "set dns quota global-zone-count to 5 in compartment {compartment}"


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(
            "buckets without room",
            [("governance.quotas", {"statements": [f"zero object-storage quota storage-bytes {HERE}"]})],
            "governance.quotas.statements[0]",
            "0; must allow 1 or more of storage-bytes: needed are what is in the bucket model-artifacts 1",
        ),
        Wrong(
            "a vault that the own limits do not allow",
            [("governance.quotas", {"limits": {"virtual-vault-count": 0}})],
            "governance.quotas.limits['virtual-vault-count']",
            "0; must allow 1 or more of virtual-vault-count: needed are the vault 1",
        ),
        Wrong(
            "a number of zones",
            [("governance.quotas", {"statements": [OF_DNS]})],
            "governance.quotas.statements[0]",
            "must begin with `zero`: OCI takes no other statement about quotas of dns",
        ),
        Wrong(
            "a limit on zones",
            [("governance.quotas", {"limits": {"view-count": 5}})],
            "governance.quotas.limits['view-count']",
            "5; must be left out: OCI takes only `zero` statements about quotas of dns",
        ),
    ],
    ids=lambda wrong: wrong.name,
)
def test_the_settings_are_refused(wrong: Wrong):
    wrong.assert_named()
