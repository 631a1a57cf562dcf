"""The section on cost: bounds, shares, changes, GPU-hours and idle money."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from facts.prices import PriceList, load_prices
from report.cost import estimate
from report.document.model import Document, Section
from report.document.terminal import show
from report.resources import Resource, from_state
from report.sections.cost import cost
from report.usage import ESTIMATORS
from report.view import View
from tests.report import states

PRICES = load_prices()
SNAPSHOTS = Path(__file__).parents[2] / "infra" / "snapshots"
GPU_MONTH = 8 * 6.00 * 730
"""A node of eight MI300X for a month, at the list price of a GPU-hour."""


def section_of(
    after: Sequence[states.State],
    before: Sequence[states.State] | None = None,
    limits: Mapping[str, tuple[int, int]] | None = None,
    prices: PriceList = PRICES,
) -> Section:
    view = View(
        stack="staging",
        prices=prices,
        after=resources(after),
        before=None if before is None else resources(before),
        pool_limits=dict(limits or {}),
    )
    return cost(view)


def resources(entries: Sequence[states.State]) -> list[Resource]:
    return [from_state(entry) for entry in entries]


def data_of(*after: states.State, **more: Any) -> Any:
    found = section_of(after, **more).data
    assert json.loads(json.dumps(found)) == found, "JSON values only"
    return found


def text_of(section: Section) -> str:
    out = io.StringIO()
    document = Document(stack="staging", origin="a test", currency="USD", sections=[section])
    show(document, Console(file=out, width=80))
    return out.getvalue()


def volume(name: str, **inputs: object) -> states.State:
    return states.state("oci:Core/volume:Volume", name, {"sizeInGbs": "100", "vpusPerGb": "10", **inputs})


def engine(gpus: int, replicas: int = 1, component: str = "ModelServer") -> states.State:
    limits = {"resources": {"limits": {"amd.com/gpu": str(gpus)}}}
    pod = {"nodeSelector": {"genai-playground/pool": "gpu-pool"}, "containers": [limits]}
    spec = {"replicas": replicas, "template": {"spec": pod}}
    chain = f"genai:index:{component}$kubernetes:apps/v1:Deployment"
    return states.state(chain, component, {"metadata": {"name": component}, "spec": spec})


def autoscaler(pool: states.State, least: int, most: int) -> states.State:
    nodes = {"key": "nodes", "value": f"{least}:{most}:{pool['id']}, 1:2:ocid1.nodepool.oc1.iad.other"}
    inputs = {"addonName": "ClusterAutoscaler", "configurations": [nodes]}
    return states.state("oci:ContainerEngine/addon:Addon", "autoscaler", inputs)


def test_an_autoscaled_pool_costs_from_its_fewest_to_its_most_nodes() -> None:
    pool = states.gpu_pool(2)
    found = data_of(pool, autoscaler(pool, 1, 4))
    boot = 512 * (0.0255 + 10 * 0.0017)
    assert found["bounds"]["least"] == pytest.approx(GPU_MONTH + boot, abs=0.01)
    assert found["bounds"]["most"] == pytest.approx(4 * (GPU_MONTH + boot), abs=0.01)
    assert found["bounds"]["reasons"][0]["because"] == "the autoscaler sets its size: 1 to 4 nodes"
    assert [found["gpuHours"][0][key] for key in ("least", "hours", "most")] == [5840, 11680, 23360]


def test_the_settings_bound_a_pool_whose_size_and_id_are_not_known_yet() -> None:
    found = data_of(states.gpu_pool(states.UNKNOWN_VALUE), limits={"gpu-pool": (1, 3)})
    assert found["monthlyTotal"] == 0
    assert found["bounds"]["least"] > GPU_MONTH
    assert found["bounds"]["most"] > 3 * GPU_MONTH
    assert [found["gpuHours"][0][key] for key in ("least", "hours", "most")] == [5840, None, 17520]
    unknown = section_of([states.gpu_pool(states.UNKNOWN_VALUE)])
    assert "gpu-pool: the number of nodes is not known yet\n" in text_of(unknown)


def test_a_size_beyond_the_autoscalers_limits_widens_them() -> None:
    pool = states.gpu_pool(5)
    found = data_of(pool, autoscaler(pool, 1, 4))
    assert [found["gpuHours"][0][key] for key in ("least", "hours", "most")] == [5840, 29200, 29200]
    assert found["bounds"]["most"] == found["monthlyTotal"]


def test_a_pool_with_a_schedule_may_cost_nothing() -> None:
    pool = states.gpu_pool(2)
    config = {"SIZES": json.dumps({pool["id"]: 3})}
    start = states.state("oci:Functions/function:Function", "start", {"config": config})
    bounds = data_of(pool, start)["bounds"]
    assert bounds["least"] == 0
    assert bounds["most"] > 3 * GPU_MONTH


@pytest.mark.parametrize(
    ("entry", "least", "most"),
    [
        (
            states.state(
                "oci:LoadBalancer/loadBalancer:LoadBalancer",
                "entry",
                {
                    "shape": "flexible",
                    "shapeDetails": {"minimumBandwidthInMbps": 10, "maximumBandwidthInMbps": 400},
                },
            ),
            730 * (0.0113 + 10 * 0.0001),
            730 * (0.0113 + 400 * 0.0001),
        ),
        (
            volume("v", autotunePolicies=[{"autotuneType": "PERFORMANCE_BASED", "maxVpusPerGb": "60"}]),
            100 * (0.0255 + 10 * 0.0017),
            100 * (0.0255 + 60 * 0.0017),
        ),
        (
            states.state(
                "oci:Database/autonomousDatabase:AutonomousDatabase",
                "db",
                {
                    "computeModel": "ECPU",
                    "computeCount": 2,
                    "licenseModel": "LICENSE_INCLUDED",
                    "isAutoScalingEnabled": True,
                },
            ),
            2 * 0.336 * 730,
            3 * 2 * 0.336 * 730,
        ),
    ],
    ids=["bandwidth", "autotuning", "ECPUs"],
)
def test_what_the_settings_allow_bounds_the_cost(entry: states.State, least: float, most: float) -> None:
    bounds = data_of(entry)["bounds"]
    assert (bounds["least"], bounds["most"]) == (
        pytest.approx(least, abs=0.01),
        pytest.approx(most, abs=0.01),
    )
    assert bounds["reasons"][0]["because"]


def test_a_part_by_use_has_no_upper_bound_and_says_why() -> None:
    found = section_of([states.bucket()])
    bounds: Any = found.data["bounds"]
    assert (bounds["least"], bounds["most"]) == (0, 0)
    assert [part["name"] for part in bounds["unbounded"]] == ["artifacts"]
    assert "by the GB stored" in bounds["unbounded"][0]["reason"]
    assert "without a bound: 1 part that is billed by use or has no price" in text_of(found)


def test_both_bounds_are_compared_with_the_budget() -> None:
    pool = states.gpu_pool(1)
    within = section_of([pool, states.budget(50_000), autoscaler(pool, 1, 2)])
    assert within.data["overBudget"] is False
    assert within.failures["over-budget"] == []
    assert "The settings allow 20,124 USD a month over the budget of 50,000 USD" in text_of(within)
    over = section_of([pool, states.budget(10_000), autoscaler(pool, 1, 2)])
    assert text_of(over).startswith("OVER BUDGET: 25,062 USD a month over the budget of 10,000 USD")
    assert over.failures["over-budget"]


def test_the_change_is_told_by_layer_and_by_what_moves_it() -> None:
    found = data_of(states.gpu_pool(2), volume("new"), before=[states.gpu_pool(1), states.cluster()])
    by_layer = {each["layer"]: each["change"] for each in found["byLayer"]}
    assert by_layer["cluster"] == -73.0
    assert by_layer["gpu"] == pytest.approx(GPU_MONTH + 512 * (0.0255 + 10 * 0.0017), abs=0.01)
    assert sum(by_layer.values()) == pytest.approx(found["change"], abs=0.02)
    assert [each["name"] for each in found["movers"]] == ["gpu-pool", "cluster", "new"]


def test_each_division_adds_up_to_the_total() -> None:
    found = data_of(*states.staging())
    divisions = [found["byLayer"], found["byResource"], found["byEnvironment"]]
    for division in (*divisions, *(each["values"] for each in found["byTag"])):
        assert sum(each["monthly"] for each in division) == pytest.approx(found["monthlyTotal"], abs=0.05)


def test_the_cost_by_tag_counts_defined_tags_and_those_that_the_cluster_gives() -> None:
    given = {"serviceLbConfig": {"definedTags": {"prod-genai.CostCentre": "genai"}}}
    cluster = states.cluster()
    cluster["inputs"] = {"type": "ENHANCED_CLUSTER", "options": given}
    service = states.state("kubernetes:core/v1:Service", "gateway", {"spec": {"type": "LoadBalancer"}})
    tagged = volume(
        "v", definedTags={"prod-genai": {"CostCentre": "search"}}, freeformTags={"Environment": "qa"}
    )
    found = data_of(cluster, service, tagged)
    (tag,) = [each for each in found["byTag"] if each["tag"] == "CostCentre"]
    assert {each["name"]: each["monthly"] for each in tag["values"]} == {
        "no tag": 73.0,
        "genai": 8.98,
        "search": 4.25,
    }
    assert {each["name"] for each in found["byEnvironment"]} == {"staging", "qa"}


def test_gpus_without_a_model_are_idle_money() -> None:
    found = data_of(states.gpu_pool(3), engine(2))
    assert [(each["what"], each["monthly"]) for each in found["idle"]] == [
        ("22 of 24 GPUs have no model", 22 * 6.00 * 730),
    ]
    assert found["idle"][0]["ends"].endswith("lower the pool: its models fit on 1 node")
    assert found["idleTotal"] == pytest.approx(2.75 * GPU_MONTH)


def test_gpus_that_warm_nodes_hold_have_no_model() -> None:
    warm = engine(8, component="WarmNodes")
    (idle,) = data_of(states.gpu_pool(1), warm)["idle"]
    assert idle["what"] == "8 of 8 GPUs have no model; 8 of them are kept warm"
    assert idle["ends"] == "serve models on them, or remove the pool"
    assert data_of(states.gpu_pool(1), engine(8), warm)["idle"] == [], "an engine takes their place"


def test_idle_gpus_without_a_price_are_not_billed_by_use() -> None:
    found = section_of([states.gpu_pool(1)], prices=replace(PRICES, items={}))
    assert found.data["idle"][0]["monthly"] is None  # pyright: ignore
    assert "unknown" in text_of(found)


def test_a_full_node_is_not_idle() -> None:
    assert data_of(states.gpu_pool(1), engine(4, replicas=2))["idle"] == []


def test_volumes_and_file_systems_that_nothing_uses_are_idle_money() -> None:
    used, lonely = volume("used"), volume("lonely")
    grouped = {"sourceDetails": {"volumeIds": [used["id"], lonely["id"]]}}
    shared = states.state("oci:FileStorage/fileSystem:FileSystem", "files")
    entries = [
        used,
        lonely,
        shared,
        states.state("oci:Core/volumeGroup:VolumeGroup", "group", grouped),
        states.state("oci:FileStorage/export:Export", "export", {"fileSystemId": shared["id"]}),
        states.state("oci:Core/volumeAttachment:VolumeAttachment", "attached", {"volumeId": used["id"]}),
    ]
    found = data_of(*entries)["idle"]
    assert [(each["name"], each["monthly"]) for each in found] == [("lonely", 4.25), ("files", None)]
    handle = {"spec": {"csi": {"volumeHandle": f"{shared['id']}:10.0.0.9:/weights"}}}
    mounted = states.state("kubernetes:core/v1:PersistentVolume", "pv", handle)
    assert [each["name"] for each in data_of(*entries, mounted)["idle"]] == ["lonely"]
    handle = {"spec": {"csi": {"volumeHandle": states.UNKNOWN_VALUE}}}
    unknown = states.state("kubernetes:core/v1:PersistentVolume", "pv", handle)
    assert data_of(*entries, unknown)["idle"] == [], "the volume may be any of them"


def test_a_claim_that_no_pod_mounts_is_idle_money() -> None:
    spec = {"storageClassName": "oci-bv", "resources": {"requests": {"storage": "100Gi"}}}
    claim = states.state(
        "kubernetes:core/v1:PersistentVolumeClaim", "c", {"metadata": {"name": "data"}, "spec": spec}
    )
    assert [each["monthly"] for each in data_of(claim)["idle"]] == [4.25]
    values = {"values": {"persistence": {"existingClaim": "data"}}}
    assert data_of(claim, states.state("kubernetes:helm.sh/v3:Release", "chart", values))["idle"] == []


def created_types() -> set[str]:
    """The types that the stacks and examples register. Together they have every component (a test says so)."""
    text = "".join(path.read_text(encoding="utf-8") for path in SNAPSHOTS.rglob("*.yaml"))
    return set(re.findall(r"[:$](oci:[\w./-]+:\w+)::", text))


def test_every_type_that_a_stack_creates_is_priced_free_or_billed_by_use() -> None:
    created = created_types()
    assert len(created) > 80, "the snapshots were read"
    known = {
        token for token in created if token in ESTIMATORS or token in PRICES.by_usage or PRICES.is_free(token)
    }
    assert created - known == set()


def test_every_estimator_gives_an_amount_or_a_reason_or_nothing_for_empty_inputs() -> None:
    """Whatever a preview does not know yet, a part has a reason or a price, never an amount without a price."""
    for token in ESTIMATORS:
        found = estimate(resources([states.state(token, "r")]), PRICES)
        assert all(part.reason for part in (*found.unpriced, *found.by_use)), token
