"""Says in words what a memory plan found: an explanation where the model fits, else the nearest that does."""

import math
from collections.abc import Iterator

from facts.problem import Problem
from facts.shapes import Shape
from serving.catalogue.model import Model

from .demands import Demands
from .memory import MemoryPlan, default_assumptions, kv_types, layouts, plan_memory


def explain(plan: MemoryPlan) -> list[str]:
    """The plan in sentences, then everything that it counts, line by line."""
    given = plan.assumptions
    return [
        f"{plan.model} on {_place(plan)} ({plan.gpu_name}, {plan.shape}) {'holds' if plan.fits else 'cannot hold'} a "
        f"request of {plan.context_tokens:,} tokens; {_choice(plan)}.",
        f"Each GPU: {given.utilization:.0%} of {plan.gpu_memory_gib:.0f} GiB, less {plan.weights_gib:.1f} GiB weights "
        f"and {plan.reserve_gib:.1f} GiB reserve, leaves {plan.kv_budget_gib:.1f} GiB for the cache.",
        f"At {plan.kv_bytes_per_token:,} bytes a token and GPU (cache type {plan.kv_type}) that is {plan.tokens:,} "
        f"tokens: {plan.requests:.1f} requests of full length at once.",
        *_states(plan),
        *_room(plan),
        "Counted, GiB a GPU (a star: rests on an assumption; then the file of vLLM that decides it):",
        *(f"  {use.name:<18}{use.gib:>7.2f}{'*' if use.assumed else ' '}  {use.source}" for use in plan.uses),
    ]


def _states(plan: MemoryPlan) -> list[str]:
    if not plan.pool.fixed_blocks:
        return []
    said = (
        f"The cache has {plan.blocks:,} blocks of {plan.pool.block_tokens} tokens, of which each sequence takes "
        f"{plan.pool.fixed_blocks} for states and windows, whatever its length."
    )
    planned = f" So {plan.sequences} sequences run at once (max-num-seqs)." if plan.sequences_planned else ""
    return [said + planned]


def _place(plan: MemoryPlan) -> str:
    if plan.layout.nodes > 1:
        return f"{plan.layout.nodes} whole nodes of {plan.gpus_per_node} GPUs"
    return f"{_gpus(plan.layout.gpus)} of {plan.gpus_per_node}"


def _choice(plan: MemoryPlan) -> str:
    if not plan.chosen:
        return "as asked for"
    if not plan.fits:
        return "the largest layout a node has"
    if not plan.smaller:
        return "chosen as the smallest layout it runs on"
    short = ", ".join(f"{tokens:,} on {_gpus(gpus)}" for gpus, tokens in plan.smaller)
    return f"chosen as the smallest layout that does ({short})"


def _room(plan: MemoryPlan) -> list[str]:
    if plan.layout.nodes > 1:
        return [
            f"Its {plan.layout.nodes} stages pass activations over RDMA; no other engine fits beside them."
        ]
    if not plan.engines_per_node:
        return []
    if plan.engines_per_node == 1:
        return ["It takes a node for itself."] if plan.layout.gpus == plan.gpus_per_node else []
    return [f"A node has room for {plan.engines_per_node} such engines, {plan.node_tokens:,} tokens in all."]


def memory_problems(
    model: Model,
    shape: Shape,
    *,
    gpus: int | None = None,
    nodes: int | None = None,
    context_tokens: int | None = None,
    kv_type: str | None = None,
    utilization: float | None = None,
    demands: Demands | None = None,
    path: str,
) -> Iterator[Problem]:
    """Problems at `path`.gpus, .nodes, .contextTokens, .kvCacheType; the fix is the nearest that fits."""
    invalid = [
        *_layout_problems(model, shape, gpus, path),
        *_node_problems(model, shape, gpus, nodes, path),
        *_context_problems(model, context_tokens, demands, path),
        *_type_problems(model, kv_type, path),
    ]
    yield from invalid
    if invalid:
        return
    plan = plan_memory(
        model,
        shape,
        gpus=gpus,
        nodes=nodes,
        context_tokens=context_tokens,
        kv_type=kv_type,
        assumptions=default_assumptions(model, utilization),
        demands=demands,
    )
    if not plan.fits:
        yield _too_large(model, shape, plan, (utilization, demands), path)
    elif demands is not None:
        yield from _demand_problems(plan, demands, f"{path}.engineOptions")


def _demand_problems(plan: MemoryPlan, demands: Demands, path: str) -> Iterator[Problem]:
    """Numbers asked for that the cache as planned does not have room for."""
    if plan.pool.state_blocks and demands.graphs and plan.sequences > plan.blocks:
        allowed = f"must be {plan.blocks} or less: each sequence needs a block of the cache for its state"
        fix = f"Leave it out: {plan.blocks // plan.pool.needed(1)} run at once"
        yield Problem(f"{path}.max-num-seqs", demands.sequences, allowed, fix)
    if demands.blocks is not None and demands.blocks > plan.blocks:
        allowed = f"must be {plan.blocks} or less, the blocks that fit beside the rest"
        yield Problem(f"{path}.num-gpu-blocks-override", demands.blocks, allowed, "Leave it out")
    if demands.cache_bytes is not None and demands.cache_bytes > plan.kv_budget_gib * 2**30:
        allowed = f"must be {math.floor(plan.kv_budget_gib)} GiB or less, what is left beside the rest"
        yield Problem(f"{path}.kv-cache-memory-bytes", demands.cache_bytes, allowed, "Leave it out")


