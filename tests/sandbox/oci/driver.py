"""Calls the provider as the engine does, but without gRPC: check before create, diff before update."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.runtime.proto import provider_pb2 as messages

from sandbox.oci.engine_values import decode, encode
from sandbox.oci.provider import OciProvider
from sandbox.store import Store

IMPORTED: dict[str, Any] = {
    "imageSourceDetails": {"sourceType": "objectStorageUri", "sourceUri": "https://example.com/o"}
}
"""What an image is made of."""
COMPARTMENT = "ocid1.compartment.oc1..aaaasandboxcompartment"
TENANCY = "ocid1.tenancy.oc1..aaaasandboxtenancy"
VCN = "oci:Core/vcn:Vcn"
SUBNET = "oci:Core/subnet:Subnet"
NSG = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
CLUSTER = "oci:ContainerEngine/cluster:Cluster"
NODE_POOL = "oci:ContainerEngine/nodePool:NodePool"
BUCKET = "oci:ObjectStorage/bucket:Bucket"
VAULT = "oci:Kms/vault:Vault"


class Connection:
    """The connection of one provider instance. A refusal reaches the test as an OciError."""

    def __init__(self, name: str) -> None:
        self._name = name

    def peer(self) -> str:
        return self._name


@dataclass
class Made:
    """A resource as in the engine's state."""

    urn: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass
class Difference:
    """The answer of a diff in plain values."""

    paths: dict[str, str]
    replaces: list[str]
    delete_first: bool

    def __bool__(self) -> bool:
        return bool(self.paths)


class Driver:
    """One provider, with the properties of its last answers, as an engine has them."""

    def __init__(self, store: Store, region: str = "us-ashburn-1") -> None:
        self.provider = OciProvider(store)
        self.cloud = self.provider.operations.cloud
        self.configure(region=region, tenancyOcid=TENANCY)

    def configure(self, **config: Any) -> None:
        self.provider.Configure(messages.ConfigureRequest(args=encode(config)), None)

    def urn(self, token: str, name: str) -> str:
        return f"urn:pulumi:test::genai-playground::{token}::{name}"

    def failures(self, token: str, old: Mapping[str, Any] | None = None, /, **inputs: Any) -> dict[str, str]:
        request = messages.CheckRequest(
            urn=self.urn(token, "it"), news=encode(inputs), olds=encode(old or {})
        )
        answer = self.provider.Check(request, None)
        reasons: dict[str, str] = {}
        for each in answer.failures:
            reasons[each.property] = f"{reasons.get(each.property, '')} {each.reason}".strip()
        return reasons

    def checked(
        self, token: str, name: str, old: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> dict[str, Any]:
        request = messages.CheckRequest(
            urn=self.urn(token, name), news=encode(inputs), olds=encode(old), randomSeed=name.encode()
        )
        answer = self.provider.Check(request, None)
        assert not answer.failures, f"{token} was refused: {answer.failures}"
        return decode(answer.inputs)

    def create(self, token: str, name: str = "it", /, **inputs: Any) -> Made:
        checked = self.checked(token, name, {}, inputs)
        urn = self.urn(token, name)
        answer = self.provider.Create(messages.CreateRequest(urn=urn, properties=encode(checked)), None)
        return Made(urn, answer.id, checked, decode(answer.properties))

    def preview(self, token: str, name: str = "it", /, **inputs: Any) -> dict[str, Any]:
        request = messages.CreateRequest(urn=self.urn(token, name), properties=encode(inputs), preview=True)
        return decode(self.provider.Create(request, None).properties)

    def diff(self, made: Made, /, **inputs: Any) -> Difference:
        request = messages.DiffRequest(
            id=made.id,
            urn=made.urn,
            olds=encode(made.outputs),
            old_inputs=encode(made.inputs),
            news=encode(inputs),
        )
        answer = self.provider.Diff(request, None)
        kinds = messages.PropertyDiff.Kind
        paths = {path: kinds.Name(each.kind) for path, each in answer.detailedDiff.items()}
        assert (answer.changes == messages.DiffResponse.DIFF_SOME) == bool(paths)
        return Difference(paths, list(answer.replaces), answer.deleteBeforeReplace)

    def update(self, made: Made, /, **inputs: Any) -> Made:
        request = messages.UpdateRequest(
            id=made.id,
            urn=made.urn,
            olds=encode(made.outputs),
            old_inputs=encode(made.inputs),
            news=encode(inputs),
        )
        answer = self.provider.Update(request, None)
        return Made(made.urn, made.id, inputs, decode(answer.properties))

    def read(self, made: Made) -> Made | None:
        request = messages.ReadRequest(
            id=made.id, urn=made.urn, properties=encode(made.outputs), inputs=encode(made.inputs)
        )
        answer = self.provider.Read(request, None)
        return (
            Made(made.urn, answer.id, decode(answer.inputs), decode(answer.properties)) if answer.id else None
        )

    def delete(self, made: Made) -> None:
        self.provider.Delete(
            messages.DeleteRequest(id=made.id, urn=made.urn, properties=encode(made.outputs)), None
        )

    def invoke(self, token: str, /, **arguments: Any) -> dict[str, Any]:
        answer = self.provider.Invoke(messages.InvokeRequest(tok=token, args=encode(arguments)), None)
        assert not answer.failures, f"{token} was refused: {answer.failures}"
        return decode(getattr(answer, "return"))

    def vcn(self, name: str = "vcn", /, **inputs: Any) -> Made:
        return self.create(
            VCN, name, **({"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]} | inputs)
        )

    def subnet(self, vcn: Made, name: str = "subnet", cidr: str = "10.0.1.0/24", /, **inputs: Any) -> Made:
        given = {"compartmentId": COMPARTMENT, "vcnId": vcn.id, "cidrBlock": cidr}
        return self.create(SUBNET, name, **(given | inputs))
