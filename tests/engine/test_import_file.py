"""`playground import`: what a stack made is imported into an empty state, and the next preview does not change it."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.home import Home
from sandbox.oci.operations import Operations
from sandbox.store import open_store
from sandbox.wire.live import LiveServers
from sandbox.wire.profile import profile
from tests.support.own_commands import run_own
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

REGION = "us-ashburn-1"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> SandboxProject:
    """Staging, deployed; then its state is lost."""
    project = SandboxProject.of_this_repository(tmp_path_factory.mktemp("import") / "project")
    project.up().check()
    ran = project.sandbox("stack", "export", "--stack", project.stack).check()
    state = json.loads(ran.output[ran.output.index("{") :])
    state["deployment"]["resources"] = []
    file = project.folder / "empty.json"
    file.write_text(json.dumps(state))
    project.sandbox("stack", "import", "--file", str(file), "--stack", project.stack).check()
    assert project.state() == []
    return project


@pytest.fixture(scope="module")
def variables(project: SandboxProject) -> Iterator[dict[str, str]]:
    """The variables of `sandbox env`, with which the OCI SDK calls the cloud of the project's sandbox."""
    with open_store(project.home / "cloud.db") as store:
        own = profile(Home(project.home, project.home), REGION)
        servers = LiveServers(Operations(store), own, REGION, project.folder.parent)
        yield {
            "SANDBOX_ENDPOINT": servers.endpoint(REGION),
            "OCI_CONFIG_FILE": str(own.config_file),
            "OCI_CONFIG_PROFILE": own.name,
        }
        servers.close()


def run_import(
    project: SandboxProject, variables: dict[str, str], *words: str
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables, "NO_COLOR": "1"}
    return run_own(("playground", "import", project.stack, *words), project.folder, environment)


LEFT = re.compile(r"^(kubernetes:|oci:Identity/domains|oci:Redis/redisClusterAttachOciCacheUser)")
"""Types that are not looked up. The last one is an action on a cache: it has no id of its own."""

WRITE_ONLY = {
    "staging-postgresql-system": ["credentials"],
    "staging-cache-app-user": ["authenticationMode"],
}
"""Changes after an import: OCI returns no password, so the program sets its reference to the secret again. The sandbox
keeps no hashes of passwords."""


def test_the_imported_resources_are_not_changed(project: SandboxProject, variables: dict[str, str]) -> None:
    done = run_import(project, variables, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["missing"] == []
    assert {each["type"] for each in told["notLookedUp"] if not LEFT.match(each["type"])} == set()

    file = project.folder / "import.json"
    file.write_text(json.dumps(told["file"]))
    words = ("import", "--file", str(file), "--protect=false", "--generate-code=false", "--yes", "--brief")
    project.sandbox(*words, "--stack", project.stack).check()
    steps = project.preview_steps()
    created = {step["urn"] for step in steps if step["op"] == "create" and step["newState"]["custom"]}
    created = {urn for urn in created if "::pulumi:providers:" not in urn}
    assert created == {each["urn"] for each in told["notLookedUp"]}
    changed = {
        step["urn"].rsplit("::", 1)[-1]: step["diffReasons"] for step in steps if step["op"] != "create"
    }
    assert changed == WRITE_ONLY
    assert {step["op"] for step in steps} == {"create", "update"}, "nothing is replaced or deleted"
