"""Keys that cannot be read: wrong types, no value, misspelt. Each is the only problem, whatever rests on it."""

from tests.infra.settings.examples import DELETE, Change
from tests.infra.settings.refusals_of_traffic_gateway import behind_edge, counted, served
from tests.infra.settings.refusals_of_traffic_scaling import scaling
from tests.infra.settings.wrong.case import Wrong

SETS = "network.edge.loadBalancer.backendSets"
MAPPING, LIST = "must be a mapping", "must be a list"


def of_type(path: str, value: object, said: str, changes: list[Change]) -> Wrong:
    """A value of the wrong type."""
    return Wrong(f"{path} {value!r}", [*changes, (path, value)], _shown(path), said)


def misspelt(path: str, wrong: str, right: str, changes: list[Change]) -> Wrong:
    """A key under a wrong name, with a value of the right type."""
    parent, _, _ = path.rpartition(".")
    place = f"{parent}.{wrong}" if parent else wrong
    changed = [*changes, (path, DELETE), (place, {})]
    return Wrong(f"{place} for {right}", changed, _shown(place), f"Did you mean `{right}`?")


def _shown(path: str) -> str:
    return "".join(f"[{step}]" if step.isdecimal() else f".{step}" for step in path.split(".")).lstrip(".")


FULL = counted(requestsPerMinute=60)
EVERY: tuple[Wrong, ...] = (
    *(of_type("traffic", value, MAPPING, FULL) for value in ("x", 5, [], True)),
    *(of_type("traffic.gateway", value, MAPPING, behind_edge()) for value in ("x", 5, [], None)),
    *(of_type("traffic.tenants", value, LIST, behind_edge()) for value in ({}, "x", 5, None)),
    *(of_type("traffic.tenants.0.models", value, LIST, FULL) for value in ("qwen3-32b", {}, None)),
    *(of_type("traffic.tenants.0.keys", value, LIST, FULL) for value in ("tenant-research", {}, None)),
    *(of_type("traffic.certificate", value, MAPPING, FULL) for value in ("models-tls", None)),
    of_type("traffic.limits", 5, MAPPING, FULL),
    of_type("traffic.scaling", [], MAPPING, scaling()),
    of_type("traffic.watching", "on", MAPPING, scaling()),
    of_type("traffic.watching", None, MAPPING, scaling()),
    of_type("serving.platform", [], MAPPING, FULL),
    *(of_type(f"serving.platform.{key}", "on", MAPPING, FULL) for key in ("gateway", "aiGateway", "externalSecrets")),
    of_type("serving.platform.keda", True, MAPPING, scaling()),
    of_type("serving.models", {}, LIST, FULL),
    of_type("serving.priorities", [], MAPPING, [("serving.models.0.priorityClass", "mine")]),
    of_type("serving.priorities.mine", 5, MAPPING, [("serving.models.0.priorityClass", "mine")]),
    of_type("database", [], MAPPING, FULL),
    of_type("database.cache", "x", MAPPING, FULL),
    of_type("network.edge", "x", MAPPING, behind_edge()),
    of_type("network.edge.loadBalancer", "x", MAPPING, behind_edge()),
    of_type(f"{SETS}.gpu", [], MAPPING, behind_edge()),
    of_type("gpu", "x", MAPPING, FULL),
    of_type("gpu.pools", {}, LIST, FULL),
    of_type("cluster.pools", "system", LIST,
            [("traffic.router", {"image": "a/b", "imageDigest": "sha256:" + "0" * 64})]),
    of_type("storage.buckets", {}, LIST,
            [("serving.jobs.benchmark", {"bucket": "model-artifacts", "rcloneImageDigest": "sha256:" + "0" * 64})]),
    of_type("observability.topics", "critical", LIST, [("governance.budget.topic", "critical")]),
    misspelt("traffic.tenants", "tenant", "tenants", behind_edge()),
    misspelt("traffic.certificate", "certficate", "certificate", FULL),
    misspelt("traffic.tenants.0.keys", "key", "keys", FULL),
    misspelt("database.cache", "cach", "cache", FULL),
    misspelt("serving.platform.gateway", "gatway", "gateway", FULL),
    misspelt("gpu.pools", "pool", "pools", FULL),
    misspelt("gpu", "gpus", "gpu", FULL),
    misspelt("tenancy", "tenncy", "tenancy", FULL),
    misspelt("database", "databases", "database", FULL),
    Wrong("an unknown model with a promise", [*served(promptTokens=32_000), ("serving.models.0.model", "qwen3-33b")],
          "serving.models[0].model", "Did you mean"),
)  # fmt: skip
