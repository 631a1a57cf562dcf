"""The cost of databases, Lustre and vaults: the expensive parts that are easy to miss."""

import io
from collections.abc import Mapping

import pytest
from rich.console import Console

from facts.prices import load_prices
from report.cost import CostReport, estimate
from report.resources import from_state
from report.tables import show_cost
from tests.report import states
from tests.report.test_cost import amounts

PRICES = load_prices()
AUTONOMOUS = "oci:Database/autonomousDatabase:AutonomousDatabase"
LICENSED = {"computeModel": "ECPU", "computeCount": 4, "licenseModel": "LICENSE_INCLUDED"}


def cost_of(token: str, inputs: Mapping[str, object]) -> CostReport:
    return estimate([from_state(states.state(token, "it", inputs))], PRICES)


def test_an_autonomous_database_costs_its_base_ecpus_at_least() -> None:
    report = cost_of(AUTONOMOUS, {**LICENSED, "isAutoScalingEnabled": True})
    assert amounts(report) == {"autonomous-database/ecpu-hour": pytest.approx(4 * 730 * 0.336)}
    assert "Autonomous Databases at their base ECPUs" in report.assumptions
    assert len(report.by_use) == 2, "storage of unknown size, and backups"
    own_license = cost_of(AUTONOMOUS, {**LICENSED, "licenseModel": "BRING_YOUR_OWN_LICENSE"})
    assert not own_license.lines, "the price list does not have the bring-your-own license"
    assert own_license.unpriced


@pytest.mark.parametrize(
    ("workload", "item"),
    [
        ("OLTP", "autonomous-database/transaction-gib-month"),
        (None, "autonomous-database/transaction-gib-month"),
        ("DW", "autonomous-database/gib-month"),
    ],
)
def test_the_storage_of_an_autonomous_database_costs_by_its_workload(workload: str | None, item: str) -> None:
    report = cost_of(AUTONOMOUS, {**LICENSED, "dataStorageSizeInTbs": 2, "dbWorkload": workload})
    assert amounts(report)[item] == round(2048 * PRICES.items[item].amount, 2)


@pytest.mark.parametrize(
    ("memory", "shards", "item", "gib"),
    [
        (32, None, "oci-cache/high-memory-gib-hour", 96),
        (10, None, "oci-cache/low-memory-gib-hour", 30),
        (16, 5, "oci-cache/high-memory-gib-hour", 240),
    ],
)
def test_a_cache_costs_the_memory_of_all_its_nodes(
    memory: int, shards: int | None, item: str, gib: int
) -> None:
    inputs = {"nodeCount": 3, "nodeMemoryInGbs": memory, "shardCount": shards}
    report = cost_of("oci:Redis/redisCluster:RedisCluster", inputs)
    assert [(line.price.item, line.quantity) for line in report.lines] == [(item, gib)]


def test_postgresql_costs_its_nodes_and_a_fee_for_each_ocpu() -> None:
    inputs = {
        "shape": "PostgreSQL.VM.Standard.E5.Flex",
        "instanceCount": 3,
        "instanceOcpuCount": 4,
        "instanceMemorySizeInGbs": 64,
    }
    report = cost_of("oci:Psql/dbSystem:DbSystem", inputs)
    assert amounts(report) == {
        "postgresql/ocpu-hour": round(12 * 0.098 * 730, 2),
        "compute/VM.Standard.E5.Flex/ocpu-hour": round(12 * 0.03 * 730, 2),
        "compute/VM.Standard.E5.Flex/gib-hour": round(192 * 0.002 * 730, 2),
    }
    assert report.at_least, "storage is billed by use"


def test_opensearch_costs_a_fee_for_each_node_their_size_and_the_storage() -> None:
    inputs = {
        "dataNodeCount": 3,
        "dataNodeHostOcpuCount": 4,
        "dataNodeHostMemoryGb": 32,
        "dataNodeStorageGb": 200,
        "masterNodeCount": 3,
        "masterNodeHostOcpuCount": 1,
        "masterNodeHostMemoryGb": 20,
        "opendashboardNodeCount": 1,
        "opendashboardNodeHostOcpuCount": 1,
        "opendashboardNodeHostMemoryGb": 16,
    }
    report = cost_of("oci:Opensearch/cluster:Cluster", inputs)
    quantities: dict[str, float] = {}
    for line in report.lines:
        quantities[line.price.item] = quantities.get(line.price.item, 0) + line.quantity
    assert quantities == {
        "opensearch/node-hour": 7,
        "compute/VM.Standard.E5.Flex/ocpu-hour": 16,
        "compute/VM.Standard.E5.Flex/gib-hour": 172,
        "block-volume/gib-month": 600,
        "block-volume/vpu-gib-month": 6000,
    }
    assert not report.priced, "everything rests on an assumption, and says so"


