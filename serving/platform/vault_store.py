"""OCI Vault as the source of Kubernetes Secrets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.options import child

API_VERSION = "external-secrets.io/v1"
STORE_KIND = "ClusterSecretStore"


@dataclass(frozen=True, kw_only=True)
class VaultStoreArgs:
    """The vault, and the namespaces that may use it."""

    vault_id: pulumi.Input[str]
    """OCID of the vault."""

    region: str
    """Region of the vault, e.g. `us-ashburn-1`."""

    namespaces: Sequence[str]
    """Namespaces whose ExternalSecrets may use the store, at least one. external-secrets refuses all others."""

    store_name: str | None = None
    """Name of the store in ExternalSecrets. Default: `vault`."""


class VaultStore(CheckedArgs, pulumi.ComponentResource):
    """A ClusterSecretStore that reads OCI Vault through OKE workload identity, without stored keys.

    The service account of external-secrets needs a policy: `read secret-bundles` for each secret by its name, and
    `read vaults`, in the vault's compartment. The release of external-secrets must exist first, because it brings the
    kind.
    """

    store_name: pulumi.Output[str]
    """Name of the store in ExternalSecrets, known after it exists."""

    def __init__(self, name: str, args: VaultStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(vault_store_problems(args.namespaces, path=name), f"vault store {name}")
        super().__init__("genai:index:VaultStore", name, {}, opts)
        wanted = args.store_name or "vault"
        oracle = {"vault": args.vault_id, "region": args.region, "principalType": "Workload"}
        store = apiextensions.CustomResource(
            f"{name}-store",
            API_VERSION,
            STORE_KIND,
            spec={
                "provider": {"oracle": oracle},
                "conditions": [{"namespaces": sorted(args.namespaces)}],
            },
            metadata=meta.v1.ObjectMetaArgs(name=wanted),
            opts=child(self),
        )
        self.store_name = store.id.apply(lambda _: wanted)
        self.register_outputs({"storeName": self.store_name})


def vault_store_problems(namespaces: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Problems at `path`.namespaces: a store without namespaces would serve every namespace of the cluster."""
    if not namespaces:
        yield Problem(
            f"{path}.namespaces", [], "must name at least one namespace", "Name the models' namespaces"
        )
