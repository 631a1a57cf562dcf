"""A sandbox's cloud with a network in it, and its command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sandbox import cloud_cli
from sandbox.cloud_cli import cloud
from sandbox.faults import FaultBook
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.store import Store

VCN = "ocid1.vcn.oc1.iad.aaaavcn"
COMPARTMENT = "ocid1.compartment.oc1..aaaa"
Run = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    (tmp_path / "Pulumi.yaml").write_text("name: test\nruntime: python\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SANDBOX_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(cloud_cli, "_reset_hooks", [])
    return Store(tmp_path / "home" / "cloud.db")


@pytest.fixture
def model(store: Store) -> Cloud:
    made = Cloud(store)
    made.save(
        entry(VCN, "oci:Core/vcn:Vcn", displayName="net", cidrBlocks=["10.0.0.0/16"], isIpv6enabled=False)
    )
    made.save(entry("ocid1.subnet.oc1.iad.aaaagpu", "oci:Core/subnet:Subnet", displayName="gpu", vcnId=VCN))
    return made


@pytest.fixture
def book(store: Store) -> FaultBook:
    return FaultBook(store)


def entry(id: str, token: str, **inputs: Any) -> Entry:  # noqa: A002
    values = {"compartmentId": COMPARTMENT} | inputs
    name = inputs.get("displayName")
    return Entry(
        id=id, token=token, urn=f"urn:{name}::{name}-of-pulumi", region="us-ashburn-1",
        compartment_id=COMPARTMENT, state="AVAILABLE", inputs=values, outputs=dict(values),
    )  # fmt: skip


@pytest.fixture
def run(store: Store) -> Run:
    def invoke(*words: str, code: int = 0, text: str | None = None) -> Result:
        result = CliRunner().invoke(cloud, words, input=text)
        assert result.exit_code == code, f"{words}: {result.output}"
        return result

    return invoke
