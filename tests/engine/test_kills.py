"""Fifty kills at random moments: the next command recovers, whichever process was killed."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.processes import family
from tests.support.sandbox_project import ON_DEMAND, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

KILLS = 50
SEED = 20261121

PROGRAM = (
    ON_DEMAND
    + """
import pulumi
import pulumi_oci as oci
from pulumi_oci import core

size = pulumi.Config().require_int("size")
options = pulumi.ResourceOptions(provider=oci.Provider("oci", region="us-ashburn-1"))
compartment = "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=compartment, cidr_blocks=["10.0.0.0/16"]), opts=options)
for index in range(size):
    group = core.NetworkSecurityGroup(
        f"group-{index}",
        core.NetworkSecurityGroupArgs(compartment_id=compartment, vcn_id=vcn.id, display_name=f"group-{index}"),
        opts=options,
    )
    core.NetworkSecurityGroupSecurityRule(
        f"rule-{index}",
        core.NetworkSecurityGroupSecurityRuleArgs(
            network_security_group_id=group.id, direction="INGRESS", protocol="6", source=f"10.0.{size}.0/24"
        ),
        opts=options,
    )
"""
)


def integrity(database: Path) -> str:
    connection = sqlite3.connect(database)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def victim_of(running: "subprocess.Popen[str]", wanted: str) -> int | None:
    """The process id of the sandbox, its engine or the program, once it runs. None if the command ended before."""
    while running.poll() is None:
        others = {pid: program for pid, program in family(running.pid).items() if pid != running.pid}
        found = {
            "sandbox": [running.pid],
            "engine": [pid for pid, program in others.items() if program == "pulumi"],
            "program": [pid for pid, program in others.items() if program != "pulumi"],
        }
        if found[wanted]:
            return found[wanted][0]
        time.sleep(0.05)
    return None


def kill_one_of(project: SandboxProject, choice: random.Random, *words: str) -> str:
    """Run a command and kill one of its processes at a random moment. Returns which, or "none" if it ended before."""
    running = project.start(*words)
    wanted = choice.choice(["sandbox", "engine", "engine", "program"])
    victim = victim_of(running, wanted)
    time.sleep(choice.uniform(0, 2))
    killed = victim is not None and running.poll() is None
    if victim is not None:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    running.communicate(timeout=300)
    return wanted if killed else "none"


def test_after_fifty_kills_the_store_is_intact_and_no_resource_is_orphaned_or_duplicated(
    tmp_path: Path,
) -> None:
    choice = random.Random(SEED)
    project = SandboxProject.with_program(tmp_path / "project", PROGRAM, {"genai-playground:size": 12})
    victims: Counter[str] = Counter()
    for round_number in range(KILLS):
        # The size changes, so that a kill can interrupt a create, a replacement or a delete.
        project.config_file.write_text(f"config:\n  genai-playground:size: {choice.randint(6, 14)}\n")
        command = "destroy" if round_number % 7 == 6 else "up"
        if round_number == 1:
            project.sandbox("cloud", "fault", "add", "latency", "--seconds", "0.1", "--type", "oci:*").check()
        victims[kill_one_of(project, choice, command, "--yes", "--skip-preview", "--stack", "staging")] += 1
        if (project.home / "cloud.db").exists():
            assert integrity(project.home / "cloud.db") == "ok"
    assert min(victims["sandbox"], victims["engine"], victims["program"]) >= KILLS // 10, victims
    project.sandbox("cloud", "fault", "clear").check()
    project.config_file.write_text("config:\n  genai-playground:size: 10\n")
    project.up().check()
    project.up("--expect-no-changes").check()
    assert len(project.recorded()) == 21
    assert project.owned() == project.recorded()
    project.destroy().check()
    assert project.cloud() == []
