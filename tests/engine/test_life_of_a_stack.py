"""The staging stack on the real engine, from nothing to nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProject]:
    """Staging, up. The tests below build on one another's end, in their order."""
    project = SandboxProject.of_this_repository(tmp_path_factory.mktemp("staging"))
    project.up().check()
    yield project
    project.destroy()


def test_up_leaves_state_and_cloud_with_the_same_resources(staging: SandboxProject) -> None:
    assert staging.owned() == staging.recorded()
    assert len(staging.recorded()) > 50


def test_a_second_up_changes_nothing(staging: SandboxProject) -> None:
    assert re.search(r"^    \d+ unchanged$", staging.up("--expect-no-changes").check().output, re.MULTILINE)


def test_a_changed_setting_is_an_update_in_place(staging: SandboxProject) -> None:
    staging.configure("governance", budget={"monthlyAmount": 40000, "recipients": ["finops@example.com"]})
    steps = staging.preview_steps()
    assert {step["op"] for step in steps} == {"update"}, steps
    assert any("budget" in step["urn"] for step in steps)
    staging.up().check()
    staging.up("--expect-no-changes").check()


def test_what_cannot_change_in_place_is_shown_as_a_replacement(staging: SandboxProject) -> None:
    before = staging.config_file.read_text()
    staging.configure("cluster", secretsKeyId="ocid1.key.oc1.iad.REPLACE-ME-TOO")
    replaced = [step["urn"] for step in staging.preview_steps() if "replace" in step["op"]]
    staging.config_file.write_text(before)
    assert any("containerengine" in urn.lower() and "cluster" in urn.lower() for urn in replaced), replaced


def test_drift_is_found_and_mended_by_refresh_and_up(staging: SandboxProject) -> None:
    bucket = next(entry for entry in staging.cloud() if entry["type"] == "oci:ObjectStorage/bucket:Bucket")
    staging.sandbox("cloud", "fault", "add", "change", bucket["id"], "versioning=Disabled").check()
    drift = staging.sandbox("refresh", "--preview-only", "--diff", "--stack", "staging").check()
    assert "versioning" in drift.output
    staging.sandbox("refresh", "--yes", "--skip-preview", "--stack", "staging").check()
    steps = staging.preview_steps()
    assert [step["op"] for step in steps] == ["update"], steps
    staging.up().check()
    staging.up("--expect-no-changes").check()


def test_what_was_deleted_behind_pulumis_back_is_made_again(staging: SandboxProject) -> None:
    bucket = next(entry for entry in staging.cloud() if entry["type"] == "oci:ObjectStorage/bucket:Bucket")
    staging.sandbox("cloud", "fault", "add", "delete", bucket["id"]).check()
    staging.sandbox("refresh", "--yes", "--skip-preview", "--stack", "staging").check()
    assert [step["op"] for step in staging.preview_steps()] == ["create"]
    staging.up().check()
    staging.up("--expect-no-changes").check()


def test_secrets_are_in_no_file_and_no_output(staging: SandboxProject) -> None:
    shown = staging.sandbox("stack", "output", "--json", "--stack", "staging").check().output
    assert '"kubeconfig": "[secret]"' in shown
    secret = (
        staging.sandbox("stack", "output", "kubeconfig", "--show-secrets", "--stack", "staging")
        .check()
        .output
    )
    mark = "apiVersion: v1\nclusters"
    assert "clusters" in secret
    for file in (staging.home / "state").rglob("*.json"):
        assert mark not in file.read_text().replace("\\n", "\n"), file


def test_destroy_leaves_nothing(staging: SandboxProject) -> None:
    staging.destroy().check()
    assert staging.state() == []
    assert staging.owned() == []
    assert staging.cloud() == []


def test_the_git_tree_and_the_users_config_stay_as_they_were(staging: SandboxProject, tmp_path: Path) -> None:
    assert "encryptionsalt" not in staging.config_file.read_text()
