"""Explains a memory plan: why the model fits, or the nearest choices that would fit."""

import math
from collections.abc import Iterator
from dataclasses import replace

from facts.problem import Problem
from facts.wording import plural
from serving.engine.choices import EngineChoices
from serving.engine.options.demands import Demands
from serving.engine.request import PlanRequest, default_assumptions

from .plan import MemoryPlan, kv_types, layouts, plan_memory


def explain(plan: MemoryPlan) -> list[str]:
    """The plan in sentences, then a line for each part of the memory."""
    given = plan.assumptions
    return [
        f"{plan.model} on {_place(plan)} ({plan.gpu_name}, {plan.shape}) {'has' if plan.fits else 'does not have'} "
        f"room for a request of {plan.context_tokens:,} tokens; {_choice(plan)}.",
        f"Each GPU: {given.utilization:.0%} of {plan.gpu_memory_gib:.0f} GiB, less {plan.weights_gib:.1f} GiB weights "
        f"and {plan.reserve_gib:.1f} GiB reserve, leaves {plan.kv_budget_gib:.1f} GiB for the cache.",
        f"At {plan.kv_bytes_per_token:,} bytes per token and GPU (cache type {plan.kv_type}) that is {plan.tokens:,} "
        f"tokens: {plan.requests:.1f} requests of full length at the same time.",
        *_states(plan),
        *_room(plan),
        "GiB per GPU (a star marks an assumption; the last column is the file of vLLM that decides the value):",
        *(f"  {use.name:<18}{use.gib:>7.2f}{'*' if use.assumed else ' '}  {use.source}" for use in plan.uses),
    ]


def _states(plan: MemoryPlan) -> list[str]:
    if not plan.pool.fixed_blocks:
        return []
    said = (
        f"The cache has {plan.blocks:,} blocks of {plan.pool.block_tokens} tokens, of which each sequence needs "
        f"{plan.pool.fixed_blocks} for states and windows, independent of its length."
    )
    planned = (
        f" So at most {plan.sequences} sequences run at the same time (max-num-seqs)."
        if plan.sequences_planned
        else ""
    )
    return [said + planned]


def _place(plan: MemoryPlan) -> str:
    if plan.layout.nodes > 1:
        return f"{plan.layout.nodes} whole nodes of {plan.gpus_per_node} GPUs"
    return f"{plural('GPU', plan.layout.gpus)} of {plan.gpus_per_node}"


def _choice(plan: MemoryPlan) -> str:
    if not plan.chosen:
        return "as requested"
    if not plan.fits:
        return "the largest layout that a node allows"
    if not plan.smaller:
        return "chosen as the smallest layout that it runs on"
    short = ", ".join(f"{tokens:,} on {plural('GPU', gpus)}" for gpus, tokens in plan.smaller)
    return f"chosen as the smallest layout that has room ({short})"


def _room(plan: MemoryPlan) -> list[str]:
    if plan.layout.nodes > 1:
        return [
            f"Its {plan.layout.nodes} stages pass activations over RDMA; no other engine fits on these nodes."
        ]
    if not plan.engines_per_node:
        return []
    if plan.engines_per_node == 1:
        return ["It uses a whole node."] if plan.layout.gpus == plan.gpus_per_node else []
    return [f"A node has room for {plan.engines_per_node} such engines, {plan.node_tokens:,} tokens in all."]


def memory_problems(request: PlanRequest, path: str) -> Iterator[Problem]:
    """Problems at `path`.gpus, .nodes, .contextTokens, .kvCacheType. The fix names the nearest choice that fits."""
    invalid = [
        *_layout_problems(request, path),
        *_node_problems(request, path),
        *_context_problems(request, path),
        *_type_problems(request, path),
    ]
    yield from invalid
    if invalid:
        return
    plan = plan_memory(request)
    if not plan.fits:
        yield _too_large(request, plan, path)
    else:
        yield from _demand_problems(plan, request.demands, f"{path}.engineOptions")


def _demand_problems(plan: MemoryPlan, demands: Demands, path: str) -> Iterator[Problem]:
    """Requested numbers for which the planned cache has no room."""
    if plan.pool.state_blocks and demands.graphs and plan.sequences > plan.blocks:
        allowed = f"must be {plan.blocks} or less: each sequence needs a block of the cache for its state"
        fix = f"Leave it out: then {plan.blocks // plan.pool.needed(1)} run at the same time"
        yield Problem(f"{path}.max-num-seqs", demands.sequences, allowed, fix)
    if demands.blocks is not None and demands.blocks > plan.blocks:
        allowed = f"must be {plan.blocks} or less, the blocks for which there is memory"
        yield Problem(f"{path}.num-gpu-blocks-override", demands.blocks, allowed, "Leave it out")
    if demands.cache_bytes is not None and demands.cache_bytes > plan.kv_budget_gib * 2**30:
        allowed = f"must be {math.floor(plan.kv_budget_gib)} GiB or less, the free memory"
        yield Problem(f"{path}.kv-cache-memory-bytes", demands.cache_bytes, allowed, "Leave it out")


