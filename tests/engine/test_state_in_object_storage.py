"""State on an S3-compatible server, with the form of address that OCI Object Storage needs."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.support.sandbox_project import BIN, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
}


@pytest.fixture
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait()


def test_a_stack_lives_in_a_bucket_with_the_backend_address_of_the_readme(
    server: str, tmp_path: Path
) -> None:
    store = boto3.client(
        "s3",
        endpoint_url=f"http://{server}",
        region_name="us-ashburn-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    store.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "us-ashburn-1"})
    backend = f"s3://state?region=us-ashburn-1&endpoint=http://{server}&s3ForcePathStyle=true"
    extra = {"SANDBOX_BACKEND_URL": backend, **KEYS}
    project = SandboxProject.of_this_repository(tmp_path / "project")
    project.up(**extra).check()
    keys = [entry["Key"] for entry in store.list_objects_v2(Bucket="state")["Contents"]]
    assert ".pulumi/stacks/genai-playground/staging.json" in keys
    assert not (project.home / "state" / ".pulumi" / "stacks").exists(), (
        "the state must be in the bucket alone"
    )
    assert "unchanged" in project.up("--expect-no-changes", **extra).check().output
    project.sandbox("destroy", "--yes", "--skip-preview", "--stack", "staging", **extra).check()
