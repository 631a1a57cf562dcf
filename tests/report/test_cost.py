from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.prices import load_prices
from facts.problem import InvalidInput
from report.cost import CostReport, as_json, estimate, prices_in_use
from report.resources import as_mapping, from_export, from_state
from tests.report import states

PRICES = load_prices()


def cost_of(*entries: states.State) -> CostReport:
    return estimate([from_state(entry) for entry in entries], PRICES)


def amounts(report: CostReport) -> Mapping[str, float]:
    return {line.price.item: round(line.monthly, 2) for line in report.lines}


def test_a_gpu_node_costs_its_eight_gpus_all_month() -> None:
    report = cost_of(states.gpu_pool(1))
    assert amounts(report)["compute/BM.GPU.MI300X.8/gpu-hour"] == 8 * 6.00 * 730


@given(st.integers(min_value=0, max_value=100))
def test_cost_grows_with_the_nodes(nodes: int) -> None:
    one, many = cost_of(states.gpu_pool(1)), cost_of(states.gpu_pool(nodes))
    assert many.monthly_total == pytest.approx(nodes * one.monthly_total)


def test_a_cpu_pool_costs_its_cores_its_memory_and_its_boot_volumes() -> None:
    assert amounts(cost_of(states.system_pool())) == {
        "compute/VM.Standard.E5.Flex/ocpu-hour": round(2 * 4 * 0.03 * 730, 2),
        "compute/VM.Standard.E5.Flex/gib-hour": round(2 * 16 * 0.002 * 730, 2),
        "block-volume/gib-month": round(200 * 0.0255, 2),
        "block-volume/vpu-gib-month": round(200 * 10 * 0.0017, 2),
    }


@pytest.mark.parametrize("ocpus", [-4, 1e300])
def test_a_quantity_that_no_cloud_has_is_no_amount(ocpus: float) -> None:
    pool = states.system_pool()
    inputs = {**as_mapping(pool["inputs"]), "nodeShapeConfig": {"ocpus": ocpus, "memoryInGbs": 16}}
    report = cost_of({**pool, "inputs": inputs})
    assert [part.reason for part in report.unpriced if "no cloud has a quantity" in part.reason]
    assert 0 < report.monthly_total < 100


def test_an_assumed_price_makes_an_assumed_line_and_a_published_one_a_priced_line() -> None:
    balancer = states.state(
        "oci:LoadBalancer/loadBalancer:LoadBalancer",
        "entry",
        {"shape": "flexible", "shapeDetails": {"minimumBandwidthInMbps": 10}},
    )
    report = cost_of(balancer, states.cluster(), states.gpu_pool())
    assert {line.price.item for line in report.assumed} == {
        "load-balancer/base-hour",
        "load-balancer/mbps-hour",
    }
    assert "price of load-balancer/base-hour" in report.assumptions
    assert "compute/BM.GPU.MI300X.8/gpu-hour" in {line.price.item for line in report.priced}
    assert report.monthly_total == pytest.approx(report.priced_total + report.assumed_total)


def test_an_assumed_quantity_makes_an_assumed_line_that_says_so() -> None:
    pool = states.state(
        "oci:ContainerEngine/nodePool:NodePool",
        "p",
        {"nodeShape": "BM.GPU.MI300X.8", "nodeConfigDetails": {"size": 1}},
    )
    report = cost_of(pool)
    assert "boot volumes of 46.6 GB, OCI's default" in report.assumptions


def test_a_basic_cluster_costs_nothing_and_an_enhanced_one_its_fee() -> None:
    assert amounts(cost_of(states.cluster())) == {"oke/enhanced-cluster-hour": 73.0}
    basic = cost_of(states.state("oci:ContainerEngine/cluster:Cluster", "c", {"type": "BASIC_CLUSTER"}))
    assert (basic.lines, basic.unpriced) == ((), ())


def test_free_resources_are_neither_priced_nor_unpriced() -> None:
    report = cost_of(states.vcn(), states.subnet("s"), states.state("oci:Identity/policy:Policy", "p"))
    assert (report.lines, report.unpriced) == ((), ())


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (states.gpu_pool(states.UNKNOWN_VALUE), "not known yet"),
        (states.state("oci:Database/dbSystem:DbSystem", "p"), "the price list does not have this type"),
        (states.state("oci:Redis/redisCluster:RedisCluster", "r"), "the size of the cache is unknown"),
        (
            states.state("oci:Core/instance:Instance", "i", {"shape": "VM.Standard.Z9.Flex"}),
            "the shape VM.Standard.Z9.Flex is unknown",
        ),
    ],
)
def test_a_part_at_an_unknown_price_says_why(entry: states.State, reason: str) -> None:
    report = cost_of(entry)
    assert any(reason in part.reason for part in report.unpriced), report.unpriced
    assert report.by_use == (), "an unknown price is not billed by use"
    assert report.at_least


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (states.bucket(), "by the GB stored"),
        (states.state("kubernetes:helm.sh/v3:Release", "keda"), "objects are not counted"),
    ],
)
def test_parts_billed_by_use_and_parts_at_an_unknown_price_are_separate(
    entry: states.State, reason: str
) -> None:
    report = cost_of(entry)
    assert any(reason in part.reason for part in report.by_use), report.by_use
    assert report.unpriced == ()
    assert report.at_least


