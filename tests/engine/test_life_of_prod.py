"""The production stack on the real engine: `up`, `make down` is refused, `make down UNPROTECT=1` destroys it."""

import json
import os
import re
import subprocess
import sys

import pytest

from report.reach_endpoints import blocked_pairs, endpoints_of
from report.reach_reading import read_network
from report.resources import from_state
from sandbox.kubernetes.provider.paths import CloudResource
from sandbox.oci.cloud import Cloud
from sandbox.store import open_store
from tests.infra.commands.test_cli import invoke
from tests.support.first_previews import first_preview, reach_of
from tests.support.sandbox_project import CLOUD_GUARD, ROOT, Ran, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

KEPT_BY_OCI = {
    "oci:Kms/vault:Vault": 1,
    "oci:Kms/key:Key": 4,
    "oci:Vault/secret:Secret": 3,
}
"""Types that OCI deletes only after days, and how many of each prod has."""


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> SandboxProject:
    """Prod, deployed. The tests below run in order: each starts from the state that the one before it leaves."""
    project = SandboxProject.of_this_repository(tmp_path_factory.mktemp("prod"), "prod")
    # In new processes, as for a user. The second `up`, whose program is a fork, shows that forks register the same.
    first = project.start("up", "--yes", "--skip-preview", "--stack", project.stack)
    output, _ = first.communicate()
    Ran(first.returncode, output).check()
    return project


def down(project: SandboxProject, *words: str) -> Ran:
    """Run the command of `make down`."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.make_down", project.stack, *words],
        cwd=project.folder,
        env=project.environment(PYTHONPATH=os.pathsep.join([str(ROOT), *sys.path])),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return Ran(done.returncode, done.stdout + done.stderr)


def test_a_second_up_of_prod_changes_nothing(prod: SandboxProject) -> None:
    found = re.search(r"^    (\d+) unchanged$", prod.up("--expect-no-changes").check().output, re.MULTILINE)
    assert found
    assert int(found[1]) > 350, "the whole estate is in the stack"


def test_a_gateway_answers_behind_every_backend_of_the_balancer(prod: SandboxProject) -> None:
    resources = prod.state()
    backends = [each["inputs"] for each in resources if each["type"] == "oci:LoadBalancer/backend:Backend"]
    services = [
        each["outputs"]
        for each in resources
        if each["type"] == "kubernetes:core/v1:Service" and each["outputs"]["spec"]["type"] == "LoadBalancer"
    ]
    answering = {
        (ingress["ip"], port["port"])
        for service in services
        for ingress in service["status"]["loadBalancer"]["ingress"]
        for port in service["spec"]["ports"]
    }
    assert {(each["ipAddress"], each["port"]) for each in backends} == answering
    assert len(answering) == 3, "frontend, api and gpu"


def test_every_connection_that_the_estate_needs_is_possible_in_the_cloud(prod: SandboxProject) -> None:
    with open_store(prod.home / "cloud.db") as store:
        entries = [each for each in Cloud(store).entries() if not each.assumed]
    deployed = [CloudResource(each.token, each.id, each.inputs, each.outputs) for each in entries]
    services = [from_state(each) for each in prod.state() if each["type"] == "kubernetes:core/v1:Service"]
    resources = [*deployed, *services]
    network = read_network(resources)
    assert {
        "api",
        "worker",
        "pod",
        "oracle",
        "postgresql",
        "cache",
        "opensearch",
        "streaming",
        "edge",
        "backend",
    } <= (endpoints_of(resources, network).keys())
    assert [(pair.why, why) for pair, why in blocked_pairs(resources, network)] == []


def test_a_first_preview_of_prod_knows_who_reaches_whom_after_up(prod: SandboxProject) -> None:
    first = first_preview("prod")
    words = ("report", "prod", "--only", "reach", "--fail-on", "open-to-internet", "--json")
    found = invoke(*words, "--preview", "-", text=json.dumps(first))
    assert found.exit_code == 0, found.output
    assert json.loads(found.output)["reach"] == reach_of("prod", prod.state())


def test_make_down_is_refused_with_the_protected_resources_and_the_command_that_destroys_them(
    prod: SandboxProject,
) -> None:
    before = prod.owned()
    refused = down(prod)
    assert refused.status == 1
    for name in ("prod-oracle-primary", "prod-postgresql-system", "prod-backups-bucket", "prod-vault-vault"):
        assert name in refused.output
    assert "make down STACK=prod UNPROTECT=1" in refused.output
    assert prod.owned() == before


def test_the_engines_own_destroy_is_refused_before_it_deletes_anything(prod: SandboxProject) -> None:
    before = prod.owned()
    refused = prod.sandbox("destroy", "--yes", "--stack", prod.stack)
    assert refused.status != 0
    assert "cannot be deleted\nbecause it is protected" in re.sub(r"\n +", "\n", refused.output)
    assert prod.owned() == before
    assert before == prod.recorded()


def test_unprotected_prod_is_destroyed_except_what_oci_deletes_later(prod: SandboxProject) -> None:
    config = prod.config_file.read_text()
    gone = down(prod, "--unprotect").check()
    assert prod.state() == []
    assert prod.left() == [], "no orphans: resources with retainOnDelete are deleted too"
    waiting = prod.deleted()
    kept = [entry["type"] for entry in waiting]
    assert {kind: kept.count(kind) for kind in kept} == KEPT_BY_OCI
    assert {entry["state"] for entry in waiting} == {"PENDING_DELETION"}
    assert [entry["type"] for entry in prod.cloud()] == [CLOUD_GUARD]
    assert f"{sum(KEPT_BY_OCI.values())} resources of prod are pending deletion" in gone.output
    assert prod.config_file.read_text() == config, "the user's file keeps its protection"
