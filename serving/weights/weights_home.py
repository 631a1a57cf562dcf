"""The programs and the service accounts of the pods that import and stage weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from facts.checked_args import CheckedArgs
from serving.options import child
from serving.weights.scripts import digest, node_scripts

IMPORT_ACCOUNT = "weights-import"
STAGING_ACCOUNT = "weights-staging"
"""Service accounts. Policies name them: the import writes objects, the staging only reads them."""


@dataclass(frozen=True, kw_only=True)
class WeightsHomeArgs:
    """The inputs of the programs and accounts."""

    namespace: pulumi.Input[str]
    """Namespace of the pods that import and stage weights. It must exist. The baseline pod security level is enough."""

    labels: Mapping[str, str] | None = None
    """More labels. Default: none."""


class WeightsHome(CheckedArgs, pulumi.ComponentResource):
    """The programs as a ConfigMap, and the service accounts of import and staging."""

    scripts: pulumi.Output[str]
    """Name of the ConfigMap. It changes with the programs, so that pods restart."""

    import_account: pulumi.Output[str]
    """Service account of the import."""

    staging_account: pulumi.Output[str]
    """Service account of the staging."""

    def __init__(self, name: str, args: WeightsHomeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("genai:index:WeightsHome", name, {}, opts)
        labels = {**(args.labels or {}), "app.kubernetes.io/managed-by": "pulumi"}
        called = f"weights-scripts-{digest(node_scripts())}"
        scripts = core.v1.ConfigMap(
            f"{name}-scripts",
            core.v1.ConfigMapInitArgs(
                metadata=meta.v1.ObjectMetaArgs(name=called, namespace=args.namespace, labels=labels),
                data=node_scripts(),
                immutable=True,
            ),
            opts=child(self),
        )
        self.scripts = scripts.metadata.apply(lambda found: found.name or called)
        self.import_account = self._account(f"{name}-import-account", args, IMPORT_ACCOUNT, labels)
        self.staging_account = self._account(f"{name}-staging-account", args, STAGING_ACCOUNT, labels)
        self.register_outputs(
            {
                "scripts": self.scripts,
                "importAccount": self.import_account,
                "stagingAccount": self.staging_account,
            }
        )

    def _account(
        self, name: str, args: WeightsHomeArgs, called: str, labels: Mapping[str, str]
    ) -> pulumi.Output[str]:
        account = core.v1.ServiceAccount(
            name,
            core.v1.ServiceAccountInitArgs(
                metadata=meta.v1.ObjectMetaArgs(name=called, namespace=args.namespace, labels=labels)
            ),
            opts=child(self),
        )
        return account.metadata.apply(lambda found: found.name or called)
