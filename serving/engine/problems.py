"""All problems of one engine, in the user's terms."""

from collections.abc import Iterator
from dataclasses import replace

from facts.problem import Problem
from facts.rccl import rccl_variables
from facts.vllm import DEFAULT_GPU_MEMORY_UTILIZATION

from .adapters import adapter_problems
from .choices import EngineChoices
from .environment import environment_problems
from .memory.fit import memory_problems
from .memory.plan import kv_types, layouts, plan_memory
from .memory.precision import precision_problems
from .options.arguments import option_problems, parser_problems
from .options.combinations import case_of
from .options.rules import combination_problems
from .request import PlanRequest


def engine_problems(request: PlanRequest, served_name: str, path: str) -> Iterator[Problem]:
    """All problems of the engine's choices, each at `path`.<key as in the stack config>.

    `served_name` is the model's name in requests. No adapter may have the same name.
    """
    choices = request.choices
    yield from choice_problems(choices, path)
    yield from adapter_problems(choices.adapters or (), request.model, served_name, f"{path}.adapters")
    fp4 = [*precision_problems(request, path)]
    yield from fp4
    yield from _network_problems(request, path)
    if any(problem.path == f"{path}.kvCacheType" for problem in fp4):
        return
    utilization = choices.memory_utilization
    if utilization is not None and not 0 < utilization < 1:
        allowed = f"must be more than 0 and less than 1; vLLM's default is {DEFAULT_GPU_MEMORY_UTILIZATION}"
        yield Problem(f"{path}.memoryUtilization", utilization, allowed)
        return
    yield from memory_problems(request, path)
    ruled = plannable(request)
    yield from combination_problems(case_of(ruled, plan_memory(ruled)), path)


def choice_problems(choices: EngineChoices, path: str) -> Iterator[Problem]:
    """The problems that depend neither on the model nor on the shape."""
    yield from option_problems(choices.engine_options or {}, f"{path}.engineOptions")
    yield from environment_problems(choices.environment or {}, f"{path}.environment")
    yield from parser_problems(choices, path)


def _network_problems(request: PlanRequest, path: str) -> Iterator[Problem]:
    shape = request.shape
    if request.nodes > 1 and shape.rdma and rccl_variables(shape) is None:
        allowed = f"no RCCL settings are known for the network cards of {shape.name}"
        yield Problem(f"{path}.nodes", request.nodes, allowed, "Leave it out")


def plannable(request: PlanRequest) -> PlanRequest:
    """The request without the choices that cannot be planned. `memory_problems` reports those."""
    model, given = request.model, request.choices
    longest = request.demands.longest_context or model.max_context
    choices = replace(
        given,
        gpus=given.gpus if given.gpus in layouts(model, request.shape) else None,
        nodes=given.nodes if 1 < request.nodes <= model.layers else None,
        context_tokens=given.context_tokens if 0 < (given.context_tokens or 0) <= longest else None,
        kv_cache_type=given.kv_cache_type if given.kv_cache_type in kv_types(model) else None,
    )
    return replace(request, choices=choices)
