"""The flat program that staging is compared with could have been written by a user."""

from typing import Any

from tests.bench.flat import SECRET_MARK, FlatProgram

PROVIDER = "urn:pulumi:s::p::pulumi:providers:oci::oci"


def resource(kind: str, name: str, identity: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:s::p::{kind}::{name}"
    return {
        "urn": urn,
        "type": kind,
        "custom": True,
        "id": identity,
        "inputs": inputs,
        "provider": f"{PROVIDER}::x",
    }


def source_of(*resources: dict[str, Any]) -> str:
    provider = {
        "urn": PROVIDER,
        "type": "pulumi:providers:oci",
        "custom": True,
        "id": "provider",
        "inputs": {},
    }
    return FlatProgram([provider, *resources]).source()


def test_a_resource_is_a_call_of_the_sdks_own_class_with_python_names() -> None:
    text = source_of(resource("oci:Core/vcn:Vcn", "net", "ocid1.vcn", cidrBlocks=["10.0.0.0/16"]))
    assert "import pulumi_oci.core\n" in text
    assert "pulumi_oci.core.Vcn('net', cidr_blocks=['10.0.0.0/16'], opts=" in text


def test_an_id_of_another_resource_becomes_a_reference_to_it() -> None:
    vcn = resource("oci:Core/vcn:Vcn", "net", "ocid1.vcn")
    subnet = resource("oci:Core/subnet:Subnet", "sub", "ocid1.subnet", vcnId="ocid1.vcn")
    assert "vcn_id=r1.id" in source_of(vcn, subnet), "else the engine would not wait for the VCN"


def test_a_custom_resource_and_an_input_that_the_class_adds_stay_valid() -> None:
    text = source_of(
        resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gate", "g", spec={"a": 1}),
        resource("kubernetes:helm.sh/v3:Release", "chart", "c", chart="x", compat="true"),
    )
    assert "pulumi.CustomResource('kubernetes:gateway.networking.k8s.io/v1:Gateway', 'gate', {'spec'" in text
    assert "pulumi_kubernetes.helm.v3.Release('chart', chart='x', opts=" in text
    compile(text, "flat", "exec")


def test_a_secret_stays_a_secret() -> None:
    sealed = {SECRET_MARK: "x", "ciphertext": "y"}
    assert "pulumi.Output.secret(" in source_of(resource("oci:Core/vcn:Vcn", "n", "o", displayName=sealed))