def _layout_problems(model: Model, shape: Shape, gpus: int | None, path: str) -> Iterator[Problem]:
    if not shape.gpus:
        yield Problem(f"{path}.shape", shape.name, "has no GPU", "Choose a GPU shape, e.g. BM.GPU.MI300X.8")
    elif model.tensor_parallel[0] > shape.gpus:
        yield Problem(
            f"{path}.model",
            model.name,
            f"needs {model.tensor_parallel[0]} GPUs; {shape.name} has {shape.gpus}",
        )
    elif gpus is not None and gpus not in layouts(model, shape):
        sizes = layouts(model, shape)
        closest = min(sizes, key=lambda size: (abs(size - gpus), size))
        allowed = f"{model.name} runs on {_list(sizes)} GPUs of {shape.name}"
        yield Problem(f"{path}.gpus", gpus, allowed, f"The nearest is {closest}")


def _node_problems(
    model: Model, shape: Shape, gpus: int | None, nodes: int | None, path: str
) -> Iterator[Problem]:
    if nodes is None or nodes == 1:
        return
    place = f"{path}.nodes"
    if nodes < 1:
        yield Problem(place, nodes, "must be 1 or more")
    elif not shape.rdma:
        yield Problem(place, nodes, f"{shape.name} has no RDMA network to join nodes by", "Leave it out")
    elif shape.gpus not in model.tensor_parallel:
        allowed = f"{model.name} does not run on all {shape.gpus} GPUs of a node, which several nodes need"
        yield Problem(place, nodes, allowed, "Leave it out")
    elif gpus is not None and gpus != shape.gpus:
        allowed = f"must be {shape.gpus} with several nodes: an engine then takes whole nodes"
        yield Problem(f"{path}.gpus", gpus, allowed, "Leave it out")
    elif nodes > model.layers:
        yield Problem(place, nodes, f"must be {model.layers} or less, the layers of {model.name}")


def _context_problems(
    model: Model, context: int | None, demands: Demands | None, path: str
) -> Iterator[Problem]:
    if context is None:
        return
    most = (demands.longest_context if demands else None) or model.max_context
    if context < 1:
        yield Problem(f"{path}.contextTokens", context, "must be 1 or more")
    elif context > most:
        allowed = f"{model.name} allows at most {most:,}"
        yield Problem(f"{path}.contextTokens", context, allowed, f"Set it to {most} or less")


def _type_problems(model: Model, kv_type: str | None, path: str) -> Iterator[Problem]:
    known = kv_types(model)
    if kv_type is not None and kv_type not in known:
        yield Problem.not_one_of(f"{path}.kvCacheType", kv_type, known)
    elif kv_type is not None and model.kv_cache_type not in (None, kv_type):
        allowed = f"{model.name} runs on AMD GPUs with {model.kv_cache_type} alone"
        yield Problem(f"{path}.kvCacheType", kv_type, allowed, "Leave it out")


def _too_large(
    model: Model, shape: Shape, plan: MemoryPlan, asked: tuple[float | None, Demands | None], path: str
) -> Problem:
    where = (
        f"{_place(plan)} {shape.name}"
        if plan.layout.nodes > 1
        else f"{_gpus(plan.layout.gpus)} of {shape.name}"
    )
    if plan.kv_budget_gib <= 0:
        short = (
            f"its weights take {plan.weights_gib:.1f} GiB a GPU and the rest of the engine {plan.reserve_gib:.1f}, "
            f"which leaves nothing for the cache on {where}"
        )
    else:
        short = f"{plan.tokens:,} tokens fit on {where} beside {plan.weights_gib:.1f} GiB of weights a GPU"
    ways = list(_ways_out(model, shape, plan, *asked))
    fix = f"Nearest that fits: {'; or '.join(ways)}" if ways else f"No layout of it fits {shape.name}"
    return Problem(f"{path}.contextTokens", plan.context_tokens, f"{model.name}: {short}", fix)


def _ways_out(
    model: Model, shape: Shape, plan: MemoryPlan, utilization: float | None, demands: Demands | None
) -> Iterator[str]:
    def fits(
        *,
        gpus: int | None = None,
        nodes: int = 1,
        kv_type: str = plan.kv_type,
        share: float | None = utilization,
    ) -> bool:
        return plan_memory(
            model,
            shape,
            gpus=gpus or plan.layout.tensor_parallel,
            nodes=nodes,
            context_tokens=plan.context_tokens,
            kv_type=kv_type,
            assumptions=default_assumptions(model, share),
            demands=demands,
        ).fits

    nodes = plan.layout.nodes
    usual = default_assumptions(model).utilization
    if utilization is not None and utilization < usual and fits(nodes=nodes, share=None):
        yield f"memoryUtilization {usual:g}"
    if plan.tokens > 0:
        yield f"contextTokens {plan.tokens}"
    wider = [size for size in layouts(model, shape) if size > plan.layout.tensor_parallel and fits(gpus=size)]
    if nodes == 1 and wider:
        yield f"gpus {wider[0]}"
    if plan.kv_type in ("auto", "bfloat16") and not model.kv_cache_type and fits(nodes=nodes, kv_type="fp8"):
        yield "kvCacheType fp8"
    if shape.rdma and not wider and shape.gpus in model.tensor_parallel:
        for more in (each for each in (2, 3, 4) if each > nodes and fits(gpus=shape.gpus, nodes=each)):
            yield f"nodes {more}"
            break


def _gpus(count: int) -> str:
    return f"{count} GPU" if count == 1 else f"{count} GPUs"


def _list(sizes: tuple[int, ...]) -> str:
    words = [str(size) for size in sizes]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
