"""Wrong configurations of models whose number of engines follows the load. Each with its path and message."""

from typing import Any

from tests.infra.settings.examples import DELETE, Change
from tests.infra.settings.refusals_of_pools import Refusal, scaled

MODEL = "qwen3-32b"
SCALING = f"traffic.scaling.{MODEL}"
FIRST = "serving.models.0"
FIRST_PATH = "serving.models[0]"
QUERY = "sum(rate(vllm:prompt_tokens_total[5m]))"
EXPR = f"{SCALING}.queries.prompts.expr"


def scaling(*more: Change, **values: Any) -> list[Change]:
    """Changes that let the first model's number of engines follow the load, with these values."""
    return [
        ("serving.platform.prometheus", {}),
        ("serving.platform.keda", {}),
        ("traffic.watching", {}),
        ("traffic.scaling", {MODEL: values}),
        *more,
    ]


def own(expr: str = QUERY, name: str = "prompts", **values: Any) -> list[Change]:
    """Changes that add one signal of the user's own."""
    return scaling(queries={name: {"expr": expr, "outAbove": 2, "inBelow": 1, **values}})


def second(**values: Any) -> Change:
    """A second model in the same pool."""
    return (
        "serving.models.1",
        {"name": "other", "model": MODEL, "revision": "0" * 40, "pool": "mi300x", "gpus": 1, **values},
    )


TEAM = {"name": "research", "gpus": 2}

