"""The whole program under the strict monitor, and what it does besides registering resources."""

import json
import runpy
from typing import Any

import pulumi
import pytest

from infra.offline.answers import CALLS, outputs_of
from infra.offline.run import run_offline
from infra.program.start import placeholder_warning
from infra.project.stackfile import PROJECT, StackFile, read_stack_file
from tests.infra.settings.examples import CONFIG, Change, config, external
from tests.infra.settings.refusals_of_pools import scaled
from tests.support.monitor import run
from tests.support.recording import Recording


def run_strict(sections: dict[str, Any], stack: str = "test", *, preview: bool = False) -> Recording:
    def program() -> None:
        runpy.run_module("infra", run_name="__main__")

    return run(
        program,
        preview=preview,
        outputs=outputs_of,
        calls=CALLS,
        config={f"{PROJECT}:{name}": json.dumps(content) for name, content in sections.items()},
        stack=stack,
    )


def file_of(*changes: Change) -> StackFile:
    return StackFile(config(*changes), frozenset(), "Pulumi.test.yaml")


@pytest.mark.parametrize("stack", ["staging", "prod"])
@pytest.mark.parametrize("preview", [False, True], ids=["up", "first preview"])
def test_the_strict_monitor_accepts_the_program(stack: str, preview: bool, monkeypatch: pytest.MonkeyPatch):
    warned: list[str] = []
    monkeypatch.setenv("SANDBOX", "1")
    monkeypatch.setattr("pulumi.log.warn", warned.append)
    found = run_strict(dict(read_stack_file(stack).sections), stack, preview=preview)
    assert len(warned) == preview, "an `up` does not repeat the placeholders that the preview has counted"
    assert len(found.resources) > 100
    assert set(found.exports) == {
        "vcnId",
        "bastionId",
        "edge",
        "clusterId",
        "clusterEndpoint",
        "kubeconfig",
        "modelEndpoints",
        "modelGateway",
        "modelRoutes",
        "modelSpeeds",
        "vaultId",
        "secretIds",
        "buckets",
        "databases",
        "databaseAddresses",
        "storage",
        "poolHours",
        "monthlyBudget",
    } - ({"bastionId"} if stack == "prod" else set())


