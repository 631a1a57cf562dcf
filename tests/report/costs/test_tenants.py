"""The cost of GPUs divided among tenants, and smaller sizes for what is not busy."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from facts.prices import load_prices
from facts.scraped_metrics import known_series
from report.costs.right_size import proposals, sized_names
from report.costs.tenants import divided, tenants_of
from report.costs.usage_file import Asked, Busy, Usage
from report.resources import Resource, from_state
from report.sections.cost import cost
from report.view import View
from serving.watching.promql import query_problems
from tests.report import states

PRICES = load_prices()
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
DOCS = Path(__file__).parents[3] / "docs" / "usage.md"


def engine(name: str, gpus: int, replicas: int = 1) -> states.State:
    limits = {"resources": {"limits": {"amd.com/gpu": str(gpus)}}}
    pod = {"nodeSelector": {"genai-playground/pool": "gpu-pool"}, "containers": [limits]}
    spec = {"replicas": replicas, "template": {"spec": pod}}
    metadata = {"name": name, "namespace": "serving"}
    inputs = {"metadata": metadata, "spec": spec}
    return states.state("genai:index:ModelServer$kubernetes:apps/v1:Deployment", name, inputs)


def route(tenant: str, **models: dict[str, float]) -> states.State:
    rules = [
        {
            "matches": [
                {
                    "headers": [
                        {"name": "x-playground-tenant", "value": tenant},
                        {"name": "x-ai-eg-model", "value": model},
                    ]
                }
            ],
            "backendRefs": [{"name": name, "weight": weight} for name, weight in backends.items()],
        }
        for model, backends in models.items()
    ]
    token = "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute"
    return states.state(token, tenant, {"spec": {"rules": rules}})


def resources(*entries: states.State) -> list[Resource]:
    return [from_state(entry) for entry in entries]


def usage_of(asked: dict[tuple[str, str], tuple[float, float]], **more: Any) -> Usage:
    return Usage(
        since=SINCE,
        until=SINCE + timedelta(hours=100),
        asked={
            key: Asked(prompt_tokens=prompt, answer_tokens=answer, requests=1)
            for key, (prompt, answer) in asked.items()
        },
        **more,
    )


STACK = resources(
    states.gpu_pool(1),
    engine("big", 4),
    engine("small", 1, replicas=2),
    route("a", big={"serving-big-router": 1}, small={"serving-small": 1}),
    route("b", big={"serving-big-router": 1}),
)


def test_the_tenants_and_their_models_are_those_of_the_gateway() -> None:
    assert {tenant: list(models) for tenant, models in tenants_of(STACK).items()} == {
        "a": ["big", "small"],
        "b": ["big"],
    }


def test_tenants_pay_for_a_model_by_their_tokens() -> None:
    usage = usage_of({("a", "big"): (200, 100), ("b", "big"): (50, 50), ("a", "small"): (7, 0)})
    found = divided(STACK, PRICES, usage)
    assert {(each.tenant, each.model): each.cost for each in found.shares} == pytest.approx(
        {("a", "big"): 4 * 6 * 100 * 0.75, ("b", "big"): 4 * 6 * 100 * 0.25, ("a", "small"): 2 * 6 * 100}
    )
    assert found.gpu_cost == 8 * 6 * 100
    assert found.unused == pytest.approx(2 * 6 * 100), "two GPUs have no model"


def test_the_tokens_of_answers_can_weigh_more() -> None:
    asked: dict[tuple[str, str], tuple[float, float]] = {("a", "big"): (100, 0), ("b", "big"): (0, 100)}
    found = divided(STACK, PRICES, usage_of(asked, answer_weight=3))
    assert [each.cost for each in found.shares] == [4 * 6 * 100 * 0.75, 4 * 6 * 100 * 0.25]


def test_a_model_that_nobody_asked_is_paid_by_nobody() -> None:
    found = divided(STACK, PRICES, usage_of({("b", "big"): (0, 0)}))
    assert [each.cost for each in found.shares] == [0]
    assert found.unused == found.gpu_cost


@pytest.mark.parametrize(("nodes", "cost"), [(1, 8 * 6 * 100), (states.UNKNOWN_VALUE, None)])
def test_tenants_never_pay_more_than_the_pools_cost(nodes: Any, cost: float | None) -> None:
    full = resources(states.gpu_pool(nodes), engine("big", 8, replicas=3), route("a", big={"serving-big": 1}))
    found = divided(full, PRICES, usage_of({("a", "big"): (1, 1)}))
    assert [each.cost for each in found.shares] == [pytest.approx(cost) if cost else None]
    assert found.unused == pytest.approx(0)


def test_a_tenants_tokens_go_to_the_backends_by_their_weights() -> None:
    split = resources(
        states.gpu_pool(1),
        engine("old", 4),
        engine("new", 4),
        route("a", model={"serving-old": 3, "serving-new": 1}),
        route("b", model={"serving-new": 1}),
    )
    found = divided(split, PRICES, usage_of({("a", "model"): (100, 0), ("b", "model"): (75, 0)}))
    assert {each.tenant: each.cost for each in found.shares} == pytest.approx(
        {"a": 4 * 600 * (1 + 0.25), "b": 4 * 600 * 0.75}
    )


def test_the_cost_of_a_model_without_a_price_is_unknown() -> None:
    prices = load_prices()
    without = {key: price for key, price in prices.items.items() if not key.startswith("compute/BM.GPU")}
    section = cost(
        View(
            stack="staging",
            prices=type(prices)(**{**vars(prices), "items": without}),
            after=STACK,
            usage=usage_of({("a", "big"): (1, 1)}),
        )
    )
    found: Any = section.data["usage"]
    assert found["asked"][0]["cost"] is None
    assert found["gpuCost"] == 0


def proposed(entry: states.State, peak: float, *more: states.State) -> list[tuple[str, float]]:
    busy = {str(from_state(entry).name): Busy(mean=peak / 2, peak=peak)}
    return [(each.change, round(each.saves, 2)) for each in proposals(resources(entry, *more), PRICES, busy)]


CACHE = states.state("oci:Redis/redisCluster:RedisCluster", "cache", {"nodeCount": 3, "nodeMemoryInGbs": 32})
POSTGRESQL = states.state(
    "oci:Psql/dbSystem:DbSystem",
    "db",
    {
        "shape": "PostgreSQL.VM.Standard.E5.Flex",
        "instanceCount": 1,
        "instanceOcpuCount": 4,
        "instanceMemorySizeInGbs": 64,
    },
)
AUTONOMOUS = states.state(
    "oci:Database/autonomousDatabase:AutonomousDatabase",
    "adb",
    {"computeModel": "ECPU", "computeCount": 8, "licenseModel": "LICENSE_INCLUDED"},
)


@pytest.mark.parametrize(
    ("entry", "peak", "expected"),
    [
        (states.gpu_pool(4), 0.35, ("2 nodes instead of 4", 2 * (8 * 6 * 730 + 512 * (0.0255 + 0.017)))),
        (CACHE, 0.2, ("10 GB of memory a node instead of 32", 730 * 3 * (32 * 0.0136 - 10 * 0.0194))),
        (POSTGRESQL, 0.3, ("2 OCPUs a node instead of 4", 730 * 2 * (0.098 + 0.03))),
        (AUTONOMOUS, 0.1, ("2 ECPUs instead of 8", 730 * 6 * 0.336)),
    ],
    ids=["pool", "cache", "PostgreSQL", "Autonomous Database"],
)
def test_what_is_not_busy_could_be_smaller(
    entry: states.State, peak: float, expected: tuple[str, float]
) -> None:
    assert proposed(entry, peak) == [(expected[0], pytest.approx(expected[1], abs=0.01))]
    assert proposed(entry, 0.7) == [], "a peak at the share that may be full leaves no room"


def test_fewer_nodes_than_the_engines_need_means_fewer_engines() -> None:
    pool = states.gpu_pool(4)
    assert proposed(pool, 0.17, engine("big", 8, replicas=3))[0][0] == (
        "1 node instead of 4, with fewer engines: those of now need 3 nodes"
    )


def test_only_pools_databases_and_caches_have_a_size_to_propose() -> None:
    assert sized_names(resources(*states.staging(), CACHE)) == ["system-pool", "gpu-pool", "cache"]


def test_the_queries_of_the_page_are_on_metrics_that_exist() -> None:
    text = DOCS.read_text(encoding="utf-8")
    queries = [line.split("'")[1] for line in text.splitlines() if line.startswith("ask '")]
    assert len(queries) == 4
    for query in queries:
        filled = query.replace("PREFIX", "amd_").replace("HOSTS", "gpu-1|gpu-2")
        assert not [*query_problems(filled, known_series("amd_"), path="q")], query
