"""Rules on the two model runners of the pinned version, and on features that only one of them has.

vLLM uses the second runner where it supports all options, and otherwise the first. VLLM_USE_V2_MODEL_RUNNER overrides
that choice (vllm/config/vllm.py, use_v2_model_runner).
"""

from collections.abc import Iterator

from .combinations import Case, Rule, Wrong, draft_option, first_wrong
from .given import is_true

RUNNER = "VLLM_USE_V2_MODEL_RUNNER"
MICROBATCH_BACKENDS = frozenset(
    {"allgather_reducescatter", "deepep_high_throughput", "deepep_low_latency", "nixl_ep"}
)
"""Exchanges between experts that work with microbatches on AMD GPUs (vllm/config/vllm.py, VllmConfig.__post_init__:
"Microbatching currently only supports")."""

DECODE_THRESHOLD, PREFILL_THRESHOLD = 32, 512
"""Defaults of dbo-decode-token-threshold and dbo-prefill-token-threshold (vllm/config/parallel.py, ParallelConfig)."""

OVERLAPPING = frozenset(
    {"eagle", "eagle3", "extract_hidden_states", "mtp", "dflash", "dspark", "draft_model", "ngram_gpu"}
)
"""Ways of speculation with which the first runner can schedule ahead (vllm/config/vllm.py, VllmConfig.__post_init__:
v1_async_sched_incompat; vllm/config/speculative.py, EagleModelTypes and NgramGPUTypes)."""


def microbatches(case: Case) -> int:
    """Parts that a batch is split into. 1 if it is not split."""
    return 2 if case.on("enable-dbo") else max(1, case.count("ubatch-size"))


def _wanted(case: Case) -> bool | None:
    word = case.environment.get(RUNNER, "").strip().lower()
    return {"1": True, "true": True, "0": False, "false": False}.get(word)


def _beyond_second(case: Case) -> Iterator[tuple[str, str]]:
    """Options that the second runner does not support, each with the unsupported feature."""
    draft, config = case.demands.speculation, case.given.json("speculative-config")
    stages = case.layout.pipeline_parallel > 1
    if stages and case.given.text("distributed-executor-backend") == "external_launcher":
        yield "distributed-executor-backend", "external_launcher with several nodes"
    if draft and draft.method in ("suffix", "custom_class"):
        yield draft_option(case), draft.method
    if draft and is_true(config.get("parallel_drafting")) and draft.method not in ("dflash", "dspark"):
        yield draft_option(case), "parallel_drafting"
    if draft and is_true(config.get("use_heterogeneous_vocab")):
        yield draft_option(case), "use_heterogeneous_vocab"
    if microbatches(case) > 1:
        yield from _beyond_microbatches(case)


def _beyond_microbatches(case: Case) -> Iterator[tuple[str, str]]:
    option = "enable-dbo" if case.on("enable-dbo") else "ubatch-size"
    if _wanted(case) is None:
        yield option, "microbatches"
        return
    mode = case.given.json("compilation-config").get("cudagraph_mode")
    for found, what in (
        (case.adapters, "adapters"),
        (case.demands.speculation, "drafts"),
        (case.layout.pipeline_parallel > 1, "several nodes"),
        (case.count("decode-context-parallel-size") > 1, "decode-context-parallel-size"),
        (not case.demands.text_only, "images"),
        (case.model.state, "layers that keep a state"),
        (str(mode).upper() == "PIECEWISE", "cudagraph_mode PIECEWISE"),
    ):
        if found:
            yield option, f"microbatches with {what}"


def second_runner(case: Case) -> bool:
    """Whether the second runner serves this case."""
    wanted = _wanted(case)
    return not any(_beyond_second(case)) if wanted is None else wanted