def test_lustre_costs_its_capacity_and_its_speed() -> None:
    report = cost_of(
        "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem",
        {"capacityInGbs": 31200, "performanceTier": "MBPS_PER_TB_125"},
    )
    assert amounts(report) == {
        "lustre/gib-month": round(31200 * 0.086, 2),
        "lustre/performance-gib-month": round(31200 * 125 * 0.0005, 2),
    }


def test_a_private_vault_is_billed_by_the_hour_and_the_default_one_not() -> None:
    token = "oci:Kms/vault:Vault"
    assert amounts(cost_of(token, {"vaultType": "VIRTUAL_PRIVATE"})) == {
        "vault/private-vault-hour": round(3.724 * 730, 2)
    }
    default = cost_of(token, {"vaultType": "DEFAULT"})
    assert (default.lines, default.unpriced) == ((), ())
    assert cost_of(token, {"vaultType": "EXTERNAL"}).unpriced


@pytest.mark.parametrize(
    "token",
    [
        "oci:Psql/dbSystem:DbSystem",
        "oci:Opensearch/cluster:Cluster",
        "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem",
        "oci:Kms/vault:Vault",
    ],
)
def test_without_a_size_the_cost_is_unknown_and_not_zero(token: str) -> None:
    report = cost_of(token, {})
    assert report.unpriced
    assert not report.lines


def test_unknown_prices_are_shown_first_and_in_full_and_the_total_says_at_least() -> None:
    entries = [states.state("oci:Database/dbSystem:DbSystem", f"db-{index}") for index in range(7)]
    secrets = [states.state("oci:Vault/secret:Secret", f"secret-{index}") for index in range(3)]
    pool = states.gpu_pool()
    out = io.StringIO()
    report = estimate([from_state(entry) for entry in (*secrets, *entries, pool)], PRICES)
    show_cost(report, Console(file=out, width=80))
    said = out.getvalue()
    assert all(said.index(f"db-{index}") < said.index("Monthly cost") for index in range(7)), said
    assert "more" not in said[: said.index("Monthly cost")]
    assert "at least" in said
    assert "secret-" not in said, "secrets cost nothing"


@pytest.mark.parametrize("width", [80, 100])
def test_no_word_of_the_cost_is_cut_at_80_columns(width: int) -> None:
    names = ["prod-gateways-frontend-balancer", "prod-opensearch-cluster"]
    balancer = {"shape": "flexible", "shapeDetails": {"minimumBandwidthInMbps": 10}}
    entries = [states.state("oci:LoadBalancer/loadBalancer:LoadBalancer", name, balancer) for name in names]
    out = io.StringIO()
    show_cost(estimate([from_state(entry) for entry in entries], PRICES), Console(file=out, width=width))
    said = out.getvalue()
    assert "\N{HORIZONTAL ELLIPSIS}" not in said
    words = {word for line in said.splitlines() for word in line.split()}
    assert {"balancer", "0.0113/hour", "0.0001/Mbps-hour"} <= words, said


def test_the_assumed_total_has_a_row_only_if_something_is_assumed() -> None:
    balancer = states.state("oci:LoadBalancer/loadBalancer:LoadBalancer", "entry", {"shape": "flexible"})
    priced, assumed = ([from_state(states.gpu_pool())], [from_state(balancer)])
    found = [estimate(resources, PRICES) for resources in (priced, assumed)]
    assert [bool(report.assumed) for report in found] == [False, True]
    for report in found:
        out = io.StringIO()
        show_cost(report, Console(file=out, width=80))
        rows = [line.split()[0] for line in out.getvalue().splitlines() if line.strip()]
        assert ("assumed" in rows) == bool(report.assumed)
