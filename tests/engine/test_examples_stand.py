"""Examples of what no environment has: up, nothing to change, and down to zero on the real engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.snapshots import EXAMPLES, FOLDER, STACKS
from tests.support.sandbox_project import SandboxProject

pytestmark = pytest.mark.engine

CLASSIC = {"oci:Identity/group:Group", "oci:Identity/dynamicGroup:DynamicGroup"}
"""What every example has in place of an identity domain's groups; `team-models` brings them up."""

ELSEWHERE = {"engine-over-nodes"}
"""Examples with tests of their own."""


def types(snapshot: Path) -> set[str]:
    return {each["urn"].split("::")[2].split("$")[-1] for each in yaml.safe_load(snapshot.read_text())}


STANDING = set().union(*(types(FOLDER / f"{stack}.yaml") for stack in STACKS)) | CLASSIC
NEW = [name for name in EXAMPLES if types(FOLDER / "examples" / f"{name}.yaml") - STANDING]


def proofs(names: list[str]) -> Iterator[Any]:
    """The first stands for its kind in `make test`; the others are left to `make prove`."""
    for index, name in enumerate(names):
        yield pytest.param(name, marks=[pytest.mark.prove] if index else [])


def test_some_examples_have_what_no_environment_has() -> None:
    assert set(NEW) > ELSEWHERE


@pytest.mark.parametrize("name", list(proofs(sorted(set(NEW) - ELSEWHERE))))
def test_an_example_stands_and_goes(name: str, tmp_path: Path) -> None:
    project = SandboxProject.of_example(tmp_path / name, name)
    project.up().check()
    assert project.owned() == project.recorded()
    project.up("--expect-no-changes").check()
    project.destroy().check()
    assert project.owned() == []
