"""A first preview of a stack, in the form of `preview --json`, without an engine.

The program runs in this process, and the SDK passes unknown values on as it does under the engine. The engine's own
first previews have the same unknown values: `tests/engine/test_life_of_a_stack.py`.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from facts.prices import load_prices
from infra.offline.answers import outputs_of
from infra.offline.recorder import Cloud, record
from infra.offline.recording import Recording, Registered
from infra.offline.run import run_offline
from infra.project.stackfile import PROJECT, read_stack_file
from report.layers import in_order
from report.resources import from_state
from report.sections.reach import reach
from report.view import View
from tests.infra.snapshots import file_of
from tests.report.states import UNKNOWN_VALUE
from tests.support.monitor import StrictMonitor
from tests.support.provider_inputs import UNKNOWN


class _Monitor(StrictMonitor):
    """Unknown values in the engine's form, and no rules for programs."""

    def accept(self, new: Registered) -> None:
        pass

    def shown(self, properties: dict[str, Any]) -> dict[str, Any]:
        return _engines(super().shown(properties))


def _engines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _engines(each) for key, each in value.items()}
    if isinstance(value, list):
        return [*map(_engines, value)]
    return UNKNOWN_VALUE if value == UNKNOWN else value


@cache
def first_preview(stack: str) -> Mapping[str, Any]:
    """The first preview of a stack or example. Do not change it."""
    file = read_stack_file(stack, file_of(stack))
    found = run_offline(file, stack, lambda cloud, name: _Monitor(replace(cloud, preview=True), name))
    config = {f"{PROJECT}:{name}": json.dumps(content) for name, content in file.sections.items()}
    return {"config": config, "steps": [_step(each) for each in found.resources]}


def recorded(program: Callable[[], Awaitable[None] | None], *, preview: bool) -> Recording:
    """A small program, as in a first preview or as after `up`."""
    cloud = Cloud(calls={}, outputs=outputs_of, preview=preview)
    return record(program, _Monitor(cloud, "staging"), {})


def reach_of(stack: str, state: Iterable[Mapping[str, object]]) -> Mapping[str, object]:
    """Who reaches whom among the resources of a state."""
    resources = in_order(map(from_state, state))
    return reach(View(stack=stack, prices=load_prices(), after=resources)).data


def _step(new: Registered) -> dict[str, Any]:
    state = {
        "type": new.type,
        "urn": new.urn,
        "custom": new.custom,
        "parent": new.parent,
        "inputs": new.inputs,
    }
    return {"op": "create", "urn": new.urn, "newState": state}
