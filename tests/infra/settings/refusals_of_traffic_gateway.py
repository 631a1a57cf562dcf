"""Wrong configurations of the gateway and its tenants, each with its path and message."""

from collections.abc import Mapping

from tests.infra.settings.examples import DELETE, Change
from tests.infra.settings.wrong.case import Wrong

TENANT = "traffic.tenants[0]"
PASSWORD = "REPLACE-ME-ENCRYPTED"
ADAPTER = {"name": "sql", "base": "qwen3-32b", "repository": "a/b", "revision": "0" * 40}
SETS = "network.edge.loadBalancer.backendSets"


def served(*changes: Change, **tenant: object) -> list[Change]:
    """A gateway with one tenant and its own certificate, with changes."""
    values = {"name": "research", "models": ["qwen3-32b"], "keys": ["tenant-research"], **tenant}
    return [
        ("serving.isolated", True),
        ("serving.platform", {"gateway": {}, "aiGateway": {}, "externalSecrets": {}}),
        ("traffic.hostName", "models.example.com"),
        ("traffic.certificate", {"existing": "models-tls"}),
        ("traffic.tenants", [values]),
        *changes,
    ]


def models(*own: Mapping[str, object]) -> list[Change]:
    """Models with these values of their own."""
    each = {"model": "qwen3-32b", "revision": "0" * 40, "pool": "mi300x", "gpus": 1}
    return [(f"serving.models.{index}", {**each, **values}) for index, values in enumerate(own)]


def counted(*changes: Change, **tenant: object) -> list[Change]:
    """The same with a cache that counts, and engines that report tokens."""
    cache = ("database.cache", {"password": PASSWORD})
    return served(
        cache, ("serving.models.0.engineOptions", {"enable-force-include-usage": "true"}), *changes, **tenant
    )


def behind_edge(*changes: Change, **tenant: object) -> list[Change]:
    """The same behind the edge's load balancer, where TLS ends."""
    edge = {
        "loadBalancer": {"backendSets": {"gpu": {"port": 8500, "healthPath": "/health"}}},
        "certificate": {"id": "ocid1.certificate.oc1.iad.aaaaaaaaexample"},
    }
    own = [
        ("network.edge", edge),
        ("traffic.certificate", DELETE),
        ("traffic.gateway", {"backendSet": "gpu"}),
    ]
    return counted(*own, *changes, **tenant)


OF_TENANTS: tuple[Wrong, ...] = (
    Wrong(
        "an unknown model", served(models=["qwen3-23b"]), f"{TENANT}.models[0]", "Did you mean `qwen3-32b`?"
    ),
    Wrong(
        "a model twice", served(models=["qwen3-32b"] * 2), f"{TENANT}.models[1]", "must not be named twice"
    ),
    Wrong("no model", served(models=[]), f"{TENANT}.models", "must name 1 to 15 models"),
    Wrong(
        "two tenants of one name",
        served(("traffic.tenants.1", {"name": "research", "models": ["qwen3-32b"], "keys": ["other"]})),
        "traffic.tenants[1].name",
        "is the name of another tenant too",
    ),
    Wrong("no key", served(keys=[]), f"{TENANT}.keys", "must be 1 or 2 names of secrets"),
    Wrong("three keys", served(keys=["a", "b", "c"]), f"{TENANT}.keys", "must be 1 or 2 names of secrets"),
    Wrong("a key twice", served(keys=["a", "a"]), f"{TENANT}.keys[1]", "must not be named twice"),
    Wrong(
        "a key in plain text",
        served(keys=["Zk3mQ9xTb7LwPj2Rv8NcYd5HsG4f"]),
        f"{TENANT}.keys[0]",
        "must be the name of a secret in the vault, not the key itself",
    ),
    Wrong(
        "a key of another tenant",
        served(("traffic.tenants.1", {"name": "b", "models": ["qwen3-32b"], "keys": ["tenant-research"]})),
        "traffic.tenants[1].keys[0]",
        "is a key of tenant research too",
        others=True,
    ),
    Wrong(
        "a pattern as a key", served(keys=["tenant-*"]), f"{TENANT}.keys[0]", "must be the name of a secret"
    ),
    Wrong(
        "a prompt above the context",
        served(promptTokens=50_000),
        f"{TENANT}.promptTokens",
        "must be below 40,960, the context of qwen3-32b",
    ),
    Wrong("a prompt of nothing", served(promptTokens=0), f"{TENANT}.promptTokens", "must be 1 token or more"),
    Wrong(
        "fewer tokens than the promised prompt",
        counted(tokensPerMinute=1000, promptTokens=32_000),
        f"{TENANT}.tokensPerMinute",
        "must be 32,000 or more",
    ),
    Wrong("no requests", counted(requestsPerMinute=0), f"{TENANT}.requestsPerMinute", "must be 1 to"),
    Wrong(
        "more requests at once than the engines run",
        served(concurrentRequests=2000),
        f"{TENANT}.concurrentRequests",
        "must be 1,024 or less: the engines of qwen3-32b run no more",
    ),
    *(
        Wrong(
            f"{name} requests at once",
            served(concurrentRequests=number),
            f"{TENANT}.concurrentRequests",
            "must be 1 to 10,000",
        )
        for name, number in (("too many", 10_001), ("400 digits of", 10**400))
    ),
    Wrong(
        "a priority that no engine knows",
        served(priority=1),
        f"{TENANT}.priority",
        "do not schedule by priority",
    ),
    Wrong(
        "a priority of more than 64 bits",
        served(("serving.models.0.engineOptions", {"scheduling-policy": "priority"}), priority=2**64),
        f"{TENANT}.priority",
        "must be -2,147,483,647 to 2,147,483,647",
    ),
    Wrong(
        "more requests at once to an adapter than the engines run",
        served(("serving.models.0.adapters", [ADAPTER]), models=["sql"], concurrentRequests=2000),
        f"{TENANT}.concurrentRequests",
        "must be 1,024 or less: the engines of sql run no more",
    ),
    Wrong(
        "a number of sequences with too many digits",
        served(("serving.models.0.engineOptions", {"max-num-seqs": "9" * 5000}), concurrentRequests=5),
        "serving.models[0].engineOptions.max-num-seqs",
        "must be",
    ),
    Wrong(
        "tokens that streams do not report",
        served(("database.cache", {"password": PASSWORD}), tokensPerMinute=50_000),
        f"{TENANT}.tokensPerMinute",
        "cannot be counted",
    ),
    Wrong(
        "a limit without a cache",
        served(requestsPerMinute=60),
        f"{TENANT}.requestsPerMinute",
        "needs a cache with a user and a password",
    ),
    Wrong(
        "a limit in a cache without a password",
        served(("database.cache", {}), requestsPerMinute=60),
        f"{TENANT}.requestsPerMinute",
        "needs a cache with a user and a password",
    ),
    Wrong(
        "a limit in a cache with shards",
        served(("database.cache", {"password": PASSWORD, "shards": 3}), requestsPerMinute=60),
        f"{TENANT}.requestsPerMinute",
        "needs a cache without shards",
    ),
)

