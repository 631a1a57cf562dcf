"""Add-ons of an enhanced cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import containerengine

from components.options import child
from facts.autoscaler import ADDON as AUTOSCALER
from facts.checked_args import CheckedArgs
from facts.kubernetes import ADDON_VERSION, ADDONS, GPU_TAINT_KEY
from facts.problem import Problem, nearest, refuse

ESSENTIAL = frozenset(addon.name for addon in ADDONS if addon.essential)

REQUIRES: Mapping[str, str] = {
    "KubernetesMetricsServer": "CertManager",
    "NativeIngressController": "CertManager",
    "NvidiaNetworkOperator": "NodeFeatureDiscovery",
}
"""Add-ons that need another add-on, which is installed first."""

_AUTOSCALER_FIX = "Set `sizeOwner: autoscaler` at the pools, or use the component ClusterAutoscaler"
"""It needs the OCIDs of its pools and grants, and a second one would change the same sizes."""

TOLERATIONS = "nicClusterPolicy.tolerations"
EITHER = ("AmdGpuPlugin", "AmdGpuOperator")


@dataclass(frozen=True, kw_only=True)
class AddonArgs:
    """One add-on."""

    version: str | None = None
    """Fixed version, such as `v1.2.3`. Default: OKE updates the add-on automatically, which restarts it."""

    configurations: Mapping[str, str] | None = None
    """Configuration keys and values from Oracle's page on the add-on; lists and objects as JSON text."""

    remove_on_delete: bool | None = None
    """Whether its objects are removed from the cluster with it. Default: yes, except for essential add-ons."""


@dataclass(frozen=True, kw_only=True)
class ClusterAddonsArgs:
    """Add-ons that need nodes to run on."""

    cluster_id: pulumi.Input[str]
    """OCID of an enhanced cluster."""

    addons: Mapping[str, AddonArgs]
    """Add-ons by their OKE name, e.g. `AmdGpuPlugin`."""

    override_existing: bool | None = None
    """Whether an add-on that the cluster has already is taken over. If not, it is refused. Default: yes."""


class ClusterAddons(CheckedArgs, pulumi.ComponentResource):
    """Add-ons that run on nodes. Create them after the CPU pool, with `opts=ResourceOptions(depends_on=[pool])`.

    Node Feature Discovery and the network operator need a node without GPUs (oci-hpc-oke). Without such a node, their
    installation fails.
    """

    names: pulumi.Output[list[str]]
    """Names of the add-ons, after they are installed."""

    def __init__(
        self, name: str, args: ClusterAddonsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(addon_problems(args.addons, path=name), f"the add-ons {name}")
        super().__init__("genai:index:ClusterAddons", name, {}, opts)
        # A component's own `depends_on` does not reach its children.
        waits = pulumi.ResourceOptions(depends_on=opts.depends_on if opts else None)
        override = args.override_existing is not False
        made = create_addons(self, name, args.cluster_id, args.addons, waits, override_existing=override)
        self.names = pulumi.Output.all(*(addon.addon_name for addon in made)).apply(sorted)
        self.register_outputs({"names": self.names})


def create_addons(
    parent: pulumi.Resource,
    name: str,
    cluster_id: pulumi.Input[str],
    addons: Mapping[str, AddonArgs],
    opts: pulumi.ResourceOptions | None = None,
    *,
    override_existing: bool = True,
) -> "list[containerengine.Addon]":
    """The add-ons as children of `parent`. An add-on that needs another one depends on it."""
    made: dict[str, containerengine.Addon] = {}
    for key in sorted(addons, key=lambda key: (key in REQUIRES, key)):
        addon = addons[key]
        needed = made.get(REQUIRES.get(key, ""))
        waits = pulumi.ResourceOptions(
            depends_on=[needed] if needed else None,
            custom_timeouts=pulumi.CustomTimeouts(create="60m", update="60m", delete="60m"),
        )
        made[key] = containerengine.Addon(
            f"{name}-addon-{key}",
            containerengine.AddonArgs(
                addon_name=key,
                cluster_id=cluster_id,
                version=addon.version,
                configurations=[
                    containerengine.AddonConfigurationArgs(key=option, value=value)
                    for option, value in sorted((addon.configurations or {}).items())
                ],
                # OKE installs some add-ons with the cluster. This resource takes them over.
                override_existing=override_existing,
                remove_addon_resources_on_delete=_removed(key, addon),
            ),
            opts=child(parent, pulumi.ResourceOptions.merge(opts, waits)),
        )
    return list(made.values())


def _removed(name: str, addon: AddonArgs) -> bool:
    return name not in ESSENTIAL if addon.remove_on_delete is None else addon.remove_on_delete


def addon_problems(addons: Mapping[str, AddonArgs], *, path: str) -> Iterator[Problem]:
    """Misspelled names, missing required add-ons, and invalid values of single add-ons."""
    known = [addon.name for addon in ADDONS]
    for name in addons:
        # Oracle adds new add-ons, so only a name that looks like a misspelled known one is refused.
        if name not in known and (nearest(name, known, cutoff=0.85) or not name.isalnum()):
            yield Problem.not_one_of(f"{path}.addons", name, known, "must be the name of an OKE add-on")
        elif name == AUTOSCALER:
            yield Problem(f"{path}.addons", name, "must not be here", _AUTOSCALER_FIX)
        version = addons[name].version
        if version is not None and not ADDON_VERSION.fullmatch(version):
            yield Problem(f"{path}.addons.{name}.version", version, "must be one version, such as v1.2.3")
        if (needed := REQUIRES.get(name)) and needed not in addons:
            yield Problem(f"{path}.addons.{name}", name, f"needs the add-on {needed}", f"Add {needed}")
    if all(name in addons for name in EITHER):
        yield Problem(
            f"{path}.addons", list(EITHER), "must not contain both: each of them offers amd.com/gpu"
        )
    operator = addons.get("NvidiaNetworkOperator")
    if operator and GPU_TAINT_KEY not in (operator.configurations or {}).get(TOLERATIONS, ""):
        yield Problem(
            f"{path}.addons.NvidiaNetworkOperator.configurations",
            dict(operator.configurations or {}),
            f"must tolerate {GPU_TAINT_KEY} in {TOLERATIONS}",
            "Without it, AMD nodes never offer a network device, and no error says so",
        )
