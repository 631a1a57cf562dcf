"""smg: keeps a tree of prompts itself, and answers only the paths and the model that it knows."""

from collections.abc import Mapping

from facts import routers

from .router_program import SETTINGS_DECIDE, RouterPlan, RouterProgram, discovery, resilience

_KEYS = (
    "tenant-api-key", "control-plane-api-keys", "oracle-password", "oracle-connect-descriptor", "oracle-username",
    "postgres-db-url", "redis-url",
)  # fmt: skip
_OTHER_DUTIES = (
    "enable-mesh", "enable-rl", "enable-wasm", "storage-hook-wasm-path", "mcp-config-path", "pd-disaggregation",
    "epd-disaggregation", "encode", "encode-policy", "encode-selector", "discovery-provider", "discovery-file",
    "discovery-check-interval-secs", "router-selector", "jemalloc-prof-dir",
)  # fmt: skip
_TENANTS = (
    "priority-scheduler-enabled", "priority-scheduler-config", "tenant-rate-limit-enabled",
    "tenant-rate-limit-config", "trust-tenant-header", "tenant-header-name",
)  # fmt: skip

_FILES = (
    "tls-cert-path", "tls-key-path", "ca-cert-paths", "client-cert-path", "client-key-path", "schema-config",
    "chat-template",
)  # fmt: skip
_TOKENIZERS = ("model-path", "tokenizer-path")
_CALLERS = ("jwt-audience", "jwt-issuer", "jwt-jwks-uri", "jwt-role-mapping")
_NAMES = ("model-alias", "model-id-from")

LOAD_SECONDS = 1
"""Seconds between two polls of an engine's load. smg 1.13.0 scores an engine that has not reported yet as its best peer
that has, plus what it has in flight (smg-project/smg#2454). So after engines join, the one that has reported gets most
of the new conversations until the next poll: measured, 163 of 200 at smg's default of 10 s."""


def own_options(plan: RouterPlan) -> Mapping[str, str | None]:
    """The options of smg."""
    return {
        **discovery(plan),
        **resilience(plan),
        "backend": "vllm",
        "shutdown-grace-period-secs": str(plan.drain_seconds),
        # The engines have the tokenizer. A download would need the internet.
        "disable-tokenizer-autoload": None,
        # By default an engine with 8 waiting requests or 80 % of its cache in use gets none. If the model's other
        # engines are not healthy, smg 1.13.0 then answers 503 instead of letting the engine queue.
        "disable-worker-overload-protection": None,
        "load-monitor-interval": str(LOAD_SECONDS),
        # Replicas share no memory, and prompts are kept nowhere.
        "history-backend": "none",
    }


SMG_ROUTER = RouterProgram(
    name=routers.SMG,
    command=("smg", "launch"),
    live_path="/liveness",
    ready_path="/readiness",
    refused={
        **SETTINGS_DECIDE,
        "backend": "the engines are vLLM's",
        "shutdown-grace-period-secs": "it follows from the longest answer",
        "disable-tokenizer-autoload": "the engines have the tokenizer",
        "history-backend": "prompts would be kept outside the engines",
        "worker-overload-protection": "smg would answer 503 while the only healthy engine is busy",
        "disable-worker-overload-protection": "the router has it already",
        "load-monitor-interval": "until the next poll most new conversations would go to one engine",
        "selection-policy": "smg has only one",
        "kv-index": "the engines send no events of their caches",
        "health-check-port": "the probes are at the port of its Service",
        "disable-health-check": "an engine that hangs would get requests",
        **dict.fromkeys(_KEYS, "a key in plain text would be in the state and in the pod's command line"),
        **dict.fromkeys(_OTHER_DUTIES, "one router serves engines that all do the same"),
        **dict.fromkeys(_FILES, "the image has no such file"),
        **dict.fromkeys(
            _TOKENIZERS, "the engines have the tokenizer, and a download would need the internet"
        ),
        **dict.fromkeys(_CALLERS, "only the gateway calls the router, and it has no such token"),
        **dict.fromkeys(_NAMES, "the gateway sends the names of serving.models, which the engines have too"),
        **dict.fromkeys(_TENANTS, "the gateway limits tenants: smg counts the whole fleet, not the model"),
    },
    own_options=own_options,
)
