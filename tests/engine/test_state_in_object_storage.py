"""State on an S3-compatible server, with the form of address that OCI Object Storage needs.

The engine writes the whole state after each step, so the stack is the one with the fewest resources.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.snapshots import EXAMPLES, read
from tests.support.bucket import s3_client, s3_server
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
}


SMALLEST = min(EXAMPLES, key=lambda name: len(read(name)))


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with s3_server(tmp_path) as found:
        yield found


def test_a_stack_lives_in_a_bucket_with_the_backend_address_of_the_readme(port: int, tmp_path: Path) -> None:
    store = s3_client(port, "us-ashburn-1")
    store.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "us-ashburn-1"})
    backend = f"s3://state?region=us-ashburn-1&endpoint=http://127.0.0.1:{port}&s3ForcePathStyle=true"
    extra = {"SANDBOX_BACKEND_URL": backend, **KEYS}
    project = SandboxProject.of_example(tmp_path / "project", SMALLEST)
    project.up(**extra).check()
    keys = [entry["Key"] for entry in store.list_objects_v2(Bucket="state")["Contents"]]
    assert f".pulumi/stacks/genai-playground/{SMALLEST}.json" in keys
    assert not (project.home / "state" / ".pulumi" / "stacks").exists(), (
        "the state must be in the bucket alone"
    )
    assert "unchanged" in project.up("--expect-no-changes", **extra).check().output
    project.sandbox("destroy", "--yes", "--skip-preview", "--stack", SMALLEST, **extra).check()
