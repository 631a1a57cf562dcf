"""Examples with resources that no stack has. On the real engine: `up`, `up` again without changes, `destroy`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.infra.snapshots import EXAMPLES, STACKS, read
from tests.support.sandbox_project import SandboxProject

pytestmark = pytest.mark.engine

CLASSIC = {"oci:Identity/group:Group", "oci:Identity/dynamicGroup:DynamicGroup"}
"""Every example has these in place of the groups of an identity domain. `team-models` deploys them."""

ELSEWHERE = {"engine-over-nodes"}
"""Examples that have their own test file."""


def types(stack: str) -> set[str]:
    return {each["urn"].split("::")[2].split("$")[-1] for each in read(stack)}


IN_STACKS = set().union(*(types(stack) for stack in STACKS)) | CLASSIC
NEW = [name for name in EXAMPLES if types(name) - IN_STACKS]


def proofs(names: list[str]) -> Iterator[Any]:
    """`make test` runs the first. `make prove` runs the others."""
    for index, name in enumerate(names):
        yield pytest.param(name, marks=[pytest.mark.prove] if index else [])


def test_some_examples_have_resources_that_no_stack_has() -> None:
    assert set(NEW) > ELSEWHERE


@pytest.mark.parametrize("name", list(proofs(sorted(set(NEW) - ELSEWHERE))))
def test_an_example_is_deployed_and_destroyed(name: str, tmp_path: Path) -> None:
    project = SandboxProject.of_example(tmp_path / name, name)
    project.up().check()
    assert project.owned() == project.recorded()
    project.up("--expect-no-changes").check()
    project.destroy().check()
    assert project.left() == []
