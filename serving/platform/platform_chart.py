"""One chart of the platform: its namespace, its custom kinds, its release."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import core, helm, meta

from facts.charts import CHARTS, CRD_CHARTS, Chart, chart_name
from facts.checked_args import CheckedArgs
from facts.problem import refuse
from serving.options import child

from .chart_rules import chart_problems

WAIT_SECONDS = 900
"""How long a release may take until its pods are ready. The first pull of images is slow."""


@dataclass(frozen=True, kw_only=True)
class PlatformChartArgs:
    """The chart, and the changes to it."""

    chart: str
    """Key in `facts.charts`, e.g. `keda`. It decides chart, version, namespace and pod security level."""

    version: str | None = None
    """Another exact version. Default: the version for which the toolkit's values were written."""

    repository: str | None = None
    """Another source, such as a mirror: a repository (`https://…`) or the chart's own address
    (`oci://…`). Default: the project's own."""

    values: Mapping[str, Any] | None = None
    """The chart's values. Pulumi secrets in them stay secret. Default: the chart's own."""

    config: Mapping[str, str] | None = None
    """Files of a ConfigMap that the chart mounts. It requires `config_name`. Default: none."""

    config_name: str | None = None
    """Name of that ConfigMap."""


class PlatformChart(CheckedArgs, pulumi.ComponentResource):
    """A Helm release in its own namespace, after the release of its custom kinds if they have their own chart.

    Deleting it uninstalls the chart. That deletes the custom kinds of a CRD chart, and all objects of those kinds.
    """

    namespace: pulumi.Output[str]
    """Namespace of the release, known after the release is ready. Resources that use the chart's kinds wait for it."""

    release_name: pulumi.Output[str]
    """Name of the release."""

    def __init__(
        self, name: str, args: PlatformChartArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(chart_problems(args, chart=args.chart, path=name), f"chart {name}")
        super().__init__("genai:index:PlatformChart", name, {}, opts)
        known = CHARTS[args.chart]
        namespace = core.v1.Namespace(
            f"{name}-namespace",
            core.v1.NamespaceInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=known.namespace,
                    labels={
                        "app.kubernetes.io/managed-by": "pulumi",
                        "pod-security.kubernetes.io/enforce": known.pod_security,
                    },
                )
            ),
            opts=child(self),
        )
        before: list[pulumi.Resource] = [namespace]
        if known.crds is not None:
            before.append(self._release(f"{name}-crds", CRD_CHARTS[known.crds], None, before))
        if args.config is not None:
            metadata = meta.v1.ObjectMetaArgs(name=args.config_name, namespace=known.namespace)
            config = core.v1.ConfigMapInitArgs(metadata=metadata, data=args.config)
            after = child(self, pulumi.ResourceOptions(depends_on=[namespace]))
            before.append(core.v1.ConfigMap(f"{name}-config", config, opts=after))
        release = self._release(f"{name}-release", known, args, before)
        self.namespace = release.id.apply(lambda _: known.namespace)
        self.release_name = release.name.apply(lambda found: found or chart_name(known))
        self.register_outputs({"namespace": self.namespace, "releaseName": self.release_name})

    def _release(
        self, name: str, chart: Chart, args: PlatformChartArgs | None, before: list[pulumi.Resource]
    ) -> "helm.v3.Release":
        source, repository = _place(chart, args.repository if args else None)
        return helm.v3.Release(
            name,
            helm.v3.ReleaseArgs(
                chart=source,
                # The chart's own name, because other objects use it to find parts of the chart.
                name=source.rpartition("/")[2],
                namespace=chart.namespace,
                version=(args.version if args else None) or chart.version,
                repository_opts=helm.v3.RepositoryOptsArgs(repo=repository) if repository else None,
                values=args.values if args else None,
                # A failed upgrade rolls back to the release before it.
                atomic=True,
                cleanup_on_fail=True,
                timeout=WAIT_SECONDS,
                max_history=5,
            ),
            opts=child(self, pulumi.ResourceOptions(depends_on=before)),
        )


def _place(chart: Chart, mirror: str | None) -> tuple[str, str | None]:
    """Chart and repository in the form of a release: the chart's own address, or its name in a repository."""
    if mirror is None:
        return chart.chart, chart.repository
    if mirror.startswith("oci://"):
        return mirror, None
    return chart_name(chart), mirror
