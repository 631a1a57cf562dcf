"""`playground call` reads a tenant's key from the vault, as external-secrets does."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from oci.secrets import SecretsClient
from oci.vault import VaultsClient
from oci.vault.models import Base64SecretContentDetails, CreateSecretDetails

from infra.calling.key import NoKeyError, vault_key
from infra.commands.cli import main
from infra.project.stackfile import ROOT
from tests.infra.calling.server import WHOLE, serving, streaming
from tests.sandbox.wire.conftest import COMPARTMENT, Wire
from tests.sandbox.wire.services.test_vault import KEY_ID, VAULT_ID

KEY = "marker-key-4711"


@pytest.fixture
def vault(wire: Wire) -> Any:
    def store(name: str, text: bytes) -> None:
        content = Base64SecretContentDetails(content=base64.b64encode(text).decode())
        wire.client(VaultsClient).create_secret(
            CreateSecretDetails(
                compartment_id=COMPARTMENT, vault_id=VAULT_ID, key_id=KEY_ID, secret_name=name,
                secret_content=content,
            )
        )  # fmt: skip

    store("tenant-research-2", f"{KEY}\n".encode())
    store("picture", b"\xff\xfe")
    return wire.client(SecretsClient)


def test_the_key_is_the_content_of_the_first_secret_that_exists(vault: Any):
    found = vault_key(vault, ["tenant-research", "tenant-research-2"], VAULT_ID)
    assert (found.secret, found.source) == (KEY, "secret tenant-research-2 of the vault")
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tenant-batch", "the vault has no secret tenant-batch, or you may not read it"),
        ("picture", "secret picture of the vault is not a text"),
    ],
)
def test_a_vault_without_a_usable_key_is_named(vault: Any, name: str, message: str):
    with pytest.raises(NoKeyError, match=message):
        vault_key(vault, [name], VAULT_ID)


def test_the_whole_command_reads_the_key_from_the_vault(
    vault: Any, wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PLAYGROUND_API_KEY", raising=False)
    monkeypatch.chdir(ROOT)
    config = wire.profile.sdk_config(wire.region)
    profile = tmp_path / "profile"
    profile.write_text(
        "\n".join(["[SANDBOX]", *(f"{name}={value}" for name, value in config.items() if value)])
    )
    monkeypatch.setenv("SANDBOX_ENDPOINT", wire.endpoint)
    monkeypatch.setenv("OCI_CONFIG_FILE", str(profile))
    monkeypatch.setenv("OCI_CONFIG_PROFILE", "SANDBOX")
    file = tmp_path / "Pulumi.staging.yaml"
    file.write_text(
        (ROOT / "Pulumi.staging.yaml").read_text().replace("[tenant-research]", "[tenant-research-2]")
    )
    with serving(streaming(*WHOLE)) as gateway:
        outputs = tmp_path / "outputs.json"
        outputs.write_text(json.dumps({"vaultId": VAULT_ID}))
        words = (
            "--config-file",
            str(file),
            "--url",
            f"http://127.0.0.1:{gateway.port}",
            "--outputs",
            str(outputs),
        )
        found = CliRunner().invoke(main, ["call", "staging", "qwen3-32b", "Hi", *words])
    assert KEY not in found.output
    assert found.exit_code == 0, found.output
    assert gateway.arrived[0]["headers"]["authorization"] == f"Bearer {KEY}"
