"""`playground plan`: the memory plan of every model of a stack."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from pydantic.alias_generators import to_camel

from facts.shapes import find_shape
from infra.settings import Settings
from serving.catalogue.loader import find_model
from serving.engine.fit import explain
from serving.engine.memory import MemoryPlan, plan_memory

from .common import as_json, fail, file_option, json_option, settings_or_exit, stack_argument


@dataclass(frozen=True)
class ModelPlan:
    """The plan of one model of the settings."""

    name: str
    pool: str
    replicas: int
    plan: MemoryPlan


@click.command()
@stack_argument
@file_option
@json_option
def plan(stack: str, config_file: Path | None, json_output: bool) -> None:
    """Show how each model of STACK fits its GPUs, and what that leaves for requests."""
    settings = settings_or_exit(stack, config_file)
    plans = list(model_plans(settings))
    if json_output:
        click.echo(as_json([_row(each) for each in plans]))
        return
    if not plans:
        click.echo(f"{stack} serves no model: serving.models is empty")
    for each in plans:
        click.secho(f"{each.name}: {each.replicas} x {each.plan.layout.gpus} GPU on {each.pool}", bold=True)
        for line in explain(each.plan):
            click.echo(f"  {line}")
    for line in pool_use(settings, plans):
        click.echo(line)


def model_plans(settings: Settings) -> Iterator[ModelPlan]:
    """The plan of each model; the settings have been checked, so model, pool and shape exist."""
    shapes = {pool.name: find_shape(pool.shape) for pool in settings.gpu.pools}
    for index, wanted in enumerate(settings.serving.models):
        model, shape = find_model(wanted.model), shapes.get(wanted.pool)
        if model is None or shape is None:
            fail(f"serving.models[{index}]: its model or its pool's shape is unknown")
        found = plan_memory(
            model, shape, gpus=wanted.gpus, context_tokens=wanted.context_tokens, kv_type=wanted.kv_cache_type
        )
        yield ModelPlan(wanted.name, wanted.pool, wanted.replicas, found)


def pool_use(settings: Settings, plans: list[ModelPlan]) -> Iterator[str]:
    """One line a pool: GPUs used of those there are."""
    for pool in settings.gpu.pools:
        shape = find_shape(pool.shape)
        used = sum(each.replicas * each.plan.layout.gpus for each in plans if each.pool == pool.name)
        total = pool.nodes * (shape.gpus if shape else 0)
        yield f"{pool.name}: {used} of {total} GPUs used, {total - used} free"


def _row(each: ModelPlan) -> dict[str, object]:
    memory = each.plan
    figures: dict[str, object] = asdict(memory)
    figures |= {"gpus": memory.layout.gpus, "fits": memory.fits, "requests": memory.requests}
    figures["node_tokens"] = memory.node_tokens
    named = {"name": each.name, "pool": each.pool, "replicas": each.replicas}
    return named | {
        to_camel(key): value for key, value in figures.items() if key not in {"layout", "assumptions"}
    }
