"""`playground plan`: the memory plan of a model in the catalogue, or of every model of a stack."""

import inspect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from pydantic.alias_generators import to_camel

from facts.json_output import as_json, problem_rows
from facts.problem import Problem, did_you_mean
from facts.shapes import GPU_SHAPES, Shape, find_shape
from facts.vllm import DEFAULT_GPU_MEMORY_UTILIZATION, VERSION
from infra.project.stackfile import stack_names
from infra.settings import Settings
from infra.settings.traffic.candidates import with_candidates
from serving.catalogue.loader import catalogue, find_model
from serving.engine.choices import EngineChoices
from serving.engine.deadlines import cut_answer, engine_drain
from serving.engine.memory.fit import explain
from serving.engine.memory.plan import MemoryPlan, plan_memory
from serving.engine.options.rules import ALL_RULES, refusals
from serving.engine.problems import engine_problems
from serving.engine.request import PlanRequest
from serving.throughput.reference import speed_sentence

from .common import file_option, json_option, say
from .refusal import PROBLEMS, fail
from .scaling_plan import ScalingPlan, scaling_plans
from .settings import settings_or_exit

DEFAULT_SHAPE = "BM.GPU.MI300X.8"


@dataclass(frozen=True)
class ModelPlan:
    """The plan of one model in the settings."""

    name: str
    pool: str
    replicas: int
    plan: MemoryPlan
    explanation: list[str]
    speed: str
    """The predicted speed in a sentence."""
    scaling: ScalingPlan | None = None
    """The bounds of a model whose number of engines follows the load."""


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in (*stack_names(), *catalogue()) if name.startswith(incomplete)]


@click.command()
@click.argument("name", metavar="MODEL|STACK", shell_complete=_complete, required=False)
@click.option(
    "--option", "options", multiple=True, metavar="NAME=VALUE", help="An engine option to plan with."
)
@click.option(
    "--rules",
    is_flag=True,
    help="Show what vLLM refuses at start, and which of these refusals are checked here.",
)
@click.option("--shape", help=f"Compute shape of the nodes. Default: {DEFAULT_SHAPE}.")
@click.option(
    "--gpus", type=int, help="GPUs (tensor parallel). Default: the fewest that are enough for the context."
)
@click.option("--nodes", type=int, help="Whole nodes that one engine spans. Default: 1.")
@click.option(
    "--context", "context_tokens", type=int, help="Longest request in tokens. Default: the model's maximum."
)
@click.option(
    "--kv-dtype",
    "kv_cache_type",
    help="Data type of the key-value cache, e.g. fp8. Default: the model's type.",
)
@click.option(
    "--utilization",
    "memory_utilization",
    type=float,
    help=f"Share of a GPU's memory. Default: the model's, else {DEFAULT_GPU_MEMORY_UTILIZATION}.",
)
@file_option
@json_option
def plan(
    *,
    name: str | None,
    options: tuple[str, ...],
    rules: bool,
    shape: str | None,
    config_file: Path | None,
    json_output: bool,
    **chosen: Any,
) -> None:
    """Show how MODEL of the catalogue fits GPUs, or how each model of STACK fits its pool.

    A name with a stack file is a stack. The options below are for a MODEL. Exit code 1: it does not fit; the output
    says what does.
    """
    if rules:
        _show_rules(json_output)
        return
    if name is None:
        raise click.UsageError("Name a MODEL of the catalogue or a STACK")
    # The other options have the names of the fields of EngineChoices.
    choices = EngineChoices(**chosen, engine_options=_options(options))
    is_stack = config_file is not None or name in stack_names()
    if not is_stack and (model := find_model(name)):
        _plan_model(PlanRequest(model, _shape(shape or DEFAULT_SHAPE), choices), json_output)
        return
    if not is_stack:
        raise click.UsageError(_unknown(name))
    if shape or choices != EngineChoices(engine_options={}):
        raise click.UsageError(
            f"{name} is a stack. Its settings say what each model gets. Remove the options"
        )
    _plan_stack(name, config_file, json_output)


def _unknown(name: str) -> str:
    hint = did_you_mean(name, (*catalogue(), *stack_names())) or f"Models: {', '.join(catalogue())}."
    stacks = ", ".join(stack_names()) or "none"
    return f"{name} is neither a stack nor a model of the catalogue. {hint} Stacks here: {stacks}"


