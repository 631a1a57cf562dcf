"""Wrong configurations of the models' routers. Each with its path and message."""

from typing import Any

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_pools import Refusal
from tests.infra.settings.refusals_of_traffic_gateway import served

DIGEST = "sha256:" + "0" * 64
ROUTER = {"image": "iad.ocir.io/example/smg", "imageDigest": DIGEST}


def routed(**values: Any) -> list[Change]:
    """Changes that add routers, with these values."""
    given = {**ROUTER, **values}
    router = {key: value for key, value in given.items() if value is not None}
    return [("traffic.router", router), ("cluster.pools.0.evictionMinutes", 24)]


def option(name: str, value: str, implementation: str = "smg") -> list[Change]:
    """Changes that add routers with one option."""
    return routed(implementation=implementation, options={name: value})


def traced(collector: str, **gateway: Any) -> list[Change]:
    """Changes that add a gateway, and routers that send traces to a collector."""
    options = {"enable-trace": "true", "otlp-traces-endpoint": collector}
    return [*served(("traffic.gateway", gateway)), *routed(options=options)]


ISSUED = served(
    ("serving.platform", {"gateway": {}, "aiGateway": {}, "externalSecrets": {}, "certManager": {}})
)
PATH = "traffic.router"
PAYLOAD, CONCURRENT = "max-payload-size", "max-concurrent-requests"


def promised(name: str, value: str) -> list[Change]:
    """Changes that add a gateway, and routers with one option."""
    return [*served(concurrentRequests=200), *option(name, value)]


