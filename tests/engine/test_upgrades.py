"""Upgrades from earlier versions: today's code runs `up` on a stack of an earlier version and deletes no data."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from facts.holders import HOLDERS
from infra.settings import examine
from infra.upgrading.losses import losses
from infra.upgrading.over_state import run_over
from infra.upgrading.releases import SavedStack
from report.changes import changes_of
from report.danger import dangers_of
from tests.support.baselines import baselines, unpack
from tests.support.sandbox_project import ROOT, SandboxProject
from tools.baseline import CLOUD, PASSPHRASE, STATE

pytestmark = pytest.mark.engine

KEPT = frozenset(
    {*HOLDERS, "oci:Core/vcn:Vcn", "oci:Core/subnet:Subnet", "oci:ContainerEngine/nodePool:NodePool"}
)
"""Types that an upgrade must not replace or delete: everything with data, networks, and nodes in use."""

GONE = frozenset({"replace", "create-replacement", "delete-replaced", "delete"})


def saved(baseline: Path) -> SavedStack:
    """The saved stack in the baseline's file."""
    stack = baseline.name.split(".")[0]
    return SavedStack(release=baseline.parent.name, stack=stack, folder=baseline.parent)


def project_of(folder: Path, baseline: Path) -> SandboxProject:
    """A stack in the state of the baseline, with its stack file and today's program."""
    stack = baseline.name.split(".")[0]
    project = SandboxProject.of_this_repository(folder, stack)
    (folder / f"Pulumi.{stack}.yaml").write_text(saved(baseline).text(), encoding="utf-8")
    content = unpack(baseline)
    project.home.mkdir()
    for name in (CLOUD, PASSPHRASE):
        (project.home / name).write_bytes(content[name])
    file = folder / STATE
    file.write_bytes(content[STATE])
    project.sandbox("stack", "import", "--file", str(file), "--stack", stack).check()
    return project


def deleted(steps: list[dict[str, Any]]) -> list[str]:
    found = {
        step["urn"]
        for step in steps
        if step["op"] in GONE and step["urn"].split("::")[2].split("$")[-1] in KEPT
    }
    return sorted(urn.rsplit("::", 1)[-1] for urn in found)


def engines(steps: list[dict[str, Any]]) -> set[str]:
    """URNs that the engine replaces or deletes, except those of components and providers."""
    return {
        step["urn"]
        for step in steps
        if step["op"] in GONE and re.search(r"(^|\$)(oci|kubernetes):[^$]*$", step["urn"].split("::")[2])
    }


def ours(baseline: Path) -> set[str]:
    """The same URNs, as `playground upgrade` lists them."""
    stack = saved(baseline)
    state = stack.state()
    found = losses(state, *run_over(state, stack.stack_file()))
    return {each.urn for each in found}


@pytest.mark.prove
@pytest.mark.parametrize("baseline", baselines(), ids=lambda path: str(path.relative_to(path.parent.parent)))
def test_an_upgrade_deletes_no_data_no_network_and_no_node(baseline: Path, tmp_path: Path) -> None:
    project = project_of(tmp_path / "project", baseline)
    steps = project.preview_steps()
    assert deleted(steps) == [], json.dumps(
        [[step["op"], step["urn"], step.get("replaceReasons")] for step in steps]
    )
    assert ours(baseline) == engines(steps), "`playground upgrade` says the same as the engine"
    told = [each.what for each in dangers_of(changes_of({"steps": steps}))]
    old_keys = [what for what in told if re.search(r"existing (nodes|claims)\b.* keep the key", what)]
    if baseline.parent.name == "0.1.0":
        assert old_keys, "in 0.1.0 volumes used the key of storage: a preview names those that keep it"
    project.up().check()
    assert project.preview_steps() == []


@pytest.mark.parametrize("baseline", baselines(), ids=lambda path: str(path.relative_to(path.parent.parent)))
def test_the_stack_file_of_a_release_needs_only_the_changes_that_are_listed(
    baseline: Path,
) -> None:
    stack, content = baseline.name.split(".")[0], saved(baseline).stack_file()
    assert examine(content.sections, stack, encrypted=content.encrypted).problems == []


def test_every_release_has_a_baseline() -> None:
    released = [
        line.removeprefix("## ").split()[0]
        for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("## ") and "Unreleased" not in line
    ]
    kept = {path.parent.name for path in baselines()}
    assert kept
    assert set(released) <= kept, "CONTRIBUTING.md says how a baseline is kept"
