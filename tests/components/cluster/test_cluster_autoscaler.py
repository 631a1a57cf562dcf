"""OKE's cluster autoscaler: what it is told, what it waits for, and invalid values."""

from typing import Any

import pulumi
import pytest

from components.cluster.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs, ScaledPoolArgs
from components.cluster.system_pool import SystemPool, SystemPoolArgs
from components.identity.access_policy import AccessPolicy, AccessPolicyArgs
from facts.problem import InvalidInput
from tests.infra.settings.nouns.compute import NODES
from tests.support.monitor import Recording, oci_options, run
from tests.support.provider_inputs import input_faults

ADDON = "oci:ContainerEngine/addon:Addon"
CLUSTER = "ocid1.cluster.oc1.iad.k"
POOL = ScaledPoolArgs(pool_id="ocid1.nodepool.oc1.iad.a", min_nodes=2, max_nodes=8)


def autoscaler(preview: bool = False, **values: object) -> Recording:
    args = ClusterAutoscalerArgs(**{"cluster_id": CLUSTER, "pools": {"gpu": POOL}, **values})  # type: ignore[arg-type]
    return run(lambda: ClusterAutoscaler("test", args, oci_options()) and None, preview)


def configurations(seen: Recording) -> dict[str, str]:
    return {each["key"]: each["value"] for each in seen.one(ADDON).inputs["configurations"]}


@pytest.mark.parametrize("preview", [False, True])
def test_the_provider_accepts_the_addon(preview: bool):
    addon = autoscaler(preview).one(ADDON)
    assert not list(input_faults(addon.type, addon.inputs))
    assert addon.inputs["addonName"] == "ClusterAutoscaler"
    assert addon.inputs["overrideExisting"] is False, "it would take over the autoscaler of someone else"
    assert addon.inputs["removeAddonResourcesOnDelete"] is True, "a disabled autoscaler would keep running"


def test_it_is_told_each_pool_and_its_bounds():
    second = ScaledPoolArgs(pool_id="ocid1.nodepool.oc1.iad.b", min_nodes=0, max_nodes=3)
    found = configurations(autoscaler(pools={"gpu": POOL, "cpu": second}))
    assert found["nodes"] == "0:3:ocid1.nodepool.oc1.iad.b, 2:8:ocid1.nodepool.oc1.iad.a"


def test_it_has_workload_identity_two_replicas_and_time_for_bare_metal():
    found = configurations(autoscaler())
    assert found["authType"] == "workload", "the default is the identity of every node"
    assert found["numOfReplicas"] == "2"
    assert found["maxNodeProvisionTime"] == "60m"
    assert found["scaleDownUnneededTime"] == found["scaleDownDelayAfterAdd"] == "10m"


def test_times_and_further_keys_are_the_users():
    found = configurations(
        autoscaler(provision_minutes=90, idle_minutes=30, configurations={"expander": "most-pods"})
    )
    assert found["maxNodeProvisionTime"] == "90m"
    assert found["scaleDownUnneededTime"] == "30m"
    assert found["expander"] == "most-pods"


def test_it_goes_before_its_pools_and_after_its_grants():
    def program() -> None:
        options = oci_options()
        pool = SystemPool("pool", SystemPoolArgs(**NODES, nodes=1), options)  # type: ignore[arg-type]
        statements = {"a": "Allow any-user to use subnets in tenancy where request.principal.id = 'x'"}
        grants = AccessPolicyArgs(
            compartment_id="c", policy_name="grants", description="d", statements=statements
        )
        waits = pulumi.ResourceOptions(depends_on=[AccessPolicy("grants", grants, options)])
        pools = {"gpu": ScaledPoolArgs(pool_id=pool.pool_id, min_nodes=1, max_nodes=2)}
        args = ClusterAutoscalerArgs(cluster_id=CLUSTER, pools=pools)
        ClusterAutoscaler("test", args, pulumi.ResourceOptions.merge(options, waits))

    addon = run(program).one(ADDON)
    awaited = {urn.rsplit("::", 1)[-1] for urn in addon.depends_on}
    assert "pool-pool" in awaited, (
        "Pulumi deletes in reverse order: the autoscaler would change the size of a pool that is deleted"
    )
    assert "grants-policy" in awaited


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"pools": {}}, "test.pools", "must name at least one pool"),
        (
            {"pools": {"gpu": ScaledPoolArgs(pool_id="p", min_nodes=3, max_nodes=2)}},
            "test.pools['gpu'].minNodes",
            "must not be above maxNodes, 2",
        ),
        (
            {"pools": {"gpu": ScaledPoolArgs(pool_id="p", min_nodes=-1, max_nodes=2)}},
            "test.pools['gpu'].minNodes",
            "must be 0 or more",
        ),
        ({"provision_minutes": 0}, "test.provisionMinutes", "must be 1 to 1,440 minutes"),
        ({"idle_minutes": 1_441}, "test.idleMinutes", "must be 1 to 1,440 minutes"),
        ({"version": "latest"}, "test.version", "must be one version"),
        ({"configurations": {"nodes": "1:2:x"}}, "test.configurations['nodes']", "must not be given here"),
        ({"configurations": {"authType": "instance"}}, "test.configurations['authType']", "grants"),
        ({"configurations": {"expanders": "random"}}, "test.configurations['expanders']", "expander"),
        ({"configurations": {"expander": "price"}}, "test.configurations['expander']", "must not be price"),
        ({"configurations": {"scanInterval": "10"}}, "test.configurations['scanInterval']", "a duration"),
        ({"configurations": {"v": "high"}}, "test.configurations['v']", "must be a whole number"),
    ],
)
def test_invalid_values_are_refused(values: dict[str, Any], path: str, message: str):
    with pytest.raises(InvalidInput) as refused:
        autoscaler(**values)
    found = [str(each) for each in refused.value.problems if each.path == path]
    assert any(message in text for text in found), [*map(str, refused.value.problems)]
