"""States in the engine's form, for a stack with one GPU node."""

from collections.abc import Mapping

STACK = "urn:pulumi:staging::genai-playground::pulumi:pulumi:Stack::genai-playground-staging"
SECRET_VALUE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}
UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

State = dict[str, object]


def urn(chain: str, name: str) -> str:
    return f"urn:pulumi:staging::genai-playground::{chain}::{name}"


def state(chain: str, name: str, inputs: Mapping[str, object] | None = None, **more: object) -> State:
    own = chain.rsplit("$", 1)[-1]
    custom = not own.startswith(("genai:", "pulumi:pulumi:"))
    return {
        "urn": urn(chain, name),
        "type": own,
        "custom": custom,
        "inputs": dict(inputs or {}),
        "outputs": dict(inputs or {}),
        **({"id": f"ocid1.x.oc1.iad.{name}"} if custom else {}),
        **more,
    }


def gpu_pool(size: object = 1, **more: object) -> State:
    return state(
        "genai:index:GpuPool$oci:ContainerEngine/nodePool:NodePool",
        "gpu-pool",
        {
            "nodeShape": "BM.GPU.MI300X.8",
            "nodeConfigDetails": {"size": size},
            "nodeSourceDetails": {"bootVolumeSizeInGbs": "512", "imageId": "ocid1.image.oc1.iad.REPLACE-ME"},
        },
        **more,
    )


def system_pool() -> State:
    return state(
        "genai:index:SystemPool$oci:ContainerEngine/nodePool:NodePool",
        "system-pool",
        {
            "nodeShape": "VM.Standard.E5.Flex",
            "nodeShapeConfig": {"ocpus": 4, "memoryInGbs": 16},
            "nodeConfigDetails": {"size": 2},
            "nodeSourceDetails": {"bootVolumeSizeInGbs": "100"},
        },
    )


def cluster() -> State:
    return state(
        "genai:index:OkeCluster$oci:ContainerEngine/cluster:Cluster", "cluster", {"type": "ENHANCED_CLUSTER"}
    )


def budget(amount: int) -> State:
    return state(
        "genai:index:Budget$oci:Budget/budget:Budget",
        "budget",
        {"displayName": "staging", "amount": amount, "resetPeriod": "MONTHLY"},
    )


def vcn() -> State:
    return state(
        "genai:index:VirtualNetwork$oci:Core/vcn:Vcn", "network-vcn", {"cidrBlocks": ["10.0.0.0/16"]}
    )


def subnet(name: str) -> State:
    return state("genai:index:VirtualNetwork$oci:Core/subnet:Subnet", name, {"cidrBlock": "10.0.1.0/24"})


def bucket() -> State:
    return state("genai:index:Bucket$oci:ObjectStorage/bucket:Bucket", "artifacts", {"name": "artifacts"})


def deployment() -> State:
    return state("genai:index:ModelServer$kubernetes:apps/v1:Deployment", "qwen", {"kind": "Deployment"})


def stack(outputs: Mapping[str, object] | None = None) -> State:
    return {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False, "outputs": dict(outputs or {})}


OUTPUTS: Mapping[str, object] = {
    "vcnId": "ocid1.vcn.oc1.iad.aaaa",
    "clusterEndpoint": "10.0.0.5:6443",
    "modelEndpoints": {"qwen": "http://qwen.serving.svc:8000"},
    "buckets": ["artifacts"],
    "kubeconfig": SECRET_VALUE,
    "monthlyBudget": 10_000,
}


def staging(amount: int = 10_000) -> list[State]:
    return [
        stack(OUTPUTS),
        state("pulumi:providers:oci", "region"),
        state("genai:index:VirtualNetwork", "network"),
        vcn(),
        subnet("network-public"),
        subnet("network-private"),
        cluster(),
        system_pool(),
        gpu_pool(),
        bucket(),
        budget(amount),
        deployment(),
    ]


def export(states: list[State]) -> dict[str, object]:
    return {"version": 3, "deployment": {"resources": states}}


def step(op: str, old: State | None = None, new: State | None = None, **more: object) -> dict[str, object]:
    known = new or old
    assert known is not None
    states = {**({"oldState": old} if old else {}), **({"newState": new} if new else {})}
    return {"op": op, "urn": known["urn"], **states, **more}