def _options(words: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise click.BadParameter(f"{word} has no value: write NAME=VALUE", param_hint="--option")
        found[name] = value
    return found


def _plan_model(request: PlanRequest, json_output: bool) -> None:
    model = request.model
    problems = [_named(each) for each in engine_problems(request, model.name, model.name)]
    if problems and not json_output:
        fail("\n".join(str(problem) for problem in problems))
    if problems:
        click.echo(as_json({"model": model.name, "fits": False, "problems": problem_rows(problems)}))
        raise SystemExit(PROBLEMS)
    memory = plan_memory(request)
    if json_output:
        said = {"explanation": _explained(request, memory), "standing": model.standing, "notes": model.notes}
        click.echo(as_json(_figures(memory) | said))
        return
    for line in _explained(request, memory):
        say(line)
    say(f"{model.repository}: {model.licence}; {model.standing}. {model.notes}")


def _explained(request: PlanRequest, memory: MemoryPlan) -> list[str]:
    """The plan in sentences, and what happens to its longest answers when an engine stops."""
    drain = engine_drain(request.choices, request.model)
    cut = cut_answer(drain)
    return [
        *explain(memory),
        *([f"longestStreamSeconds of {drain.longest_stream_seconds:,} {cut}."] if cut else []),
    ]


def _show_rules(json_output: bool) -> None:
    if json_output:
        click.echo(as_json([asdict(refusal) for refusal in refusals()]))
        return
    say(f"Where vLLM {VERSION} refuses to start, how often, and the rules that check it here")
    for place, group in groupby(refusals(), key=lambda refusal: refusal.place):
        held = Counter(", ".join(each.rules) or f"not checked here: {each.why}" for each in group)
        parts = [f"{words} ({count})" for words, count in held.items()]
        say(f"{place}: {'; '.join(parts)}", 2)
    for name, rule in ALL_RULES.items():
        say(f"{name}: {inspect.getdoc(rule)}", 2)


OPTION_NAMES: Mapping[str, str] = {
    "contextTokens": "--context",
    "gpus": "--gpus",
    "kvCacheType": "--kv-dtype",
    "memoryUtilization": "--utilization",
    "model": "MODEL",
    "nodes": "--nodes",
    "shape": "--shape",
}
"""Keys of the stack config, with their names in this command."""


def _named(problem: Problem) -> Problem:
    """The problem with the names of this command's options."""
    fix = problem.fix
    for key, option in OPTION_NAMES.items():
        fix = fix.replace(f"{key} ", f"{option} ")
    key = problem.path.rpartition(".")[2]
    return Problem(OPTION_NAMES.get(key, key), problem.value, problem.allowed, fix)


def _shape(name: str) -> Shape:
    found = find_shape(name)
    if found is None:
        hint = did_you_mean(name, GPU_SHAPES) or f"There are: {', '.join(GPU_SHAPES)}"
        raise click.BadParameter(f"{name} is not a known shape. {hint}", param_hint="--shape")
    return found


def _plan_stack(stack: str, config_file: Path | None, json_output: bool) -> None:
    settings = settings_or_exit(stack, config_file)
    plans = list(model_plans(settings))
    if json_output:
        click.echo(as_json([_row(each) for each in plans]))
        return
    if not plans:
        click.echo(f"{stack} serves no model: serving.models is empty")
    for each in plans:
        click.secho(f"{each.name}: {each.replicas} x {each.plan.layout.gpus} GPU on {each.pool}", bold=True)
        for line in each.explanation:
            say(line, 2)
        say(each.speed, 2)
        if each.scaling is not None:
            say(str(each.scaling), 2)
        if model := find_model(each.plan.model):
            say(f"{model.repository}: {model.standing}.", 2)
    for line in pool_use(settings, plans):
        say(line)


def model_plans(settings: Settings) -> Iterator[ModelPlan]:
    """The plan of each model and candidate. The settings have been checked, so the model, pool and shape exist."""
    shapes = {pool.name: find_shape(pool.shape) for pool in settings.gpu.pools}
    scaled = scaling_plans(settings)
    both = with_candidates(settings.serving, settings.traffic.candidates)
    for index, wanted in enumerate(both.models):
        model, shape = find_model(wanted.model), shapes.get(wanted.pool)
        if model is None or shape is None:
            fail(f"serving.models[{index}]: its model or its pool's shape is unknown")
        request = PlanRequest(model, shape, wanted.engine)
        found = plan_memory(request)
        said = _explained(request, found)
        speed = speed_sentence(request, found.layout.tensor_parallel)
        yield ModelPlan(
            wanted.name, wanted.pool, wanted.replicas, found, said, speed, scaled.get(wanted.name)
        )


def pool_use(settings: Settings, plans: list[ModelPlan]) -> Iterator[str]:
    """One line for each pool: used and total GPUs."""
    for pool in settings.gpu.pools:
        shape = find_shape(pool.shape)
        used = sum(each.replicas * each.plan.layout.gpus for each in plans if each.pool == pool.name)
        total = pool.nodes * (shape.gpus if shape else 0)
        yield f"{pool.name}: {used} of {total} GPUs used, {total - used} free"


def _row(each: ModelPlan) -> dict[str, object]:
    bounds = {"scaling": asdict(each.scaling)} if each.scaling else {}
    head = {"name": each.name, "pool": each.pool, "replicas": each.replicas, "speed": each.speed}
    return {**head, **bounds, **_figures(each.plan)}


def _figures(memory: MemoryPlan) -> dict[str, object]:
    figures: dict[str, object] = asdict(memory)
    layout = memory.layout
    figures |= {"gpus": layout.gpus, "nodes": layout.nodes, "tensor_parallel": layout.tensor_parallel}
    figures |= {"fits": memory.fits, "requests": memory.requests, "node_tokens": memory.node_tokens}
    figures |= {"engines_per_node": memory.engines_per_node, "reserve_gib": memory.reserve_gib}
    figures["pool"] = {to_camel(key): value for key, value in asdict(memory.pool).items()}
    figures["assumptions"] = {to_camel(key): value for key, value in asdict(memory.assumptions).items()}
    figures["smaller"] = [{"gpus": gpus, "tokens": tokens} for gpus, tokens in memory.smaller]
    return {to_camel(key): value for key, value in figures.items() if key != "layout"}
