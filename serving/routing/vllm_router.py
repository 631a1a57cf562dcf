"""vllm-router: vLLM's own. Asks every engine for the tokens of a prompt, and passes on every path and model."""

from collections.abc import Mapping

from facts import routers

from .router_program import SETTINGS_DECIDE, RouterPlan, RouterProgram, discovery, resilience

_OTHER_DUTIES = (
    "mini-lb", "vllm-pd-disaggregation", "vllm-discovery-address", "kv-connector", "pd-kv-events",
    "intra-node-data-parallel-size", "enable-program-scheduling", "program-scheduling-config-json",
    "kv-event-source", "kv-event-replay-source",
)  # fmt: skip


def own_options(plan: RouterPlan) -> Mapping[str, str | None]:
    """The options of vllm-router. It waits for running requests without a limit of its own."""
    return {**discovery(plan), **resilience(plan)}


VLLM_ROUTER = RouterProgram(
    name=routers.VLLM_ROUTER,
    command=("vllm-router",),
    live_path="/liveness",
    ready_path="/readiness",
    refused={
        **SETTINGS_DECIDE,
        **dict.fromkeys(_OTHER_DUTIES, "one router serves engines that all do the same"),
        **dict.fromkeys(
            ("wasm-middleware", "wasm-middleware-sha256", "wasm-middleware-route"),
            "the image has no such file",
        ),
    },
    own_options=own_options,
)