OF_GATEWAYS: tuple[Wrong, ...] = (
    Wrong(
        "no host name", served(("traffic.hostName", DELETE)), "traffic.hostName", "is required with tenants"
    ),
    Wrong(
        "an invalid host name",
        served(("traffic.hostName", "Models")),
        "traffic.hostName",
        "must be a host name",
    ),
    Wrong("no certificate", served(("traffic.certificate", DELETE)), "traffic.certificate", "is required"),
    Wrong(
        "an empty certificate", served(("traffic.certificate", {})), "traffic.certificate", "must be one of"
    ),
    Wrong(
        "two certificates",
        served(("traffic.certificate", {"issuer": "ca", "existing": "models-tls"})),
        "traffic.certificate",
        "must be one of",
        others=True,
    ),
    Wrong(
        "an issuer without cert-manager",
        served(("traffic.certificate", {"issuer": "ca"})),
        "traffic.certificate.issuer",
        "needs cert-manager",
    ),
    Wrong(
        "a header by which the router chooses",
        served(("traffic.gateway", {"tenantHeader": "x-tenant-id"})),
        "traffic.gateway.tenantHeader",
        "is a header by which routers choose an engine",
    ),
    *(
        Wrong(
            f"the header {header}",
            served(("traffic.gateway", {"tenantHeader": header})),
            "traffic.gateway.tenantHeader",
            message,
        )
        for header, message in {
            "x-claude-code-session-id": "is a header by which routers choose an engine",
            "x-ai-eg-model": "the gateway sets to another value",
            "x-playground-client": "the gateway sets to another value",
            "x-forwarded-for": "the gateway sets to another value",
            "x-envoy-original-path": "the gateway sets to another value",
            f"x-{'a' * 255}": "at most 256 long",
        }.items()
    ),
    Wrong(
        "a header of HTTP",
        served(("traffic.gateway", {"tenantHeader": "Authorization"})),
        "traffic.gateway.tenantHeader",
        "must be the name of a header that begins with x-",
    ),
    Wrong(
        "no Envoy", served(("traffic.gateway", {"envoys": 0})), "traffic.gateway.envoys", "must be 1 to 20"
    ),
    Wrong(
        "a body limit below the context",
        served(("traffic.limits", {"bodyLimitBytes": 32_768})),
        "traffic.limits.bodyLimitBytes",
        "must be 327,680 or more: 8 bytes for each of the 40,960 tokens of qwen3-32b",
    ),
    Wrong(
        "a body limit that Envoy Gateway refuses",
        served(("traffic.limits", {"bodyLimitBytes": 2**32})),
        "traffic.limits.bodyLimitBytes",
        "must be 4,294,967,295 or less",
    ),
    Wrong(
        "a time limit below the longest stream",
        served(("traffic.limits", {"longestRequestSeconds": 300})),
        "traffic.limits.longestRequestSeconds",
        "must be 1,410 or more: the longest stream of qwen3-32b",
    ),
    Wrong(
        "no chart of the gateway",
        served(("serving.platform", {"externalSecrets": {}})),
        "traffic.tenants",
        "needs the chart gateway",
        others=True,
    ),
    Wrong(
        "engines that every pod reaches",
        served(("serving.isolated", False)),
        "serving.isolated",
        "must be true with traffic.tenants",
    ),
    Wrong(
        "adapters of one name",
        served(
            *models(*({"name": name, "adapters": [ADAPTER]} for name in ("model-0", "model-1"))),
            models=["model-0"],
        ),
        "serving.models[1].adapters[0].name",
        "is the name of another model or adapter behind the gateway",
    ),
)

OF_BACKENDS: tuple[Wrong, ...] = (
    Wrong(
        "two models whose backends have one name",
        served(
            ("serving.teams", [{"name": "ab", "gpus": 1}, {"name": "ab-cd", "gpus": 1}]),
            *models({"name": "cd-ef", "team": "ab"}, {"name": "ef", "team": "ab-cd"}),
            models=["cd-ef"],
        ),
        "serving.models[1].name",
        "'ef.ab-cd:8000'; would share the backend ab-cd-ef with cd-ef.ab:8000",
    ),
)

EVERY: tuple[Wrong, ...] = (*OF_TENANTS, *OF_GATEWAYS, *OF_BACKENDS)