def test_a_placeholder_is_refused_unless_the_sandbox_runs_the_program(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SANDBOX", raising=False)
    with pytest.raises(pulumi.RunError, match="REPLACE-ME"):
        run_strict(dict(read_stack_file("staging").sections), "staging")


def test_a_config_without_placeholders_needs_no_sandbox(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SANDBOX", raising=False)
    assert run_strict(CONFIG).exports["vcnId"] == "ocid1.vcn.oc1.iad.test-network-vcn"


def test_problems_come_before_any_resource():
    with pytest.raises(pulumi.RunError, match=r"gpu\.pools\[0\]\.nodes: 0; must be 1 or more"):
        run_offline(file_of(("gpu.pools.0.nodes", 0)), "test")


def test_a_section_that_is_not_an_object_is_a_problem_and_not_a_crash():
    with pytest.raises(pulumi.RunError, match=r"gpu: 'many'; must be a mapping"):
        run_offline(file_of(("gpu", "many")), "test")


@pytest.mark.parametrize(("stack", "kept"), [("prod", True), ("staging", False)])
def test_resources_with_data_are_protected_in_prod(stack: str, kept: bool):
    found = run_strict(CONFIG, stack)
    for token in ("oci:ObjectStorage/bucket:Bucket", "oci:ContainerEngine/cluster:Cluster"):
        assert (found.one(token).protect, found.one(token).retain_on_delete) == (kept, kept), token


def test_protection_can_be_set_in_other_environments():
    found = run_strict(config(("tenancy.protect", True)), "staging")
    assert found.one("oci:ObjectStorage/bucket:Bucket").protect


def test_the_budget_goes_to_the_home_region_and_the_rest_to_its_own():
    found = run_strict(config(("tenancy.homeRegion", "us-phoenix-1")))
    regions = {each.name: each.inputs["region"] for each in found.of_type("pulumi:providers:oci")}
    assert regions == {"oci": "us-ashburn-1", "oci-home": "us-phoenix-1"}
    assert "::oci-home::" in found.one("oci:Budget/budget:Budget").provider
    assert "::oci::" in found.one("oci:Core/vcn:Vcn").provider


def test_providers_ignore_oracles_own_tags():
    providers = run_strict(CONFIG).of_type("pulumi:providers:oci")
    assert providers
    for provider in providers:
        ignored = provider.inputs["ignoreDefinedTags"]
        assert "Oracle-Tags.CreatedBy" in (json.loads(ignored) if isinstance(ignored, str) else ignored)


def test_names_contain_the_environment():
    found = run_strict(CONFIG, "blue")
    assert found.one("oci:Ons/notificationTopic:NotificationTopic").inputs["name"] == "blue-critical"
    assert found.one("oci:ObjectStorage/bucket:Bucket").inputs["name"] == "blue-model-artifacts"


def test_the_kubeconfig_goes_through_the_tunnel_of_a_deployer_outside():
    found = run_strict(config(("tenancy.deployer", {"access": "tunnel", "tunnelPort": 7443})))
    assert "https://127.0.0.1:7443" in found.exports["kubeconfig"]


def test_the_kubeconfig_of_a_deployer_inside_has_the_private_address():
    found = run_strict(config(("tenancy.deployer", {"access": "inside", "cidr": "10.0.2.250/32"})))
    assert "https://10.0.0.5:6443" in found.exports["kubeconfig"]


def sources_of_the_api(found: Recording) -> set[str]:
    rules = found.of_type("oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule")
    return {each.inputs["source"] for each in rules if "-api-" in each.name and each.inputs.get("source")}


def test_the_bastions_own_subnet_may_reach_the_api_endpoint():
    found = run_strict(CONFIG)
    assert "10.0.0.16/28" in sources_of_the_api(found)
    subnet = found.named("test-network-bastion", "oci:Core/subnet:Subnet")
    assert subnet.inputs["cidrBlock"] == "10.0.0.16/28"
    target = found.one("oci:Bastion/bastion:Bastion").inputs["targetSubnetId"]
    assert target == "ocid1.subnet.oc1.iad.test-network-bastion"


def test_a_deployer_inside_is_let_in_by_its_address():
    found = run_strict(config(("tenancy.deployer", {"access": "inside", "cidr": "10.0.2.250/32"})))
    assert "10.0.2.250/32" in sources_of_the_api(found)


def test_a_deployer_that_a_wider_rule_lets_in_gets_no_rule():
    found = run_strict(
        config(
            ("tenancy.deployer", {"access": "inside", "cidr": "10.0.2.250/32"}),
            ("cluster.endpoint.allowedCidrs", ["10.0.2.0/24"]),
        )
    )
    assert {each for each in sources_of_the_api(found) if each.startswith("10.0.2.")} == {"10.0.2.0/24"}


def test_the_bastions_addresses_are_let_in_once():
    found = run_strict(config(("cluster.endpoint.allowedCidrs", ["10.0.0.16/28"])))
    rules = found.of_type("oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule")
    assert [each.inputs.get("source") for each in rules].count("10.0.0.16/28") == 1


def test_objects_wait_for_the_nodes_they_run_on():
    found = run_strict(CONFIG)
    provider = found.one("pulumi:providers:kubernetes")
    waited = {urn.rsplit("::", 1)[-1] for urn in provider.depends_on}
    assert {"test-mi300x-pool", "test-system-pool", "test-addons-addon-AmdGpuPlugin"} <= waited


def test_a_model_runs_on_the_nodes_of_its_pool_only():
    found = run_strict(CONFIG)
    selector = found.one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]["spec"]["nodeSelector"]
    pool = found.named("test-mi300x-pool").inputs["initialNodeLabels"]
    assert selector["genai-playground/pool"] == "test-mi300x"
    assert {"key": "genai-playground/pool", "value": "test-mi300x"} in pool


def test_without_models_nothing_touches_the_clusters_api():
    found = run_strict(config(("serving.models", [])))
    assert not found.of_type("pulumi:providers:kubernetes")
    assert found.exports["modelEndpoints"] == {}


def test_a_token_for_gated_models_becomes_a_secret_in_the_cluster():
    sections = config(("serving.huggingFaceToken", "hf_" + "a" * 20))
    file = StackFile(sections, frozenset({"serving.huggingFaceToken"}), "Pulumi.test.yaml")
    found = run_offline(file, "test")
    secret = next(each for each in found.resources if each.type == "kubernetes:core/v1:Secret")
    assert "4dabf18193072939515e22adb298388d" in str(secret.inputs), (
        "the engine must be told that it is secret"
    )


def test_an_imported_image_replaces_an_ocid():
    changed = config(
        (
            "gpu.pools.0",
            {"name": "mi300x", "nodes": 1, "imageImport": {"name": "u.oci", "url": "https://x/u"}},
        )
    )
    found = run_strict(changed)
    image = found.one("oci:Core/image:Image")
    assert found.named("test-mi300x-pool").inputs["nodeSourceDetails"]["imageId"].startswith("ocid1.image")
    assert image.inputs["imageSourceDetails"]["sourceUri"] == "https://x/u"


def test_an_autoscaled_pool_keeps_the_size_that_the_autoscaler_gave_it():
    found = run_strict(config(*external(1, 2)))
    assert "nodeConfigDetails.size" in found.named("test-mi300x-pool").ignore_changes


def test_a_pool_may_have_a_version_of_its_own():
    changes = [("cluster.pools.0.kubernetesVersion", "v1.35.2")]
    found = run_strict(config(*changes))
    assert found.named("test-system-pool").inputs["kubernetesVersion"] == "v1.35.2"
    assert found.named("test-mi300x-pool").inputs["kubernetesVersion"] == "v1.36.1", "the control plane's"


def test_objects_in_the_cluster_wait_for_the_autoscaler_and_it_waits_for_its_grants():
    found = run_strict(config(*scaled(1, 2)))
    addon = found.named("test-autoscaler-addon")
    (provider,) = (each for each in found.resources if each.type == "pulumi:providers:kubernetes")
    awaited = {urn.rsplit("::", 1)[-1] for urn in provider.depends_on}
    assert "test-autoscaler-addon" in awaited, "their pods may wait for its nodes"
    assert any("test-autoscaler-access" in urn for urn in addon.depends_on)


def test_a_function_without_an_offline_answer_says_where_to_add_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("infra.offline.run.CALLS", {})
    with pytest.raises(Exception, match="infra/offline/answers"):
        run_offline(file_of(), "test")


def test_the_warning_of_placeholders_is_one_line_with_a_count() -> None:
    lists = "`playground check dev --real` lists them"
    assert placeholder_warning(1, "dev") == f"1 placeholder, which a real `pulumi up` refuses: {lists}"
    assert placeholder_warning(5, "dev") == f"5 placeholders, which a real `pulumi up` refuses: {lists}"
