"""Upgrades from earlier versions: today's code runs `up` on a stack of an earlier version and deletes no data."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from facts.holders import HOLDERS
from infra.project.stackfile import read_stack_file
from infra.settings import examine
from report.changes import changes_of
from report.danger import dangers_of
from tests.support.baselines import baselines, unpack
from tests.support.sandbox_project import PROJECT, ROOT, SandboxProject
from tools.baseline import CLOUD, PASSPHRASE, STATE

pytestmark = pytest.mark.engine

KEPT = frozenset(
    {*HOLDERS, "oci:Core/vcn:Vcn", "oci:Core/subnet:Subnet", "oci:ContainerEngine/nodePool:NodePool"}
)
"""Types that an upgrade must not replace or delete: everything with data, networks, and nodes in use."""

GONE = frozenset({"replace", "create-replacement", "delete-replaced", "delete"})


CHANGED: dict[str, dict[str, object]] = {
    "0.1.0/prod": {
        "gpu.pools.0.minNodes": None,
        "gpu.pools.0.maxNodes": None,
        "network.edge.loadBalancer.idleTimeoutSeconds": None,
        "tenancy.deployer.cidr": "10.0.2.250/32",
    }
}
"""What a user must change in the stack file of a release, as the changelog says. None: the key is removed."""


def stack_file_of(baseline: Path) -> str:
    """The stack file of the baseline, with the required changes and no others."""
    stack = baseline.name.split(".")[0]
    content = yaml.safe_load(baseline.with_name(f"{stack}.yaml").read_text(encoding="utf-8"))
    for path, value in CHANGED.get(f"{baseline.parent.name}/{stack}", {}).items():
        section, *steps = path.split(".")
        inner: Any = content["config"][f"{PROJECT}:{section}"]
        for step in steps[:-1]:
            inner = inner[int(step)] if isinstance(inner, list) else inner[step]
        if value is None:
            del inner[steps[-1]]
        else:
            inner[steps[-1]] = value
    return yaml.safe_dump(content, sort_keys=False)


def project_of(folder: Path, baseline: Path) -> SandboxProject:
    """A stack in the state of the baseline, with its stack file and today's program."""
    stack = baseline.name.split(".")[0]
    project = SandboxProject.of_this_repository(folder, stack)
    (folder / f"Pulumi.{stack}.yaml").write_text(stack_file_of(baseline), encoding="utf-8")
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


@pytest.mark.prove
@pytest.mark.parametrize("baseline", baselines(), ids=lambda path: str(path.relative_to(path.parent.parent)))
def test_an_upgrade_deletes_no_data_no_network_and_no_node(baseline: Path, tmp_path: Path) -> None:
    project = project_of(tmp_path / "project", baseline)
    steps = project.preview_steps()
    assert deleted(steps) == [], json.dumps(
        [[step["op"], step["urn"], step.get("replaceReasons")] for step in steps]
    )
    told = [each.what for each in dangers_of(changes_of({"steps": steps}))]
    old_keys = [what for what in told if re.search(r"existing (nodes|claims)\b.* keep the key", what)]
    if baseline.parent.name == "0.1.0":
        assert old_keys, "in 0.1.0 volumes used the key of storage: a preview names those that keep it"
    project.up().check()
    assert project.preview_steps() == []


@pytest.mark.parametrize("baseline", baselines(), ids=lambda path: str(path.relative_to(path.parent.parent)))
def test_the_stack_file_of_a_release_needs_only_the_changes_that_are_listed(
    baseline: Path, tmp_path: Path
) -> None:
    stack = baseline.name.split(".")[0]
    file = tmp_path / f"Pulumi.{stack}.yaml"
    file.write_text(stack_file_of(baseline), encoding="utf-8")
    content = read_stack_file(stack, file)
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