def model_runner(case: Case) -> Iterator[Wrong]:
    """The runner that is chosen, or that another option requires, must support all options."""
    if second_runner(case):
        for option, what in _beyond_second(case):
            yield Wrong(
                option=option, allowed=f"{what} cannot be used with {RUNNER}=1", fix=f"Leave {RUNNER} out"
            )
        return
    cause = next((what for _, what in _beyond_second(case)), f"{RUNNER}=0")
    config = case.given.json("speculative-config")
    draft = case.demands.speculation
    stages = case.layout.pipeline_parallel > 1
    for found, option, what in (
        (case.on("async-scheduling") and stages, "async-scheduling", "async-scheduling with several nodes"),
        (draft and draft.method == "dspark", draft_option(case), "dspark"),
        (
            is_true(config.get("enable_adaptive_verification")),
            draft_option(case),
            "enable_adaptive_verification",
        ),
        (config.get("draft_lm_head_quantization"), draft_option(case), "draft_lm_head_quantization"),
        *((case.on(name), name, name) for name in SECOND_ALONE),
    ):
        if found:
            yield Wrong(
                option=option, allowed=f"{what} needs the second model runner, which {cause} excludes"
            )


SECOND_ALONE = (
    "enable-batch-sharded-sampling",
    "enable-return-routed-experts",
    "enable-trace-replay",
    "return-sampling-mask",
)
"""Switches that only the second runner supports (vllm/config/vllm.py, VllmConfig: the checks that require Model Runner
V2)."""


def scheduling_ahead(case: Case) -> Iterator[Wrong]:
    """Asynchronous scheduling, where it is turned on, needs options that support it."""
    if not case.on("async-scheduling"):
        return
    draft, config = case.demands.speculation, case.given.json("speculative-config")
    backend, first = case.given.text("all2all-backend"), not second_runner(case)
    yield from first_wrong(
        "async-scheduling",
        (
            first and draft and draft.method not in OVERLAPPING,
            f"cannot be used with {draft.method if draft else ''} drafts here",
        ),
        (
            first and draft and is_true(config.get("disable_padded_drafter_batch")),
            "cannot be used with disable_padded_drafter_batch here",
        ),
        (
            case.on("enable-dbo") and backend == "deepep_high_throughput",
            "cannot be used with enable-dbo over deepep_high_throughput on AMD GPUs",
        ),
    )


def split_batches(case: Case) -> Iterator[Wrong]:
    """Microbatches, which overlap compute with the exchange between experts, need a suitable backend and thresholds."""
    parts = microbatches(case)
    if parts == 1:
        return
    backend = case.given.text("all2all-backend")
    if backend is not None and backend not in MICROBATCH_BACKENDS:
        words = ", ".join(sorted(MICROBATCH_BACKENDS))
        yield Wrong(option="all2all-backend", allowed=f"must be one of {words} with microbatches")
    for option, usual in (
        ("dbo-decode-token-threshold", DECODE_THRESHOLD),
        ("dbo-prefill-token-threshold", PREFILL_THRESHOLD),
    ):
        if case.count(option, usual) < parts:
            yield Wrong(option=option, allowed=f"must be {parts} or more, the microbatches")


def sampling(case: Case) -> Iterator[Wrong]:
    """Sampling over several ranks, and the sampling mask in responses."""
    tensor = case.layout.tensor_parallel
    if case.on("enable-batch-sharded-sampling"):
        yield from first_wrong(
            "enable-batch-sharded-sampling",
            (tensor == 1, "needs more than one GPU"),
            (case.demands.sequences < tensor, f"needs max-num-seqs of {tensor} or more, the GPUs"),
            ((case.given.text("max-logprobs") or "").startswith("-"), "needs a limit in max-logprobs"),
            (case.on("return-sampling-mask"), "cannot be used with return-sampling-mask"),
        )
    if case.on("return-sampling-mask"):
        config = case.given.json("speculative-config")
        yield from first_wrong(
            "return-sampling-mask",
            (
                case.given.text("logprobs-mode") != "processed_logprobs",
                "needs logprobs-mode processed_logprobs",
            ),
            (case.given.text("logits-processors"), "cannot be used with logits-processors"),
            (
                is_true(config.get("enable_adaptive_verification")),
                "cannot be used with enable_adaptive_verification",
            ),
        )


RUNNER_RULES: tuple[Rule, ...] = (model_runner, scheduling_ahead, split_batches, sampling)