def _layout_problems(request: PlanRequest, path: str) -> Iterator[Problem]:
    model, shape, gpus = request.model, request.shape, request.choices.gpus
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


def _node_problems(request: PlanRequest, path: str) -> Iterator[Problem]:
    model, shape, gpus, nodes = request.model, request.shape, request.choices.gpus, request.choices.nodes
    if nodes is None or nodes == 1:
        return
    place = f"{path}.nodes"
    if nodes < 1:
        yield Problem(place, nodes, "must be 1 or more")
    elif not shape.rdma:
        yield Problem(place, nodes, f"{shape.name} has no RDMA network to connect nodes", "Leave it out")
    elif shape.gpus not in model.tensor_parallel:
        allowed = (
            f"{model.name} does not run on all {shape.gpus} GPUs of a node, as it must with several nodes"
        )
        yield Problem(place, nodes, allowed, "Leave it out")
    elif gpus is not None and gpus != shape.gpus:
        allowed = f"must be {shape.gpus} with several nodes: such an engine uses whole nodes"
        yield Problem(f"{path}.gpus", gpus, allowed, "Leave it out")
    elif nodes > model.layers:
        yield Problem(place, nodes, f"must be {model.layers} or less, the layers of {model.name}")


def _context_problems(request: PlanRequest, path: str) -> Iterator[Problem]:
    context = request.choices.context_tokens
    if context is None:
        return
    most = request.demands.longest_context or request.model.max_context
    if context < 1:
        yield Problem(f"{path}.contextTokens", context, "must be 1 or more")
    elif context > most:
        allowed = f"{request.model.name} allows at most {most:,}"
        yield Problem(f"{path}.contextTokens", context, allowed, f"Set it to {most} or less")


def _type_problems(request: PlanRequest, path: str) -> Iterator[Problem]:
    model, kv_type = request.model, request.choices.kv_cache_type
    known = kv_types(model)
    if kv_type is not None and kv_type not in known:
        yield Problem.not_one_of(f"{path}.kvCacheType", kv_type, known)
    elif kv_type is not None and model.kv_cache_type not in (None, kv_type):
        allowed = f"{model.name} runs on AMD GPUs only with {model.kv_cache_type}"
        yield Problem(f"{path}.kvCacheType", kv_type, allowed, "Leave it out")


def _too_large(request: PlanRequest, plan: MemoryPlan, path: str) -> Problem:
    where = _place(plan) if plan.layout.nodes > 1 else f"{plural('GPU', plan.layout.gpus)} of"
    where += f" {plan.shape}"
    if plan.kv_budget_gib <= 0:
        short = (
            f"its weights need {plan.weights_gib:.1f} GiB per GPU and the rest of the engine {plan.reserve_gib:.1f}, "
            f"which leaves no memory for the cache on {where}"
        )
    else:
        short = f"{plan.tokens:,} tokens fit on {where} beside {plan.weights_gib:.1f} GiB of weights per GPU"
    ways = list(_alternatives(request, plan))
    fix = f"Nearest that fits: {'; or '.join(ways)}" if ways else f"No layout of it fits {plan.shape}"
    return Problem(f"{path}.contextTokens", plan.context_tokens, f"{plan.model}: {short}", fix)


def _alternatives(request: PlanRequest, plan: MemoryPlan) -> Iterator[str]:
    model, shape, nodes = request.model, request.shape, plan.layout.nodes
    given = replace(request.choices, gpus=plan.layout.tensor_parallel, nodes=nodes)

    def fits(choices: EngineChoices) -> bool:
        return plan_memory(replace(request, choices=choices)).fits

    usual, share = default_assumptions(model).utilization, given.memory_utilization
    if share is not None and share < usual and fits(replace(given, memory_utilization=None)):
        yield f"memoryUtilization {usual:g}"
    if plan.tokens > 0:
        yield f"contextTokens {plan.tokens}"
    larger = [size for size in layouts(model, shape) if size > plan.layout.tensor_parallel]
    wider = [size for size in larger if fits(replace(given, gpus=size, nodes=1))]
    if nodes == 1 and wider:
        yield f"gpus {wider[0]}"
    halved = plan.kv_type in ("auto", "bfloat16") and not model.kv_cache_type
    if halved and fits(replace(given, kv_cache_type="fp8")):
        yield "kvCacheType fp8"
    if shape.rdma and not wider and shape.gpus in model.tensor_parallel:
        more = (each for each in (2, 3, 4) if each > nodes)
        found = next((each for each in more if fits(replace(given, gpus=shape.gpus, nodes=each))), None)
        if found:
            yield f"nodes {found}"


def _list(sizes: tuple[int, ...]) -> str:
    words = [str(size) for size in sizes]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
