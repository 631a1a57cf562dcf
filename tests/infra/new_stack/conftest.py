"""A project for `playground new`."""

from pathlib import Path

import pytest

from infra.project.stackfile import ROOT

STACKS = ("dev", "staging", "prod")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the stacks of this repository, on a machine without profiles."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: genai-playground\n")
    for stack in STACKS:
        (folder / f"Pulumi.{stack}.yaml").write_bytes((ROOT / f"Pulumi.{stack}.yaml").read_bytes())
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("OCI_CONFIG_FILE", "OCI_CONFIG_PROFILE", "OCI_CLI_PROFILE", "OCI_CLI_RC_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    return folder
