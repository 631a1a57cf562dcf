"""A refusal of any component ends the run. Nothing may wait for a resource that will never be created."""

import ast
import asyncio
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import PurePath
from typing import Any

import pulumi
import pytest

from facts.problem import InvalidInput, Problem, refuse
from infra.offline import recorder
from infra.offline import run as offline
from infra.package.classes import components
from infra.project.stackfile import StackFile, read_stack_file
from tests.infra.snapshots import EXAMPLES, STACKS, file_of, read
from tools.component_rules import check_source, program_promises

LONGEST = 60
"""Seconds after which a run counts as hanging. A normal run takes one or two."""


@cache
def stacks() -> dict[str, str]:
    """The stack or example with the fewest resources for each component, because it takes the least time."""
    found: dict[str, str] = {}
    for stack in sorted((*STACKS, *EXAMPLES), key=lambda name: len(read(name))):
        urns = {each["urn"].split("::")[2] for each in read(stack)}
        for kind in {part for chain in urns for part in chain.split("$") if part.startswith("genai:")}:
            found.setdefault(kind.rsplit(":", 1)[-1], stack)
    return found


def with_own_certificate() -> StackFile:
    """prod with the user's own certificate. The private key is encrypted, so no file of the project can contain one."""
    file = read_stack_file("prod", file_of("prod"))
    pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    sections: dict[str, Any] = deepcopy(dict(file.sections))
    sections["network"]["edge"]["certificate"] = {
        "publicCertificate": pem,
        "chain": pem,
        "privateKey": "-----BEGIN PRIVATE KEY-----",
    }
    return replace(file, sections=sections, encrypted=frozenset({"network.edge.certificate.privateKey"}))


SPECIAL: dict[str, Callable[[], StackFile]] = {"ServerCertificate": with_own_certificate}
"""Components that no stack and no example can have, with a stack file that has them."""


def test_every_component_is_in_a_stack_or_an_example() -> None:
    made, all_of_them = {*stacks(), *SPECIAL}, {component.__name__ for component in components()}
    assert all_of_them - made == set()
    assert made - all_of_them == set()


def refuse_at_first(name: str, patch: pytest.MonkeyPatch) -> None:
    """Refuse where every component does: after its args are known, before it is registered."""
    register = pulumi.ComponentResource.__init__

    def refusing(self: Any, kind: str, *rest: Any, **named: Any) -> None:
        if kind == f"genai:index:{name}":
            refuse([Problem(name, 110, "is refused by the test")])
        register(self, kind, *rest, **named)

    patch.setattr(pulumi.ComponentResource, "__init__", refusing)


def refuse_at_last(name: str, patch: pytest.MonkeyPatch) -> None:
    """Refuse when all children of the component are registered, and other components wait for its outputs."""
    register = pulumi.ComponentResource.register_outputs

    def refusing(self: Any, outputs: Any) -> None:
        if type(self).__name__ == name:
            refuse([Problem(name, 110, "is refused by the test")])
        register(self, outputs)

    patch.setattr(pulumi.ComponentResource, "register_outputs", refusing)


@pytest.mark.parametrize("point", [refuse_at_first, pytest.param(refuse_at_last, marks=pytest.mark.prove)])
@pytest.mark.parametrize("name", sorted({*stacks(), *SPECIAL}))
def test_a_refusal_in_a_component_ends_the_run(
    name: str, point: Callable[[str, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_in_stack = recorder.run_in_stack

    async def with_an_end(program: Any) -> None:
        async with asyncio.timeout(LONGEST):
            await run_in_stack(program)

    point(name, monkeypatch)
    monkeypatch.setattr(recorder, "run_in_stack", with_an_end)
    stack = stacks().get(name, "prod")
    file = SPECIAL[name]() if name in SPECIAL else read_stack_file(stack, file_of(stack))
    with pytest.raises((InvalidInput, pulumi.RunError), match="110; is refused by the test"):
        offline.run_offline(file, stack)


def test_a_promise_in_a_component_is_refused_by_lint() -> None:
    """Other resources wait for a promised value that is then refused. This is the only way in which a refusal hung a
    run."""
    source = "import pulumi\n\n\ndef late() -> None:\n    output, resolve = pulumi.deferred_output()\n"
    assert any("never ends" in text for _, text in check_source(source))


def test_a_promise_in_a_layer_is_refused_by_lint_too() -> None:
    source = "from pulumi import Output\n\nlate, resolve = Output.deferred_output()\n"
    for place in ("infra/layers/network.py", "serving/edge/names.py", "components/options.py"):
        assert [line for line, _ in program_promises(PurePath(place), ast.parse(source))] == [3], place
    for place in ("sandbox/cli.py", "serving/weights/node/stage.py"):
        assert [*program_promises(PurePath(place), ast.parse(source))] == [], (
            "no program of Pulumi runs there"
        )
