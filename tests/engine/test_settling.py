"""A resource that needs a grant waits until the grant has spread. Other resources do not wait."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from sandbox.store import open_store
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

SECONDS = 6

WHOLE_SECONDS = 1.5
"""By how much the wait may be shorter: the cloud gives the policy's creation time in whole seconds."""

PROGRAM = f"""
import pulumi
import pulumi_oci as oci
from pulumi_oci import objectstorage
from components.identity.access_policy import AccessPolicy, AccessPolicyArgs

C, T = ("ocid1.%s.oc1.." % kind + "a" * 60 for kind in ("compartment", "tenancy"))
provider = oci.Provider("oci", region="us-ashburn-1", tenancy_ocid=T)
through = pulumi.ResourceOptions(provider=provider)

def bucket(name, opts):
    args = objectstorage.BucketArgs(compartment_id=C, namespace="ns", name=name)
    return objectstorage.Bucket(name, args, opts=pulumi.ResourceOptions.merge(through, opts))

policy = AccessPolicy("grants", AccessPolicyArgs(
    compartment_id=C, policy_name="grants", description="keys", settle_seconds={SECONDS},
    statements={{"keys": "Allow service blockstorage to use keys in compartment id " + C}}),
    pulumi.ResourceOptions(providers=[provider]))
bucket("needs-it", pulumi.ResourceOptions(depends_on=[policy]))
bucket("needs-nothing", None)
"""


def test_a_resource_waits_for_its_grant_and_a_second_up_does_not_wait(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", PROGRAM)
    ran = project.up().check()
    assert re.search(r"grants-policy: waiting [1-6] s until its grants apply", ran.output), ran.output
    with open_store(project.home / "cloud.db") as store:
        made = {
            str(event.detail.get("urn")).rsplit("::", 1)[-1]: datetime.fromisoformat(event.at)
            for event in store.events("oci", limit=100)
            if event.verb == "create"
        }
    waited = (made["needs-it"] - made["grants-policy"]).total_seconds()
    assert waited >= SECONDS - WHOLE_SECONDS
    assert (made["needs-nothing"] - made["grants-policy"]).total_seconds() < waited, "only dependents wait"
    assert "waiting" not in project.up("--expect-no-changes").check().output