EVERY: tuple[Refusal, ...] = (
    Refusal("no KEDA", scaling(("serving.platform.keda", DELETE)), "traffic.scaling", "needs serving.platform.keda"),
    Refusal("no Prometheus", [*scaling(("serving.platform.prometheus", DELETE)), ("traffic.watching", DELETE)],
            "traffic.scaling", "needs serving.platform.prometheus"),
    Refusal("KEDA of one namespace", scaling(("serving.platform.keda.values", {"watchNamespace": "a"})),
            "serving.platform.keda.values.watchNamespace", "must be left out: with traffic.scaling KEDA"),
    Refusal("no scrape", scaling(("traffic.watching", DELETE)), "traffic.scaling", "needs traffic.watching"),
    Refusal("an unknown model", scaling(("traffic.scaling", {"qwen3-32": {}})), "traffic.scaling.qwen3-32", MODEL),
    Refusal("scale to zero", scaling(minEngines=0), f"{SCALING}.minEngines", "takes many minutes to start"),
    Refusal("no engine at first", scaling((f"{FIRST}.replicas", 0)), f"{SCALING}.minEngines", "`replicas` is 0"),
    Refusal("below zero", scaling(minEngines=-1), f"{SCALING}.minEngines", "must be 1 to 1,000"),
    Refusal("no maximum", scaling(maxEngines=0), f"{SCALING}.maxEngines", "must be 1 to 1,000"),
    Refusal("too many", scaling(maxEngines=1001), f"{SCALING}.maxEngines", "must be 1 to 1,000"),
    Refusal("least above most", scaling((f"{FIRST}.replicas", 4), minEngines=4, maxEngines=3),
            f"{SCALING}.minEngines", "must be at most maxEngines, 3"),
    Refusal("replicas below the least", scaling(minEngines=2), f"{FIRST_PATH}.replicas", "must be 2 or more"),
    Refusal("replicas above the most", scaling((f"{FIRST}.replicas", 5), minEngines=1, maxEngines=4),
            f"{FIRST_PATH}.replicas", "must be 1 to 4"),
    Refusal("more than the pool", scaling(maxEngines=9), f"{SCALING}.maxEngines", "does not fit on pool mi300x"),
    Refusal("more than the pool at its largest", [*scaling(maxEngines=17), *scaled(1, 2)], f"{SCALING}.maxEngines",
            "does not fit on pool mi300x"),
    Refusal("beside another model", scaling(second(replicas=4), maxEngines=5), f"{SCALING}.maxEngines",
            "does not fit on pool mi300x"),
    Refusal("beyond the team's quota",
            scaling(("serving.teams", [TEAM]), (f"{FIRST}.team", "research"), maxEngines=3),
            f"{SCALING}.maxEngines", "team research has a quota of 2 gpus"),
    Refusal("what teams may take", scaling(("serving.teams", [TEAM]), maxEngines=7), f"{SCALING}.maxEngines",
            "the quotas of teams keep 2 of the 8 GPUs"),
    Refusal("two that take the rest", scaling(second(), ("traffic.scaling", {MODEL: {}, "other": {}})),
            f"{SCALING}.maxEngines", "other also takes all free GPUs"),
    Refusal("two owners", scaling((f"{FIRST}.autoscaled", True)), f"{FIRST_PATH}.autoscaled", "two autoscalers"),
    Refusal("an engine over nodes",
            scaling((f"{FIRST}.nodes", 2), (f"{FIRST}.gpus", DELETE), ("gpu.pools.0.nodes", 2),
                    ("serving.platform.leaderWorkerSet", {})),
            f"{FIRST_PATH}.nodes", "how many engines over nodes are ready"),
    Refusal("no room for a rollout", scaling((f"{FIRST}.spareGpus", True), maxEngines=8), f"{FIRST_PATH}.spareGpus",
            "one more engine does not fit"),
    Refusal("requests out of order", scaling(requestsOut=10, requestsIn=10), f"{SCALING}.requestsIn",
            "must be below requestsOut, 10"),
    Refusal("requests below the default", scaling(requestsOut=30), f"{SCALING}.requestsIn", "below requestsOut, 30"),
    Refusal("no requests", scaling(requestsOut=0), f"{SCALING}.requestsOut", "must be above 0"),
    Refusal("the cache out of order", scaling(cachePercentIn=90), f"{SCALING}.cachePercentIn",
            "must be below cachePercentOut, 85"),
    Refusal("more than all of the cache", scaling(cachePercentOut=101), f"{SCALING}.cachePercentOut",
            "must be 1 to 100"),
    Refusal("shares of the cache", scaling(cachePercentOut=0.85, cachePercentIn=0.5), f"{SCALING}.cachePercentOut",
            "must be 1 to 100 percent"),
    Refusal("a metric of the other router", own("sum(vllm_router_requests_total)"), EXPR, "traffic.router runs none"),
    Refusal("a metric of no exporter", own("avg(amd_gpu_gfx_activity)"), EXPR, "of the chart metricsExporter"),
    Refusal("a model that is not there", own('sum(vllm:num_requests_waiting{model_name="llama"})'), EXPR,
            "is not a value of the label model_name: qwen3-32b"),
    Refusal("a range below two samples", own("sum(rate(vllm:prompt_tokens_total[5s]))"), EXPR, "30s or more"),
    Refusal("a sum of a comparison", own("sum(vllm:num_requests_running > 5)"), EXPR, "must have a value at all times"),
    Refusal("off a bucket", scaling(firstTokenSeconds=2), f"{SCALING}.firstTokenSeconds", "must be a bucket of"),
    Refusal("faster than the autoscaler", scaling(outSeconds=10), f"{SCALING}.outSeconds", "must be 15 to 1,800"),
    Refusal("slower than Kubernetes allows", scaling(inSeconds=3600), f"{SCALING}.inSeconds", "must be 60 to 1,800"),
    Refusal("several series", own("sum by (pod) (vllm:num_requests_running)"), EXPR, "can return several series"),
    Refusal("one series for each engine", own("vllm:num_requests_running"), EXPR, "can return several series"),
    Refusal("an unknown metric", own("sum(vllm:gpu_cache_usage_perc)"), EXPR, "is not a metric of the pinned versions"),
    Refusal("an unknown label", own('sum(vllm:num_requests_running{model="a"})'), EXPR, "is not a label of"),
    Refusal("a scalar", own(f"scalar({QUERY})"), EXPR, "must return a vector"),
    Refusal("a value only above a limit", own(f"({QUERY} > 100) * 2"), EXPR, "while its comparison is false"),
    Refusal("rounded above a limit", own(f"ceil({QUERY} > 100)"), EXPR, "must have a value at all times"),
    Refusal("what is absent", own("absent(vllm:num_requests_running)"), EXPR, "must have a value at all times"),
    Refusal("nothing while it runs", own("sum(vllm:num_requests_running) unless sum(up)"), EXPR,
            "must have a value at all times"),
    Refusal("a comment", own(f"{QUERY} # tokens"), EXPR, "must not end with a comment"),
    Refusal("more at first than the most", scaling((f"{FIRST}.replicas", 5), maxEngines=4), f"{FIRST_PATH}.replicas",
            "must be 4 or less"),
    Refusal("no query", own("sum("), EXPR, "must be a query of Prometheus"),
    Refusal("a name of ours", own(name="cache"), f"{SCALING}.queries.cache", "another name"),
    Refusal("a name with a capital", own(name="Prompts"), f"{SCALING}.queries.Prompts", "a-z, 0-9 and -"),
    Refusal("a signal out of order", own(inBelow=3), f"{SCALING}.queries.prompts.inBelow", "below outAbove, 2"),
    Refusal("a signal of nothing", own(outAbove=0), f"{SCALING}.queries.prompts.outAbove", "above 0"),
    Refusal("an unknown key", scaling(replicas=2), f"{SCALING}.replicas", "unknown"),
)  # fmt: skip
