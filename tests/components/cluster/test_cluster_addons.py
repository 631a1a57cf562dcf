"""Add-ons: order, defaults and invalid values of single add-ons."""

import json
from collections.abc import Mapping

import pulumi
import pytest

from components.cluster.cluster_addons import (
    TOLERATIONS,
    AddonArgs,
    ClusterAddons,
    ClusterAddonsArgs,
    addon_problems,
)
from components.cluster.default_addons import gpu_addons, merged_addons
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run
from tests.support.provider_inputs import input_faults

ADDON = "oci:ContainerEngine/addon:Addon"


def addons(given: Mapping[str, AddonArgs], preview: bool = False) -> Recording:
    args = ClusterAddonsArgs(cluster_id="ocid1.cluster.oc1.iad.k", addons=given)
    return run(lambda: ClusterAddons("test", args, oci_options()) and None, preview)


@pytest.mark.parametrize("preview", [False, True])
def test_the_provider_accepts_the_defaults(preview: bool):
    seen = addons(gpu_addons(nodes=60, virtual_rdma=True), preview)
    assert len(seen.of_type(ADDON)) == 4
    for each in seen.of_type(ADDON):
        assert not list(input_faults(each.type, each.inputs)), each.name
        assert each.custom_timeouts.create == "60m"


def test_names_are_an_output_after_installation():
    names = ["AmdGpuPlugin", "NodeFeatureDiscovery"]
    assert addons(gpu_addons(nodes=4)).named("test").outputs == {"names": names}
    assert addons(gpu_addons(nodes=4), preview=True).named("test").outputs in (
        {"names": names},
        {"names": UNKNOWN},
    )


def test_an_addon_waits_for_the_one_it_needs():
    seen = addons(gpu_addons(nodes=4, virtual_rdma=True))
    discovery = seen.named("test-addon-NodeFeatureDiscovery")
    assert seen.named("test-addon-NvidiaNetworkOperator").depends_on == (discovery.urn,)


def test_every_addon_waits_for_what_the_component_depends_on():
    def program() -> None:
        first = addons_of("test-first", oci_options())
        addons_of(
            "test-second",
            pulumi.ResourceOptions.merge(oci_options("oci2"), pulumi.ResourceOptions(depends_on=[first])),
        )

    second = [each for each in run(program).of_type(ADDON) if each.name.startswith("test-second")]
    assert second
    for each in second:
        awaited = [urn.rsplit("::", 1)[-1] for urn in each.depends_on]
        assert awaited == ["test-first-addon-CertManager"], "it would be installed before there is a node"


def addons_of(name: str, opts: pulumi.ResourceOptions) -> ClusterAddons:
    return ClusterAddons(name, ClusterAddonsArgs(cluster_id="k", addons={"CertManager": AddonArgs()}), opts)


def test_configurations_and_versions_reach_the_addon_in_a_fixed_order():
    given = {"CertManager": AddonArgs(version="v1.2.3", configurations={"b": "2", "a": "1"})}
    inputs = addons(given).one(ADDON).inputs
    assert inputs["version"] == "v1.2.3"
    assert inputs["configurations"] == [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    assert inputs["overrideExisting"] is True


def test_an_essential_addon_stays_when_its_settings_are_removed():
    given = {
        "CoreDNS": AddonArgs(),
        "CertManager": AddonArgs(),
        "KubeProxy": AddonArgs(remove_on_delete=True),
    }
    removed = {
        each.inputs["addonName"]: each.inputs["removeAddonResourcesOnDelete"]
        for each in addons(given).of_type(ADDON)
    }
    assert removed == {"CoreDNS": False, "CertManager": True, "KubeProxy": True}


def test_network_devices_are_offered_only_with_the_gpu_taint_tolerated():
    default = gpu_addons(nodes=4, virtual_rdma=True)["NvidiaNetworkOperator"].configurations or {}
    assert json.loads(default[TOLERATIONS]) == [{"key": "amd.com/gpu", "operator": "Exists"}]
    (problem,) = addon_problems(
        {"NvidiaNetworkOperator": AddonArgs(), "NodeFeatureDiscovery": AddonArgs()}, path="cluster"
    )
    assert problem.path == "cluster.addons.NvidiaNetworkOperator.configurations"
    assert TOLERATIONS in problem.allowed


@pytest.mark.parametrize(("nodes", "expected"), [(50, False), (51, True)])
def test_large_clusters_let_the_name_service_run_on_gpu_nodes(nodes: int, expected: bool):
    assert ("CoreDNS" in gpu_addons(nodes=nodes)) is expected


def test_given_settings_override_single_keys():
    merged = merged_addons(
        gpu_addons(nodes=4, virtual_rdma=True),
        {
            "AmdGpuPlugin": AddonArgs(version="v1.0.0"),
            "NvidiaNetworkOperator": AddonArgs(configurations={"x": "y"}, remove_on_delete=False),
            "CertManager": AddonArgs(),
        },
    )
    operator = merged["NvidiaNetworkOperator"]
    assert set(merged) == {"AmdGpuPlugin", "NodeFeatureDiscovery", "NvidiaNetworkOperator", "CertManager"}
    assert merged["AmdGpuPlugin"].version == "v1.0.0"
    assert set(operator.configurations or {}) == {TOLERATIONS, "x"}
    assert operator.remove_on_delete is False
    assert not list(addon_problems(merged, path="cluster"))


def test_the_defaults_are_not_changed_by_merging():
    merged_addons(gpu_addons(nodes=4), {"AmdGpuPlugin": AddonArgs(version="v1.0.0")})
    assert gpu_addons(nodes=4)["AmdGpuPlugin"].version is None


@pytest.mark.parametrize(
    ("names", "path", "text"),
    [
        (["AmdGpuPlugins"], "c.addons", "Did you mean `AmdGpuPlugin`?"),
        (["amdgpuplugin"], "c.addons", "Did you mean `AmdGpuPlugin`?"),
        (["Amd Gpu"], "c.addons", "must be the name of an OKE add-on"),
        (["KubernetesMetricsServer"], "c.addons.KubernetesMetricsServer", "Add CertManager"),
        (["AmdGpuPlugin", "AmdGpuOperator"], "c.addons", "must not contain both"),
    ],
)
def test_each_invalid_value_is_reported(names: list[str], path: str, text: str):
    (problem,) = addon_problems({name: AddonArgs() for name in names}, path="c")
    assert problem.path == path
    assert text in str(problem)


@pytest.mark.parametrize("name", ["AmdGpuOperator", "NvidiaGpuOperator", "SomethingNew"])
def test_a_new_addon_of_oracle_is_not_refused(name: str):
    assert not list(addon_problems({name: AddonArgs()}, path="c"))


def test_the_component_applies_the_rules():
    with pytest.raises(InvalidInput, match="needs the add-on CertManager"):
        addons({"NativeIngressController": AddonArgs()})
