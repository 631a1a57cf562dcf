"""Resources that hold to a policy, and one case for each way to break it. Values are the provider's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.model import UNKNOWN_TEXT, Resource

PROD = "prod"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A few resources, the policy, and what it says about the first of them; empty if it holds."""

    about: str
    policy: str
    resources: Sequence[Resource]
    says: str = ""


def make(
    type_: str,
    inputs: Mapping[str, Any],
    *,
    name: str = "example",
    stack: str = PROD,
    protect: bool = True,
    uses: Mapping[str, Sequence[str]] | None = None,
    known_id: bool = True,
    outputs: Mapping[str, Any] | None = None,
) -> Resource:
    """A resource. `uses`: for each input the names of the resources that it depends on, as TYPE::NAME."""
    return Resource(
        urn=urn(type_, name, stack),
        type=type_,
        inputs=inputs,
        id=f"id-of-{name}" if known_id else "",
        protect=protect,
        outputs=outputs or {},
        dependencies={key: [_urn_of(each, stack) for each in named] for key, named in (uses or {}).items()},
    )


def _urn_of(text: str, stack: str) -> str:
    type_, _, name = text.rpartition("::")
    return urn(type_, name, stack)


def urn(type_: str, name: str, stack: str) -> str:
    return f"urn:pulumi:{stack}::project::{type_}::{name}"


def pod(containers: list[dict[str, Any]], **spec: Any) -> dict[str, Any]:
    """Inputs of a Deployment with one pod."""
    return {"spec": {"template": {"spec": {"containers": containers, **spec}}}}


UNKNOWN = UNKNOWN_TEXT
DIGEST = "@sha256:" + "0" * 64
AUTONOMOUS = "oci:Database/autonomousDatabase:AutonomousDatabase"
BUCKET = "oci:ObjectStorage/bucket:Bucket"
CLUSTER = "oci:ContainerEngine/cluster:Cluster"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
INSTANCE = "oci:Core/instance:Instance"
POLICY = "oci:Identity/policy:Policy"
POOL = "oci:ContainerEngine/nodePool:NodePool"
SERVICE = "kubernetes:core/v1:Service"
SUBNET = "oci:Core/subnet:Subnet"
