"""Restoring resources that wait for their deletion, as docs/pending-deletion.md describes, on the real engine."""

import json
from pathlib import Path

import pytest

from tests.support.sandbox_project import ON_DEMAND, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

ALONE = (
    ON_DEMAND
    + """
import pulumi
import pulumi_oci as oci
from pulumi_oci import kms, vault

C, T = ("ocid1.%s.oc1.." % kind + "a" * 60 for kind in ("compartment", "tenancy"))
through = pulumi.ResourceOptions(
    provider=oci.Provider("oci", oci.ProviderArgs(region="us-ashburn-1", tenancy_ocid=T)))
"""
)

HOLDERS = """
safe = kms.Vault("safe", kms.VaultArgs(compartment_id=C, display_name="safe", vault_type="DEFAULT"), opts=through)
key = kms.Key("key", kms.KeyArgs(
    compartment_id=C, display_name="key", management_endpoint=safe.management_endpoint,
    key_shape=kms.KeyKeyShapeArgs(algorithm="AES", length=32)), opts=through)
"""

SECRET = """
vault.Secret("password", vault.SecretArgs(
    compartment_id=C, vault_id=safe.id, key_id=key.id, secret_name="password",
    secret_content=vault.SecretSecretContentArgs(content_type="BASE64", content="cGFzcw==")), opts=through)
"""

WHOLE = ALONE + HOLDERS + SECRET


@pytest.mark.parametrize("rest", [ALONE + HOLDERS, ALONE], ids=["a secret", "a vault with all in it"])
def test_a_resource_that_waits_for_deletion_is_restored_by_recover_and_import(
    rest: str, tmp_path: Path
) -> None:
    project = SandboxProject.with_program(tmp_path / "project", WHOLE)
    project.up().check()
    made = project.owned()
    project.write_program(rest)
    project.up().check()
    waiting = {entry["name"]: entry["id"] for entry in project.deleted()}

    project.write_program(WHOLE)
    if rest == ALONE + HOLDERS:
        refused = project.up()
        assert refused.status != 0
        assert f"sandbox cloud recover {waiting['password']}" in refused.output
    for ocid in waiting.values():
        project.sandbox("cloud", "recover", ocid).check()
    file = tmp_path / "found.json"
    project.preview("--import-file", str(file)).check()
    listed = json.loads(file.read_text())
    assert {each["name"] for each in listed["resources"]} == set(waiting)
    for each in listed["resources"]:
        each["id"] = waiting[each["name"]]
    file.write_text(json.dumps(listed))

    project.sandbox("import", "--yes", "--file", str(file), "--stack", project.stack).check()
    project.up().check()
    assert project.recorded() == made == sorted(entry["id"] for entry in project.cloud())
    assert project.deleted() == []
