"""What `playground new` says to create by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.commands.cli import main
from infra.new_stack.by_hand import to_create
from infra.new_stack.draft import read_source
from infra.project.stackfile import ROOT

Change = Callable[[str], str]


def notes(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch, change: Change = str) -> str:
    (folder / "Pulumi.yaml").write_text("name: genai-playground\n")
    text = (ROOT / f"Pulumi.{source}.yaml").read_text()
    (folder / f"Pulumi.{source}.yaml").write_text(change(text))
    monkeypatch.chdir(folder)
    return "\n".join([*to_create(read_source(source), "qa"), ""])


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("staging", "by hand in the vault of qa, when `up` has created it: tenant-research\n"),
        ("staging", "create the Secret models-tls by hand in the namespace envoy-gateway-system"),
        (
            "prod",
            "in the vault of qa, when `up` has created it: pagerduty-key, tenant-assistant, tenant-batch\n",
        ),
    ],
)
def test_secrets_that_no_program_creates_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, note: str
) -> None:
    assert note in notes(tmp_path, source, monkeypatch)


def test_without_tenants_and_receivers_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert notes(tmp_path, "dev", monkeypatch) == ""


def test_generated_secrets_are_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(text: str) -> str:
        text = text.replace("    kind: shared\n", "    kind: shared\n    secrets: {app: {}}\n")
        return text.replace("keys: [tenant-research]", "keys: [staging-app, staging-own]")

    assert "when `up` has created it: qa-own\n" in notes(tmp_path, "staging", monkeypatch, change)


def test_a_vault_of_both_environments_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    existing = "    existing: {vaultId: ocid1.vault.oc1.iad.abcdefghijklm.aaaaaaaaexample}\n"
    found = notes(tmp_path, "staging", monkeypatch, lambda text: text.replace("    kind: shared\n", existing))
    assert (
        "qa reads these secrets from the vault of staging, unless you name others: tenant-research" in found
    )


def test_the_command_prints_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = notes(tmp_path, "staging", monkeypatch).splitlines()
    found = CliRunner().invoke(main, ["new", "qa", "--from", "staging", "--offline", "--dry-run"])
    assert found.exit_code == 0, found.output
    assert len(listed) == 2
    # The command wraps long lines.
    assert all(each in " ".join(found.output.split()) for each in listed)
