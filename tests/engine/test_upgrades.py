"""Upgrades from earlier versions: today's code runs `up` on a stack of an earlier version and deletes no data."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from facts.holders import HOLDERS
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


HELD = """\
    volumeGroups:
      - name: state
        volumes:
          metrics: {sizeGib: 500, vpusPerGib: 10}
          workspace: {sizeGib: 1000, vpusPerGib: 20}
        backups:
          daily: {period: daily, keepDays: 7}
          weekly: {period: weekly, keepDays: 28}
          monthly: {period: monthly, keepDays: 365, full: true}
        copyBackups: true
    lustre:
      capacityGb: 31200
      mbpsPerTb: 125
      links:
        models: {bucket: model-artifacts, path: /models, importRun: 1}

"""
"""Settings that prod had in 0.1.0 and does not have today. A user who has them keeps them in the stack file."""

DATABASE = "  genai-playground:database:\n"


def project_of(folder: Path, baseline: Path) -> SandboxProject:
    """A stack in the state of the baseline, with today's program and stack file."""
    stack = baseline.name.split(".")[0]
    project = SandboxProject.of_this_repository(folder, stack)
    if stack == "prod":
        stack_file = folder / "Pulumi.prod.yaml"
        before, after = stack_file.read_text(encoding="utf-8").split(DATABASE)
        stack_file.write_text(f"{before.rstrip()}\n{HELD}{DATABASE}{after}", encoding="utf-8")
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


def test_every_release_has_a_baseline() -> None:
    released = [
        line.removeprefix("## ").split()[0]
        for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("## ") and "Unreleased" not in line
    ]
    kept = {path.parent.name for path in baselines()}
    assert kept
    assert set(released) <= kept, "CONTRIBUTING.md says how a baseline is kept"