EVERY: tuple[Refusal, ...] = (
    Refusal("no image", routed(image=None), f"{PATH}.image", "is required"),
    Refusal("no digest", routed(imageDigest=None), f"{PATH}.imageDigest", "is required"),
    Refusal("a tag", routed(imageDigest="1.13.0"), f"{PATH}.imageDigest", "has an invalid digest"),
    Refusal("a scheme", routed(image="https://a/b"), f"{PATH}.image", "must not begin with a scheme"),
    Refusal("a long image", routed(image=f"iad.ocir.io/{'x' * 250}"), f"{PATH}.image", "at most 255 characters"),
    Refusal("an unknown router", routed(implementation="envoy"), f"{PATH}.implementation", "must be one of"),
    Refusal("no routers", routed(replicas=0), f"{PATH}.replicas", "must be 1 to 20"),
    Refusal("many routers", routed(replicas=21), f"{PATH}.replicas", "must be 1 to 20"),
    Refusal("one attempt", routed(attempts=1, breakerFailures=1), f"{PATH}.attempts", "must be 2 to 10"),
    Refusal("a breaker above the attempts", routed(breakerFailures=6), f"{PATH}.breakerFailures", "below `att"),
    Refusal("a breaker at the attempts", routed(attempts=2), f"{PATH}.breakerFailures", "below `attempts`, 2"),
    Refusal("no breaker", routed(breakerFailures=0), f"{PATH}.breakerFailures", "must be 1 to 10"),
    Refusal("a long break", routed(breakerSeconds=601), f"{PATH}.breakerSeconds", "must be 1 to 600"),
    Refusal("rare checks", routed(healthSeconds=60), f"{PATH}.healthSeconds", "must be 1 to 10"),
    Refusal("no processor", routed(cpus=0), f"{PATH}.cpus", "must be 1 to 32"),
    Refusal("no memory", routed(memoryGib=0), f"{PATH}.memoryGib", "must be 1 to 256"),
    Refusal("an unknown option", option("polcy", "random"), f"{PATH}.options.polcy", "not an option of smg"),
    Refusal(
        "an option of the other router",
        option("history-backend", "none", "vllm-router"),
        f"{PATH}.options.history-backend",
        "is not an option of vllm-router",
    ),
    Refusal("dashes", option("--policy", "random"), f"{PATH}.options.--policy", "is not an option"),
    Refusal("traces to itself", option("enable-trace", "true"), f"{PATH}.options.enable-trace", "the router's own pod"),
    Refusal("traces off", option("otlp-traces-endpoint", "a.b:4317"), f"{PATH}.options.otlp-traces-endpoint",
            "has no effect without enable-trace"),
    Refusal("a collector without a port", option("otlp-traces-endpoint", "http://a.b:4317"),
            f"{PATH}.options.otlp-traces-endpoint", "must be the host and port"),
    Refusal("a collector that only routers can reach", traced("10.0.0.7:4317"), "traffic.gateway.traces",
            "is required: the gateway cannot send its traces to 10.0.0.7:4317 as the router does"),
    Refusal("a collector in the router's namespace", traced("collector:4317"), "traffic.gateway.traces",
            "is required"),
    Refusal("a scheme of the gateway's collector", traced("a.b:4317", traces="http://a.b:4317"),
            "traffic.gateway.traces", "must be the host name in lower case and the port of a collector"),
    Refusal("an issuer that cannot exist", [*ISSUED, ("traffic.certificate", {"issuer": "Company CA"})],
            "traffic.certificate.issuer", "must be the name of a ClusterIssuer"),
    Refusal("a nameless issuer", [*ISSUED, ("traffic.certificate", {"issuer": ""})], "traffic.certificate.issuer",
            "must be the name of a ClusterIssuer"),
    Refusal("a router larger than a node", routed(memoryGib=16), f"{PATH}.memoryGib", "must be below 16"),
    Refusal("more processors than a node", routed(cpus=8), f"{PATH}.cpus", "must be below 8"),
    Refusal("routers larger than all nodes", routed(memoryGib=15, replicas=3), f"{PATH}.replicas",
            "needs 45 GiB of memory for the routers of 1 model"),
    Refusal("more processors than all nodes", routed(cpus=7, replicas=3), f"{PATH}.replicas", "needs 21 processors"),
    Refusal("an Envoy larger than a node",
            served(("traffic.limits.bodyLimitBytes", 2**24), concurrentRequests=1000), "traffic.tenants",
            "may have 1,000 requests at the same time with bodies of 16,777,216 bytes: each Envoy would need"),
    Refusal("a time limit that the gateway cannot have", served(("traffic.limits.longestRequestSeconds", 100_000)),
            "traffic.limits.longestRequestSeconds", "must be 99,999 or less"),
    Refusal("no port of the gateway's collector", traced("a.b:4317", traces="a.b"), "traffic.gateway.traces",
            "must be the host name in lower case and the port"),
    Refusal("an unknown policy", option("policy", "best"), f"{PATH}.options.policy", "must be one of random"),
    Refusal("no number", option("cache-threshold", "high"), f"{PATH}.options.cache-threshold", "be a number"),
    Refusal("not finite", option("cache-threshold", "nan"), f"{PATH}.options.cache-threshold", "be a number"),
    Refusal("a share above one", option("cache-threshold", "7"), f"{PATH}.options.cache-threshold", "must be 0 to 1"),
    Refusal("a cache without time", option("cache-ttl-secs", "0"), f"{PATH}.options.cache-ttl-secs", "1 or more"),
    Refusal("a negative queue", option("queue-size", "-1"), f"{PATH}.options.queue-size", "must be 0 or more"),
    Refusal("half a second", option("cache-ttl-secs", "0.5"), f"{PATH}.options.cache-ttl-secs", "a whole number"),
    Refusal("digits with an exponent", option("max-payload-size", "1e6"), f"{PATH}.options.max-payload-size",
            "a whole number"),
    Refusal("no value", option("cache-ttl-secs", ""), f"{PATH}.options.cache-ttl-secs", "must be a value"),
    Refusal("a word for a switch", option("log-json", "yes"), f"{PATH}.options.log-json", "true or false"),
    Refusal("the port", option("port", "80"), f"{PATH}.options.port", "the ports of its Service are fixed"),
    Refusal("the selector", option("selector", "a=b"), f"{PATH}.options.selector", "finds the engines"),
    Refusal("a namespace", option("service-discovery-namespace", "a"), f"{PATH}.options.service-discovery-namespace",
            "finds the engines"),
    Refusal("no retries", option("disable-retries", "true"), f"{PATH}.options.disable-retries", "fail requests"),
    Refusal("a key in plain text", option("api-key", "k"), f"{PATH}.options.api-key", "a key in plain text"),
    *(
        Refusal(f"the option {name} {value}", option(name, value), f"{PATH}.options.{name}", message)
        for name, value, message in (
            ("health-check-endpoint", "/ready", "the engines answer health checks at /health only"),
            ("tls-cert-path", "/tls.crt", "the image has no such file"),
            ("tokenizer-path", "a/b", "the engines have the tokenizer"),
            ("model-alias", "a=b", "the gateway sends the names of serving.models"),
            ("rate-limit-tokens-per-second", "9", "the gateway limits tenants"),
            ("queue-size", str(2**31), "to 2,147,483,647: the router ends"),
            ("cache-ttl-secs", "9" * 20, "to 2,147,483,647: the router ends"),
            ("job-queue-capacity", "1000001", "must be 1 to 1,000,000"),
            ("retry-jitter-factor", "2", "must be 0 to 1"),
            ("worker-warmup-share", "2", "must be 0 to 1"),
            ("selection-temperature", "-0.1", "must be 0 or more"),
            ("retry-backoff-multiplier", "0.5", "must be 1 or more"),
            ("retry-initial-backoff-ms", "30001", "must be retry-max-backoff-ms, 30000, or less"),
            ("retry-max-backoff-ms", "49", "must be retry-initial-backoff-ms, 50, or more"),
            ("prometheus-duration-buckets", "0.1 1", "must be a number"),
            ("request-id-headers", "x-a x-b", "must be the name of one header"),
        )
    ),
    *(
        Refusal(f"the other router's option {name} {value}", option(name, value, "vllm-router"),
                f"{PATH}.options.{name}", message)
        for name, value, message in (
            (CONCURRENT, "0", "must be 1 or more: with another value the router ends at once, or answers no"),
            (CONCURRENT, "-1", "must be 1 or more"),
            (PAYLOAD, "0", "must be 1 or more"),
            ("max-tree-size", "0", "must be 1 or more"),
            ("eviction-interval-secs", "0", "must be 1 or more"),
            ("queue-size", "-1", "must be 0 or more"),
            ("queue-timeout-secs", "0.5", "must be a whole number"),
            ("balance-rel-threshold", "0.5", "must be 1 or more"),
            ("balance-abs-threshold", "-1", "must be 0 or more"),
            ("cache-threshold", "1.5", "must be 0 to 1"),
            ("cb-success-threshold", "0", "must be 1 or more"),
            ("cb-window-duration-secs", "0.5", "must be a whole number"),
            ("cb-window-duration-secs", "0", "must be 1 or more"),
            ("health-failure-threshold", "-1", "must be 0 or more"),
            ("health-success-threshold", str(2**32), "to 2,147,483,647: the router ends"),
            ("retry-backoff-multiplier", "0.5", "must be 1 or more"),
            ("retry-jitter-factor", "-0.1", "must be 0 to 1"),
            ("retry-initial-backoff-ms", "1.5", "must be a whole number"),
            ("retry-max-backoff-ms", "0", "must be 1 or more"),
            ("router-temperature", "-1", "must be 0 or more"),
            ("router-temperature", "nan", "must be a number"),
            ("kv-penalty-host", "1.5", "must be 0 to 1"),
            ("kv-aware-session-affinity-ttl-secs", "0", "must be 1 to 31,536,000"),
        )
    ),
    Refusal("a text for a number of the other router",
            option("retry-jitter-factor", "high", "vllm-router"), f"{PATH}.options.retry-jitter-factor", "be a number"),
    Refusal("a router that refuses long prompts", promised(PAYLOAD, "327679"), f"{PATH}.options.{PAYLOAD}",
            "must be 327,680 or more, the body limit of the gateway"),
    Refusal("a router that refuses promised requests", promised(CONCURRENT, "99"), f"{PATH}.options.{CONCURRENT}",
            "must be 100 or more: tenants may have 200 requests to a model"),
    Refusal("an alias of the user's key", option("no-worker-auto-recovery", "on"),
            f"{PATH}.options.no-worker-auto-recovery", "true or false"),
    Refusal("stored prompts", option("history-backend", "redis"), f"{PATH}.options.history-backend", "prompts"),
    Refusal("limits of tenants", option("priority-scheduler-enabled", "true"),
            f"{PATH}.options.priority-scheduler-enabled", "the gateway limits tenants"),
    Refusal(
        "a pool that ends before its streams",
        [*routed(), ("cluster.pools.0.evictionMinutes", 23)],
        "cluster.pools[0].evictionMinutes",
        "must be 24 or more: a router of qwen3-32b may take 1,425 s",
    ),
    Refusal(
        "a pool with the default time to drain",
        [("traffic.router", ROUTER)],
        "cluster.pools[0].evictionMinutes",
        "must be 24 or more",
    ),
    Refusal(
        "a time that OKE does not accept",
        [*routed(), ("cluster.pools.0.evictionMinutes", 61)],
        "cluster.pools[0].evictionMinutes",
        "must be 0 to 60",
    ),
    Refusal("no models", [*routed(), ("serving.models", [])], PATH, "there are no models"),
    Refusal(
        "a model with a router's name",
        [*routed(), ("serving.models.0.name", "a"),
         ("serving.models.1", {"name": "a-router", "model": "qwen3-32b", "revision": "0" * 40, "pool": "mi300x"})],
        "serving.models[1].name",
        "is the name of the router of model a",
    ),
    Refusal(
        "a model with the name of a candidate",
        [*routed(), ("serving.models.0.name", "qwen-candidate")],
        "serving.models[0].name",
        "must not end with -candidate: its routers would be taken for those of a candidate",
    ),
    Refusal(
        "a team without room for routers",
        [*routed(cpus=32), ("serving.teams", [{"name": "research", "gpus": 1, "cpus": 40}]),
         ("serving.models.0.team", "research")],
        "serving.teams[0].cpus",
        "for the models of team research with their routers",
    ),
)  # fmt: skip
