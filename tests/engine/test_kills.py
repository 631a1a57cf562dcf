"""Fifty kills at random moments: whatever dies, the next command puts things right."""

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.processes import descendants
from tests.support.sandbox_project import SandboxProject

pytestmark = pytest.mark.engine

KILLS = 50
SEED = 20261121

PROGRAM = """
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


def integrity(database: Path) -> str:
    connection = sqlite3.connect(database)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def kill_one_of(project: SandboxProject, choice: random.Random, *words: str) -> str:
    """Run a command and kill one of its processes somewhere on the way; the name of the victim's place."""
    running = project.start(*words)
    time.sleep(choice.uniform(0.3, 3.0))
    family = descendants(running.pid)
    victim = choice.choice(family)
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    running.communicate(timeout=300)
    return "sandbox" if victim == running.pid else "below it"


def test_fifty_kills_leave_a_sound_store_and_nothing_orphaned_or_made_twice(tmp_path: Path) -> None:
    choice = random.Random(SEED)
    project = SandboxProject.with_program(tmp_path / "project", PROGRAM, {"genai-playground:size": 12})
    victims: Counter[str] = Counter()
    for round_number in range(KILLS):
        # The size changes so that creates, replacements and deletes are all under way when the kill comes.
        project.config_file.write_text(f"config:\n  genai-playground:size: {choice.randint(6, 14)}\n")
        command = "destroy" if round_number % 7 == 6 else "up"
        victims[kill_one_of(project, choice, command, "--yes", "--skip-preview", "--stack", "staging")] += 1
        if (project.home / "cloud.db").exists():
            assert integrity(project.home / "cloud.db") == "ok"
    assert min(victims["sandbox"], victims["below it"]) >= KILLS // 10, victims
    project.config_file.write_text("config:\n  genai-playground:size: 10\n")
    project.up().check()
    project.up("--expect-no-changes").check()
    assert len(project.recorded()) == 21
    assert project.owned() == project.recorded()
    project.destroy().check()
    assert project.cloud() == []
