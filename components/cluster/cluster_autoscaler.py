"""OKE's cluster autoscaler."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import containerengine

from components.options import child
from facts.autoscaler import ADDON
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .autoscaler_rules import (
    IDLE_MINUTES,
    PROVISION_MINUTES,
    autoscaler_problems,
    bounds_problems,
    configuration_problems,
)


@dataclass(frozen=True, kw_only=True)
class ScaledPoolArgs:
    """A pool whose size the autoscaler owns, and its bounds."""

    pool_id: pulumi.Input[str]
    """OCID of the node pool. It must ignore changes of its size: `size_owner` autoscaler."""

    min_nodes: int
    """Fewest nodes, 0 or more."""

    max_nodes: int
    """Most nodes. The service limit of the shape must allow them."""


@dataclass(frozen=True, kw_only=True)
class ClusterAutoscalerArgs:
    """The add-on and the pools whose size it owns."""

    cluster_id: pulumi.Input[str]
    """OCID of an enhanced cluster: only its pods have workload identity."""

    pools: Mapping[str, ScaledPoolArgs]
    """The pools by name, each in one availability domain. One other pool must have a fixed size, for the autoscaler's
    own pods."""

    provision_minutes: int | None = None
    """How long it waits for a new node before it tries another pool, 1 to 1,440. Default: 60, an assumption for bare
    metal: Oracle recommends 25 and gives no figure for bare metal."""

    idle_minutes: int | None = None
    """How long a node must be idle before it is removed, and how long after the last new node, 1 to 1,440. Default:
    10."""

    version: str | None = None
    """Fixed version, such as `v1.2.3`. Default: OKE updates the add-on automatically."""

    configurations: Mapping[str, str] | None = None
    """Further configuration keys and values from Oracle's page on the add-on. Default: none."""


class ClusterAutoscaler(CheckedArgs, pulumi.ComponentResource):
    """OKE's ClusterAutoscaler add-on, with two replicas and workload identity.

    Its grants are `autoscaler_grants`; write them first. It names the pools, so it is deleted before them, and nothing
    changes a size while a pool is deleted.
    """

    addon_name: pulumi.Output[str]
    """Name of the add-on, after it is installed."""

    def __init__(
        self, name: str, args: ClusterAutoscalerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the autoscaler {name}")
        super().__init__("genai:index:ClusterAutoscaler", name, {}, opts)
        addon = containerengine.Addon(
            f"{name}-addon",
            containerengine.AddonArgs(
                addon_name=ADDON,
                cluster_id=args.cluster_id,
                version=args.version,
                configurations=[
                    containerengine.AddonConfigurationArgs(key=key, value=value)
                    for key, value in sorted(_configurations(args).items())
                ],
                # A second autoscaler must be an error.
                override_existing=False,
                remove_addon_resources_on_delete=True,
            ),
            opts=child(
                self,
                pulumi.ResourceOptions(
                    # A component's own `depends_on` does not reach its children.
                    depends_on=opts.depends_on if opts else None,
                    custom_timeouts=pulumi.CustomTimeouts(create="60m", update="60m", delete="60m"),
                ),
            ),
        )
        self.addon_name = addon.addon_name
        self.register_outputs({"addonName": self.addon_name})


def _configurations(args: ClusterAutoscalerArgs) -> dict[str, pulumi.Input[str]]:
    idle = f"{args.idle_minutes or IDLE_MINUTES}m"
    nodes = [
        pulumi.Output.concat(f"{pool.min_nodes}:{pool.max_nodes}:", pool.pool_id)
        for _, pool in sorted(args.pools.items())
    ]
    return {
        **(args.configurations or {}),
        "nodes": pulumi.Output.all(*nodes).apply(", ".join),
        "authType": "workload",
        # With one replica, nothing could add a node for the autoscaler itself (Oracle's recommendations).
        "numOfReplicas": "2",
        "maxNodeProvisionTime": f"{args.provision_minutes or PROVISION_MINUTES}m",
        "scaleDownUnneededTime": idle,
        "scaleDownDelayAfterAdd": idle,
    }


def _problems(args: ClusterAutoscalerArgs, name: str) -> Iterator[Problem]:
    yield from autoscaler_problems(args, path=name)
    yield from configuration_problems(args.configurations or {}, path=name)
    bounds = {key: (pool.min_nodes, pool.max_nodes) for key, pool in args.pools.items()}
    yield from bounds_problems(bounds, path=name)
