"""The engine writes its state once, at the end. Recovery after a kill, a Ctrl-C and a lost machine."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.store import open_store
from tests.support.processes import descendants, named
from tests.support.sandbox_project import ON_DEMAND, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

PROGRAM = (
    ON_DEMAND
    + """
import pulumi
import pulumi_oci as oci
from pulumi_oci import core

config = pulumi.Config()
options = pulumi.ResourceOptions(provider=oci.Provider("oci", region="us-ashburn-1"))
compartment = "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=compartment, cidr_blocks=["10.0.0.0/16"]), opts=options)
for index in range(10):
    core.Subnet(
        f"{config.get('prefix') or 'subnet'}-{index}",
        core.SubnetArgs(compartment_id=compartment, vcn_id=vcn.id, cidr_block=f"10.0.{index}.0/24"),
        opts=options,
    )
"""
)
ALL = 11
"""A VCN and ten subnets."""


def slow_project(folder: Path) -> SandboxProject:
    """Ten subnets whose creation is slow, so that a signal can interrupt it."""
    project = SandboxProject.with_program(folder, PROGRAM)
    latency = (
        "cloud",
        "fault",
        "add",
        "latency",
        "--seconds",
        "1",
        "--type",
        "Subnet",
        "--operation",
        "create",
    )
    project.sandbox(*latency, "--after", "4").check()
    return project


def owned(project: SandboxProject) -> set[str]:
    with open_store(project.home / "cloud.db") as store:
        return {resource_id for _, resource_id in store.owned()}


def started(project: SandboxProject, *, until: int) -> "subprocess.Popen[str]":
    """A running `up` that has created at least `until` resources."""
    running = project.start("up", "--yes", "--skip-preview", "--stack", "staging", "--parallel", "1")
    while running.poll() is None:
        if len(owned(project)) >= until:
            return running
        time.sleep(0.05)
    raise AssertionError(running.communicate()[0])


def interrupted(project: SandboxProject, *, until: int = 5) -> set[str]:
    """Kill the engine during an `up`. Returns the ids of the resources that exist then."""
    running = started(project, until=until)
    os.kill(named(running.pid, "pulumi"), signal.SIGKILL)
    running.communicate(timeout=300)
    project.sandbox("cloud", "fault", "clear").check()
    return owned(project)


def assert_complete(project: SandboxProject) -> None:
    """Every resource exists once and is recorded, and an `up` changes nothing."""
    assert len(project.recorded()) == ALL
    assert project.owned() == project.recorded()
    project.up("--expect-no-changes").check()


def test_the_next_up_takes_over_the_resources_of_a_killed_engine(tmp_path: Path) -> None:
    project = slow_project(tmp_path / "project")
    made = interrupted(project)
    assert project.recorded() == [], "the engine was killed before it wrote its state"
    ran = project.up().check()
    assert "created but not recorded, `up` will adopt them: " in ran.output
    assert made <= set(project.recorded()), "an existing resource was created again"
    assert_complete(project)


def test_a_preview_after_a_kill_leaves_the_new_resources_to_the_next_up(tmp_path: Path) -> None:
    project = slow_project(tmp_path / "project")
    made = interrupted(project)
    assert "`up` will adopt them" in project.preview().check().output
    assert owned(project) == made
    project.up().check()
    assert made <= set(project.recorded())
    assert_complete(project)


def test_a_destroy_after_a_kill_deletes_everything(tmp_path: Path) -> None:
    project = slow_project(tmp_path / "project")
    interrupted(project)
    assert "deleted, because their creation was never recorded" in project.destroy().check().output
    assert owned(project) == set()


def test_resources_removed_from_the_program_after_the_kill_are_deleted(tmp_path: Path) -> None:
    project = slow_project(tmp_path / "project")
    interrupted(project)
    project.config_file.write_text("config:\n  genai-playground:prefix: other\n")
    project.up()  # May fail: the subnets of the killed run still use the addresses. It completes the killed run.
    project.up().check()
    assert_complete(project)


def test_an_interrupt_records_the_new_resources(tmp_path: Path) -> None:
    project = slow_project(tmp_path / "project")
    running = started(project, until=5)
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=300)
    project.sandbox("cloud", "fault", "clear").check()
    recorded = set(project.recorded())
    assert len(recorded) >= 5
    assert recorded == owned(project)
    ran = project.up().check()
    assert "recovering" not in ran.output
    assert recorded <= set(project.recorded())
    assert_complete(project)


def test_a_sandbox_whose_machine_failed_recovers_from_its_disk(tmp_path: Path) -> None:
    project = slow_project(tmp_path / "project")
    running = started(project, until=5)
    family = descendants(running.pid)
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    shutil.copytree(tmp_path / "project", tmp_path / "disk", symlinks=True)
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.communicate(timeout=300)
    elsewhere = replace(project, folder=tmp_path / "disk")
    made = owned(elsewhere)
    assert len(made) >= 5
    elsewhere.sandbox("cloud", "fault", "clear").check()
    elsewhere.up().check()
    assert made <= set(elsewhere.recorded())
    assert_complete(elsewhere)


def test_with_checkpoints_at_each_step_a_killed_engine_has_recorded_its_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_CHECKPOINTS", "each")
    project = slow_project(tmp_path / "project")
    made = interrupted(project)
    recorded = set(project.recorded())
    assert len(recorded) >= len(made) - 1
    project.up().check()
    assert recorded <= set(project.recorded())
    assert_complete(project)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SANDBOX_CHECKPOINTS": "never"}, "SANDBOX_CHECKPOINTS: 'never'; must be each or end"),
        (
            {"SANDBOX_CHECKPOINTS": "end", "SANDBOX_BACKEND_URL": "s3://bucket"},
            "SANDBOX_CHECKPOINTS: 'end'; must be each if SANDBOX_BACKEND_URL is set",
        ),
    ],
)
def test_a_wrong_choice_of_checkpoints_is_refused(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "")
    ran = project.sandbox("preview", "--stack", "staging", **variables)
    assert ran.status == 1
    assert said in ran.output