def test_workloads_run_on_nodes_already_counted() -> None:
    report = cost_of(
        states.deployment(), states.state("kubernetes:core/v1:Service", "s", {"spec": {"type": "ClusterIP"}})
    )
    assert (report.lines, report.unpriced) == ((), ())


def test_a_service_of_type_load_balancer_costs_a_load_balancer() -> None:
    service = states.state("kubernetes:core/v1:Service", "gateway", {"spec": {"type": "LoadBalancer"}})
    assert set(amounts(cost_of(service))) == {"load-balancer/base-hour", "load-balancer/mbps-hour"}


def claim_of(**spec: object) -> dict[str, object]:
    asked = {**spec, "resources": {"requests": {"storage": "1Ti"}}}
    return states.state("kubernetes:core/v1:PersistentVolumeClaim", "weights", {"spec": asked})


@pytest.mark.parametrize("spec", [{"storageClassName": "oci-bv"}, {"storageClassName": "encrypted"}, {}])
def test_a_volume_claim_costs_a_block_volume(spec: dict[str, object]) -> None:
    assert amounts(cost_of(claim_of(**spec)))["block-volume/gib-month"] == round(1024 * 0.0255, 2)


def test_a_claim_of_an_existing_volume_costs_nothing() -> None:
    report = cost_of(claim_of(storageClassName="", volumeName="cache"))
    assert (report.lines, report.unpriced) == ((), ())


def test_the_report_gives_the_amount_over_budget() -> None:
    report = estimate(from_export(states.export(states.staging(amount=10_000))), PRICES)
    assert report.budget is not None
    assert (report.budget.name, report.budget.amount) == ("staging", 10_000)
    assert report.over_budget
    assert report.over_by == pytest.approx(report.monthly_total - 10_000)


def test_nothing_is_over_budget_within_the_budget_or_without_one() -> None:
    rich = estimate(from_export(states.export(states.staging(amount=100_000))), PRICES)
    assert (rich.over_budget, rich.over_by) == (False, 0.0)
    none = cost_of(states.gpu_pool())
    assert (none.budget, none.over_budget, none.over_by) == (None, False, 0.0)


def test_the_smallest_monthly_budget_counts() -> None:
    yearly = states.state("oci:Budget/budget:Budget", "y", {"amount": 5, "resetPeriod": "YEARLY"})
    report = cost_of(states.budget(500), states.budget(100), yearly)
    assert report.budget is not None
    assert report.budget.amount == 100


def test_four_nodes_in_prod_exceed_the_budget_of_fifty_thousand() -> None:
    report = cost_of(states.gpu_pool(4), states.budget(50_000))
    assert report.priced_total > 140_000
    assert report.over_budget, "the requirement's amounts conflict, and the report says so"


def test_prices_of_the_users_own_file_are_used(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "date: 2026-11-20\ncurrency: USD\nitems: {compute/BM.GPU.MI300X.8/gpu-hour: {amount: 1}}\n"
    )
    prices = prices_in_use({"PLAYGROUND_PRICES": str(mine)})
    report = estimate([from_state(states.gpu_pool())], prices)
    assert amounts(report)["compute/BM.GPU.MI300X.8/gpu-hour"] == 5840
    assert report.price_date == "2026-11-20"
    assert prices_in_use({}).origin == prices_in_use({"PLAYGROUND_PRICES": ""}).origin


def test_a_missing_price_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        prices_in_use({"PLAYGROUND_PRICES": str(tmp_path / "none")})


def test_the_json_form_keeps_the_parts_apart() -> None:
    data: dict[str, Any] = as_json(estimate(from_export(states.export(states.staging())), PRICES))
    assert data["overBudget"] is True
    assert data["currency"] == "USD"
    assert data["priced"]
    assert (data["assumed"], data["unpriced"], data["atLeast"]) == ([], [], True)
    assert [part["name"] for part in data["byUse"]] == ["artifacts"]
