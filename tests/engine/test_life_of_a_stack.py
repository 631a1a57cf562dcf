"""The whole life of the staging stack on the real engine: `up`, changes, drift, `destroy`."""

import json
import re

import pytest

from report.danger import FORESEEN
from tests.infra.commands.test_cli import invoke
from tests.support.first_previews import reach_of
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]


MOST_LINES = 120
"""Lines of a page about a new staging. The engine writes more than 700."""


FIRST = "first-preview.json"
"""The engine's events of the preview before anything exists."""


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> SandboxProject:
    """Staging, deployed. The tests below run in order: each starts from the state that the one before it leaves."""
    project = SandboxProject.of_this_repository(tmp_path_factory.mktemp("staging"))
    shown = project.preview("--event-log", str(project.folder / FIRST)).check().output
    assert FORESEEN not in shown, "the program itself creates everything that it needs"
    assert_is_a_page(shown)
    assert_is_a_page(project.up().check().output)
    return project


def assert_is_a_page(shown: str) -> None:
    """The output has no line for a step, and says what changes and what that means."""
    assert len(shown.splitlines()) < MOST_LINES, shown
    assert not re.search(r"(created?|creating) (\(|$)", shown, re.MULTILINE), shown
    for told in ("staging-mi300x-pool (node pool)", "USD a month", "open to the internet", "get rights"):
        assert told in shown, shown


def test_up_leaves_state_and_cloud_with_the_same_resources(staging: SandboxProject) -> None:
    assert staging.owned() == staging.recorded()
    assert len(staging.recorded()) > 50
    assert staging.state() == staging.exported()


def test_the_first_preview_knew_who_reaches_whom_after_up(staging: SandboxProject) -> None:
    words = ("report", "staging", "--only", "reach", "--fail-on", "open-to-internet", "--json")
    first = invoke(*words, "--preview", str(staging.folder / FIRST))
    assert first.exit_code == 0, first.output
    foreseen, deployed = json.loads(first.output)["reach"], reach_of("staging", staging.state())
    assert foreseen == deployed
    assert deployed["open"]
    assert deployed["pods"]


def test_a_second_up_changes_nothing(staging: SandboxProject) -> None:
    assert re.search(r"^    \d+ unchanged$", staging.up("--expect-no-changes").check().output, re.MULTILINE)


def test_a_changed_setting_is_an_update_in_place(staging: SandboxProject) -> None:
    staging.configure("governance", budget={"monthlyAmount": 40000, "recipients": ["finops@example.com"]})
    steps = staging.preview_steps()
    assert {step["op"] for step in steps} == {"update"}, steps
    assert any("budget" in step["urn"] for step in steps)
    shown = staging.up().check().output
    assert "amount: 50000 → 40000" in shown
    assert "The change puts no data, node or protection at risk." in shown
    staging.up("--expect-no-changes").check()


def test_what_cannot_change_in_place_is_shown_as_a_replacement(staging: SandboxProject) -> None:
    before = staging.config_file.read_text()
    staging.configure("cluster", secretsKeyId="ocid1.key.oc1.iad.REPLACE-ME-TOO")
    replaced = [step["urn"] for step in staging.preview_steps() if "replace" in step["op"]]
    staging.config_file.write_text(before)
    assert any("containerengine" in urn.lower() and "cluster" in urn.lower() for urn in replaced), replaced


def beginning(project: SandboxProject, old: str, new: str) -> str:
    """The text before the engine's own output in a preview with a changed setting. The stack file is restored."""
    before = project.config_file.read_text()
    assert old in before
    project.config_file.write_text(before.replace(old, new))
    said = project.preview().check().output.partition("Previewing update")[0]
    project.config_file.write_text(before)
    return " ".join(said.split())


def test_a_preview_of_a_changed_network_label_begins_with_the_loss_of_data_and_cluster(
    staging: SandboxProject,
) -> None:
    said = beginning(staging, "dnsLabel: genaiplayground", "dnsLabel: another")
    assert said.startswith("DANGER: ")
    cause = "because of staging-network-vcn (dnsLabel: genaiplayground → another)"
    for lost in (
        "lost staging-postgresql-system (database system): replaced; you lose its data",
        "lost staging-cluster-cluster (cluster): replaced; you lose everything that runs in it, and the "
        "volumes of its claims",
    ):
        assert f"{lost}; {cause}" in said


def test_a_preview_of_a_changed_network_range_begins_with_its_refusal(staging: SandboxProject) -> None:
    said = beginning(staging, "cidr: 10.0.0.0/16", "cidr: 10.8.0.0/16")
    assert said.startswith("REFUSED: staging-network-vcn, and 8 that refer to it (staging-network-")
    assert "): the cloud will refuse this in `up`: 400-" in said


def test_refresh_and_up_find_and_fix_drift(staging: SandboxProject) -> None:
    bucket = next(entry for entry in staging.cloud() if entry["type"] == "oci:ObjectStorage/bucket:Bucket")
    staging.sandbox("cloud", "fault", "add", "change", bucket["id"], "versioning=Disabled").check()
    drift = staging.sandbox("refresh", "--preview-only", "--diff", "--stack", "staging").check()
    assert "versioning" in drift.output
    page = staging.sandbox("refresh", "--yes", "--skip-preview", "--stack", "staging").check().output
    assert "versioning: Enabled → Disabled" in page.partition("Changed outside the stack")[2]
    assert "DANGER: 1 unprotected" in page
    assert len(page.splitlines()) < MOST_LINES
    steps = staging.preview_steps()
    assert [step["op"] for step in steps] == ["update"], steps
    staging.up().check()
    staging.up("--expect-no-changes").check()


def test_a_resource_deleted_outside_pulumi_is_created_again(staging: SandboxProject) -> None:
    bucket = next(entry for entry in staging.cloud() if entry["type"] == "oci:ObjectStorage/bucket:Bucket")
    staging.sandbox("cloud", "fault", "add", "delete", bucket["id"]).check()
    page = staging.up("--refresh").check().output
    found, _, own = page.partition("\nChanges\n")
    assert bucket["name"] in found.partition("Deleted outside the stack")[2], page
    assert "DANGER: 1 lost" in found
    assert "Created" in own
    assert "1 created" in own
    staging.up("--expect-no-changes").check()


def test_secrets_are_in_no_file_and_no_output(staging: SandboxProject) -> None:
    shown = staging.sandbox("stack", "output", "--json", "--stack", "staging").check().output
    assert '"kubeconfig": "[secret]"' in shown
    secret = (
        staging.sandbox("stack", "output", "kubeconfig", "--show-secrets", "--stack", "staging")
        .check()
        .output
    )
    (mark,) = [line for line in secret.splitlines() if line.startswith("current-context: ")]
    files = [*(staging.home / "state").rglob("*.json")]
    assert files
    for file in files:
        assert mark not in file.read_text(), file


def test_destroy_leaves_nothing(staging: SandboxProject) -> None:
    staging.destroy().check()
    assert staging.state() == []
    assert staging.owned() == []
    assert staging.cloud() == []


def test_no_command_writes_a_salt_into_the_users_stack_file(staging: SandboxProject) -> None:
    assert "encryptionsalt" not in staging.config_file.read_text()
