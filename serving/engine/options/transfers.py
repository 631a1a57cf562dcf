"""Rules on data that leaves the GPU: weights and cache in the node's memory, cache to other engines, routed experts."""

from collections.abc import Iterator

from facts.vllm_values import json_value

from .combinations import Case, Rule, Wrong, first_wrong
from .given import is_true


def offloading(case: Case) -> Iterator[Wrong]:
    """Options that keep weights or the encoder cache outside the GPU must be complete."""
    group, each = case.count("offload-group-size", 0), case.count("offload-num-in-group")
    if group or case.given.text("offload-backend") == "prefetch":
        if each > group:
            option = "offload-num-in-group" if group else "offload-group-size"
            allowed = f"must be {group} or less, offload-group-size" if group else f"must be {each} or more"
            yield Wrong(option=option, allowed=allowed)
        if case.count("offload-prefetch-step") < 1:
            yield Wrong(option="offload-prefetch-step", allowed="must be 1 or more with offload-group-size")
    encoder = case.given.json("ec-transfer-config")
    if encoder.get("ec_connector") and not encoder.get("ec_role"):
        yield Wrong(
            option="ec-transfer-config", allowed="must set ec_role: ec_producer, ec_consumer or ec_both"
        )


def cache_transfer(case: Case) -> Iterator[Wrong]:
    """Connectors that transfer the cache to other engines."""
    transfer, option = case.given.json("kv-transfer-config"), "kv-transfer-config"
    connector = str(transfer.get("kv_connector") or "")
    if not connector:
        return
    allocator = " ".join(case.environment.get(name, "") for name in ALLOCATOR_VARIABLES)
    ranks = case.count("decode-context-parallel-size")
    extra = json_value(transfer.get("kv_connector_extra_config") or {})
    pool = extra.get("host_pool_gib")
    yield from first_wrong(
        option,
        (not transfer.get("kv_role"), "must set kv_role: kv_producer, kv_consumer or kv_both"),
        (
            connector not in CONNECTORS and not transfer.get("kv_connector_module_path"),
            f"{connector} is not a connector of vLLM: {', '.join(sorted(CONNECTORS))}",
        ),
        (
            "expandable_segments:True" in allocator and not case.on("enable-cumem-allocator"),
            "cannot be used with the allocator's expandable_segments:True",
        ),
        (
            connector == "NixlConnector" and ranks not in (1, case.layout.tensor_parallel),
            f"NixlConnector needs decode-context-parallel-size 1 or {case.layout.tensor_parallel}",
        ),
        (
            connector == "NixlConnector" and ranks > 1 and case.model.attention.kind != "mla",
            "NixlConnector supports decode-context-parallel-size only with multi-head latent attention",
        ),
        (
            connector == "HiSparseConnector" and not (isinstance(pool, int | float) and pool > 0),
            "HiSparseConnector needs host_pool_gib above 0",
        ),
    )


CONNECTORS = frozenset(
    {
        "DecodeBenchConnector",
        "ExampleConnector",
        "ExampleHiddenStatesConnector",
        "FlexKVConnectorV1",
        "HF3FSKVConnector",
        "HiSparseConnector",
        "LMCacheConnectorV1",
        "LMCacheMPConnector",
        "MoRIIOConnector",
        "MooncakeConnector",
        "MooncakeStoreConnector",
        "MultiConnector",
        "NixlConnector",
        "NixlPullConnector",
        "NixlPushConnector",
        "OffloadingConnector",
        "SimpleCPUOffloadConnector",
    }
)
"""vllm/distributed/kv_transfer/kv_connector/factory.py"""

BETWEEN_ENGINES = frozenset(
    {"MoRIIOConnector", "MooncakeConnector", "NixlConnector", "NixlPullConnector", "NixlPushConnector"}
)
"""Connectors between engines for prompts and engines for answers (vllm/config/vllm.py,
VllmConfig._verify_aux_output_compatibility)."""


def routed_experts(case: Case) -> Iterator[Wrong]:
    """Responses that list the experts of each token."""
    if not case.on("enable-return-routed-experts"):
        return
    connector = str(case.given.json("kv-transfer-config").get("kv_connector"))
    draft = case.given.json("speculative-config")
    yield from first_wrong(
        "enable-return-routed-experts",
        (not case.demands.prefix_caching, "needs enable-prefix-caching"),
        (
            is_true(draft.get("enable_adaptive_verification")),
            "cannot be used with enable_adaptive_verification",
        ),
        (case.count("decode-context-parallel-size") > 1, "cannot be used with decode-context-parallel-size"),
        (connector in BETWEEN_ENGINES, f"cannot be used with {connector}"),
        (case.given.text("runner") not in (None, "auto", "generate"), "needs runner generate"),
    )


ALLOCATOR_VARIABLES = ("PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_HIP_ALLOC_CONF")
"""Variables that PyTorch's allocator reads (vllm/device_allocator/alloc_conf.py, ALLOC_CONF_ENV_VARS). vLLM itself
refuses the second alone (vllm/config/vllm.py, VllmConfig._verify_kv_transfer_compat). Each of them moves the memory."""


TRANSFER_RULES: tuple[Rule, ...] = (offloading, cache_transfer, routed_experts)
