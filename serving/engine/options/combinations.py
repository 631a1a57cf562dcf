"""Options that the pinned version refuses together, or with a model, before it loads anything.

Each function is one rule, in the order of vLLM's own files. A rule yields the options that are wrong. `refusals.yaml`
lists which of vLLM's refusals each rule covers, and which refusals cannot be known before a start. `playground plan
--rules` prints that list.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from facts.vllm import VERSION
from serving.catalogue.model import Model
from serving.engine.memory.allocations import Layout
from serving.engine.memory.plan import MemoryPlan
from serving.engine.request import PlanRequest

from .arguments import chosen_parser
from .demands import DRAFT_FLAGS, Demands, given_options
from .given import Given, is_true


@dataclass(frozen=True, kw_only=True)
class Case:
    """One engine with its options."""

    model: Model
    layout: Layout
    context: int
    kv_type: str
    given: Given
    demands: Demands
    adapters: int
    environment: Mapping[str, str]
    tools: bool = False
    """Whether tool calls are parsed from the model's answers."""

    numa_bind: bool = False

    def on(self, name: str) -> bool:
        """Whether a switch is on. For switches that vLLM leaves off by default."""
        return self.given.flag(name, default=False)

    def count(self, name: str, default: int = 1) -> int:
        """The number of an option. `default` is vLLM's own."""
        found = self.given.number(name)
        return default if found is None else found


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A wrong option: its name without dashes, what is allowed, how to fix it."""

    option: str
    allowed: str
    fix: str = ""


Rule = Callable[[Case], Iterator[Wrong]]


def case_of(request: PlanRequest, memory: MemoryPlan) -> Case:
    """The case of a request in the layout of its plan. The user's options override the catalogue's."""
    model, choices = request.model, request.choices
    return Case(
        model=model,
        layout=memory.layout,
        context=memory.context_tokens,
        kv_type=memory.kv_type,
        given=given_options(model, choices),
        demands=request.demands,
        adapters=len(choices.adapters or ()),
        environment={**model.environment, **(choices.environment or {})},
        tools=chosen_parser(choices.tool_parser, model.tool_parser) is not None,
        numa_bind=bool(choices.numa_bind),
    )


def first_wrong(option: str, *checks: tuple[object, str]) -> Iterator[Wrong]:
    """The checks that one option fails. Each check has whether it fails, and what is allowed."""
    yield from (Wrong(option=option, allowed=allowed) for wrong, allowed in checks if wrong)


def given_twice(case: Case, config: str, fields: Mapping[str, str]) -> Iterator[Wrong]:
    """Options that are also given inside a JSON option. `fields` maps each option to its field there."""
    found = case.given.json(config)
    for option, field in fields.items():
        if option in case.given and found.get(field) is not None:
            yield Wrong(
                option=option, allowed=f"is given in {config} too, as {field}", fix="Keep one of them"
            )


def draft_option(case: Case) -> str:
    """The option that turns speculative decoding on."""
    flags = [flag for flag in DRAFT_FLAGS if flag in case.given]
    return flags[0] if flags and not case.given.json("speculative-config") else "speculative-config"


def batch_below_context(case: Case) -> Iterator[Wrong]:
    """Without chunked prefill, a batch must have room for the longest prompt."""
    if case.given.flag("enable-chunked-prefill", default=True):
        return
    batch = case.given.number("max-num-batched-tokens")
    if batch is not None and batch < case.context:
        allowed = f"must be {case.context} or more, the context, while enable-chunked-prefill is off"
        yield Wrong(option="max-num-batched-tokens", allowed=allowed, fix="Leave enable-chunked-prefill on")


def batch_below_sequences(case: Case) -> Iterator[Wrong]:
    """A batch must have room for one token of each running sequence."""
    batch, sequences = case.demands.batch_tokens, case.demands.sequences
    if batch < sequences:
        option = "max-num-batched-tokens" if "max-num-batched-tokens" in case.given else "max-num-seqs"
        yield Wrong(
            option=option,
            allowed=f"batches of {batch} tokens cannot hold {sequences} sequences, one token each",
        )


def active_above_sequences(case: Case) -> Iterator[Wrong]:
    """The number of active sequences may not exceed the number of sequences."""
    active = case.given.number("max-num-active-seqs")
    if active is not None and active > case.demands.sequences:
        yield Wrong(
            option="max-num-active-seqs", allowed=f"must be {case.demands.sequences} or less, max-num-seqs"
        )


def long_prefill_above_context(case: Case) -> Iterator[Wrong]:
    """The threshold for long prompts may not exceed the context."""
    threshold = case.given.number("long-prefill-token-threshold")
    if threshold is not None and threshold > case.context:
        yield Wrong(
            option="long-prefill-token-threshold", allowed=f"must be {case.context} or less, the context"
        )


def ranks_beyond_the_pod(case: Case) -> Iterator[Wrong]:
    """A pod has GPUs for its tensor parallel ranks only."""
    for option, what in (
        ("data-parallel-size", "data parallel copies"),
        ("prefill-context-parallel-size", "prefill context parallel ranks"),
    ):
        if case.count(option) > 1:
            gpus = case.layout.tensor_parallel
            allowed = f"must be 1: an engine's pod has {gpus} GPUs for its ranks, and no GPUs for {what}"
            yield Wrong(option=option, allowed=allowed, fix="Raise replicas instead")
    for option in BALANCED_OUTSIDE:
        if case.on(option):
            yield Wrong(
                option=option, allowed="needs data-parallel-size above 1, and a pod has no GPUs for that"
            )
    for option in ("data-parallel-rank", "data-parallel-start-rank", "data-parallel-size-local"):
        if case.given.text(option) not in (None, "1" if option.endswith("local") else None):
            yield Wrong(option=option, allowed="is for several data parallel copies", fix="Leave it out")
    if case.given.text("data-parallel-backend") not in (None, "mp"):
        yield Wrong(option="data-parallel-backend", allowed="must be mp", fix="Leave it out")


BALANCED_OUTSIDE = (
    "data-parallel-external-lb",
    "data-parallel-hybrid-lb",
    "data-parallel-multi-port-external-lb",
    "enable-fault-tolerance",
)
"""Switches for several data parallel copies behind an external balancer (vllm/config/parallel.py, ParallelConfig)."""


def decode_context_ranks(case: Case) -> Iterator[Wrong]:
    """Decode context parallelism divides the ranks that have copies of the same key-value heads."""
    size, tensor = case.count("decode-context-parallel-size"), case.layout.tensor_parallel
    if size == 1:
        return
    if size < 1:
        return
    option, attention = "decode-context-parallel-size", case.model.attention
    copies = tensor // attention.kv_heads
    if tensor % size:
        yield Wrong(option=option, allowed=f"must divide the {tensor} GPUs of the engine")
    elif attention.kind == "gqa" and size > copies:
        allowed = (
            f"must be {max(1, copies)} or less: {attention.kv_heads} key-value heads on {tensor} GPUs "
            f"have {max(1, copies)} copies"
        )
        yield Wrong(option=option, allowed=allowed)
    elif attention.kind == "gqa" and (attention.heads // attention.kv_heads) % size:
        allowed = (
            f"must divide the {attention.heads // attention.kv_heads} query heads of each key-value head"
        )
        yield Wrong(option=option, allowed=allowed)
    interleave, block = case.count("cp-kv-cache-interleave-size"), case.demands.block_size
    if interleave < 1:
        yield Wrong(option="cp-kv-cache-interleave-size", allowed="must be 1 or more")
    elif block is not None and block % interleave:
        yield Wrong(option="cp-kv-cache-interleave-size", allowed=f"must divide block-size, {block}")


def stages(case: Case) -> Iterator[Wrong]:
    """Pipeline stages need a model whose code supports them, and the right executor."""
    if case.layout.pipeline_parallel == 1:
        return
    backend = case.given.text("distributed-executor-backend")
    if "pp" not in case.model.served_by and case.model.served_by:
        yield Wrong(
            option="nodes", allowed=f"vLLM {VERSION} cannot split {case.model.architecture} into stages"
        )
    if backend not in (None, "mp"):
        yield Wrong(
            option="distributed-executor-backend", allowed="must be mp with several nodes", fix="Leave it out"
        )
    if case.on("enable-elastic-ep"):
        yield Wrong(option="enable-elastic-ep", allowed="cannot be used with several nodes")
    if case.on("enable-return-routed-experts"):
        yield Wrong(option="enable-return-routed-experts", allowed="cannot be used with several nodes")


def expert_parallelism(case: Case) -> Iterator[Wrong]:
    """Expert parallelism needs a model with experts, at least one for each GPU."""
    if case.on("enable-expert-parallel") and case.model.experts is None:
        yield Wrong(
            option="enable-expert-parallel", allowed=f"{case.model.name} has no experts", fix="Leave it out"
        )
    elif (
        case.on("enable-expert-parallel")
        and case.model.experts
        and case.layout.tensor_parallel > case.model.experts.count
    ):
        yield Wrong(option="enable-expert-parallel", allowed=f"{case.model.name} has fewer experts than GPUs")
    if case.on("enable-return-routed-experts") and case.model.experts is None:
        yield Wrong(option="enable-return-routed-experts", allowed=f"{case.model.name} has no experts")


def expert_balance(case: Case) -> Iterator[Wrong]:
    """Expert balancing needs expert parallelism over several GPUs."""
    config = case.given.json("eplb-config")
    if case.on("enable-eplb"):
        if not case.on("enable-expert-parallel"):
            yield Wrong(option="enable-eplb", allowed="needs enable-expert-parallel")
        if case.layout.tensor_parallel == 1:
            yield Wrong(option="enable-eplb", allowed="needs more than one GPU")
        ranks = case.layout.tensor_parallel
        experts = (case.model.experts.count if case.model.experts else 0) + case.demands.redundant_experts
        if experts % ranks:
            allowed = f"{experts} experts, redundant ones included, do not divide among {ranks} GPUs"
            yield Wrong(option="eplb-config" if config else "enable-eplb", allowed=allowed)
    elif case.demands.redundant_experts:
        yield Wrong(option="eplb-config", allowed="num_redundant_experts needs enable-eplb")
    if is_true(config.get("use_async", True)) and config.get("communicator") in ("torch_nccl", "pynccl"):
        fix = "Leave communicator out, or set use_async to false"
        yield Wrong(option="eplb-config", allowed="use_async cannot be used with this communicator", fix=fix)
    if case.on("enable-elastic-ep") and not case.on("enable-eplb"):
        yield Wrong(option="enable-elastic-ep", allowed="needs enable-eplb")


def all_to_all(case: Case) -> Iterator[Wrong]:
    """The backend that exchanges tokens between experts must run on AMD GPUs."""
    backend = case.given.text("all2all-backend")
    if backend is not None and backend in NVIDIA_ALL2ALL:
        allowed = f"{backend} is made for NVIDIA GPUs"
        yield Wrong(option="all2all-backend", allowed=allowed, fix="Leave it out, or use a mori backend")
    if backend == "passthrough":
        yield Wrong(option="all2all-backend", allowed="is set by vLLM itself", fix="Leave it out")
    if backend == "moonep":
        yield from first_wrong(
            "all2all-backend",
            (
                case.model.weight_type != "bf16" or "quantization" in case.given,
                "moonep accepts only BF16 weights",
            ),
            (case.given.text("dtype") not in (None, "auto", "bfloat16"), "moonep needs dtype bfloat16"),
            (case.on("enable-eplb"), "moonep cannot be used with enable-eplb"),
            (
                case.given.text("expert-placement-strategy") not in (None, "linear"),
                "moonep needs expert-placement-strategy linear",
            ),
        )


NVIDIA_ALL2ALL = frozenset(
    {"flashinfer_all2allv", "flashinfer_nvlink_one_sided", "flashinfer_nvlink_two_sided"}
)
"""They need FlashInfer, which is for CUDA (vllm/distributed/device_communicators/all2all.py)."""


RULES: tuple[Rule, ...] = (
    batch_below_context,
    batch_below_sequences,
    active_above_sequences,
    long_prefill_above_context,
    ranks_beyond_the_pod,
    decode_context_ranks,
    stages,
    expert_parallelism,
    expert_balance,
    all_to_all,
)
