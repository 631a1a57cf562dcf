"""Whether the provider reaches a cluster's API server, and its messages if it does not."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, provider_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineServicer, add_EngineServicer_to_server

from sandbox.kubernetes.api.values import UNKNOWN, encode
from sandbox.kubernetes.provider.clusters import KubeconfigError, private, read_kubeconfig
from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import (
    CLUSTER_ID,
    PRIVATE,
    PUBLIC,
    VCN_ID,
    Bed,
    Engine,
    RefusedError,
    add_cluster,
    config_map,
    entry,
    kubeconfig,
)

PRIVATE_CONFIG = kubeconfig(f"https://{PRIVATE}:6443")
TUNNEL_CONFIG = kubeconfig("https://127.0.0.1:6443")


def engine_of(bed: Bed, config: str, **settings: str) -> Engine:
    engine = bed.connect()
    engine.configure(config, **settings)
    return engine


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deployer is outside the network, unless a test says otherwise."""
    monkeypatch.setenv("SANDBOX_DEPLOYER", "outside")


def add_bastion(cloud: Cloud) -> None:
    cloud.save(entry("ocid1.subnet.oc1.iad.aaaas", "oci:Core/subnet:Subnet", {"vcnId": VCN_ID}))
    cloud.save(
        entry(
            "ocid1.bastion.oc1.iad.aaaab",
            "oci:Bastion/bastion:Bastion",
            {"targetSubnetId": "ocid1.subnet.oc1.iad.aaaas"},
        )
    )


def test_a_private_endpoint_cannot_be_reached_from_outside(bed: Bed) -> None:
    engine = engine_of(bed, PRIVATE_CONFIG)
    with pytest.raises(RefusedError, match="configured Kubernetes cluster is unreachable") as refused:
        engine.create(config_map(a="b"))
    assert f"dial tcp {PRIVATE}:6443: i/o timeout" in str(refused.value)


def test_a_private_endpoint_can_be_reached_from_inside(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX_DEPLOYER")
    assert engine_of(bed, PRIVATE_CONFIG).create(config_map(a="b")).id == "default/settings"


def test_a_tunnel_needs_a_bastion_in_the_clusters_network(bed: Bed, cloud: Cloud) -> None:
    with pytest.raises(RefusedError, match="the VCN has no bastion"):
        engine_of(bed, TUNNEL_CONFIG).create(config_map(a="b"))
    add_bastion(cloud)
    assert engine_of(bed, TUNNEL_CONFIG).create(config_map(a="b")).id == "default/settings"
    event = [each for each in cloud.store.events("kubernetes") if each.verb == "connect"][-1]
    assert event.detail["assumed"] == "a bastion session forwards this port"


def test_a_cluster_is_found_by_its_address_if_the_kubeconfig_names_no_id(bed: Bed) -> None:
    config = kubeconfig().replace("--cluster-id", "--other")
    assert engine_of(bed, config).create(config_map(a="b")).id == "default/settings"


def test_a_preview_against_an_unreachable_cluster_shows_the_inputs(bed: Bed) -> None:
    engine = engine_of(bed, PRIVATE_CONFIG)
    shown = engine.preview({**config_map(a="b"), "kind": "ConfigMap", "dataa": {}})
    assert shown["metadata"]["name"] == "settings"
    assert "uid" not in shown["metadata"], "the server was not asked"


def test_an_unreachable_cluster_causes_one_warning(bed: Bed) -> None:
    said: list[engine_pb2.LogRequest] = []

    class Log(EngineServicer):
        def Log(self, request, context):
            said.append(request)
            return empty_pb2.Empty()

    server = grpc.server(ThreadPoolExecutor(2))
    add_EngineServicer_to_server(Log(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine = bed.connect()
    engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=f"127.0.0.1:{port}"))
    engine.configure(PRIVATE_CONFIG)
    engine.preview(config_map(a="b"))
    engine.preview(config_map(a="b"), name="two")
    server.stop(None)
    assert [each.severity for each in said] == [engine_pb2.WARNING]
    assert said[0].message.startswith("configured Kubernetes cluster is unreachable: ")


def test_a_first_preview_works_while_the_kubeconfig_is_unknown(bed: Bed) -> None:
    engine = bed.connect()
    engine.stub.Configure(
        provider_pb2.ConfigureRequest(args=encode({"kubeconfig": UNKNOWN}), acceptSecrets=True)
    )
    assert engine.preview(config_map(a="b"))["data"] == {"a": "b"}


def test_a_preview_asks_a_reachable_server(engine: Engine) -> None:
    shown = engine.preview(config_map(a="b"))
    assert shown["metadata"]["namespace"] == "default"
    assert shown["metadata"]["uid"] is UNKNOWN
    assert "status" not in shown


def test_the_objects_of_a_deleted_cluster_are_deleted(bed: Bed, engine: Engine, cloud: Cloud) -> None:
    made = engine.create(config_map(a="b"))
    cloud.remove(CLUSTER_ID)
    with pytest.raises(RefusedError, match="failed to read resource state due to unreachable cluster"):
        engine.read(made)
    with pytest.raises(RefusedError, match="PULUMI_K8S_DELETE_UNREACHABLE"):
        engine.delete(made)
    add_cluster(cloud)
    again = engine_of(bed, kubeconfig())
    assert again.read(made).id == ""


def test_objects_of_an_unreachable_cluster_can_be_removed_from_the_state(
    bed: Bed, engine: Engine, cloud: Cloud
) -> None:
    made = engine.create(config_map(a="b"))
    cloud.remove(CLUSTER_ID)
    forgetful = engine_of(bed, kubeconfig(), deleteUnreachable="true")
    assert forgetful.read(made).id == ""
    forgetful.delete(made)


def test_two_providers_of_one_engine_keep_their_own_clusters(bed: Bed) -> None:
    reachable, unreachable = engine_of(bed, kubeconfig()), engine_of(bed, PRIVATE_CONFIG)
    assert reachable.create(config_map(a="b")).id == "default/settings"
    with pytest.raises(RefusedError, match="unreachable"):
        unreachable.create(config_map("other", a="b"))


def diff_config(engine: Engine, old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    answer = engine.stub.DiffConfig(provider_pb2.DiffRequest(olds=encode(old), news=encode(new)))
    return list(answer.replaces)


def test_another_server_replaces_the_provider_but_another_token_does_not(engine: Engine) -> None:
    config = kubeconfig()
    assert diff_config(engine, {"kubeconfig": config}, {"kubeconfig": PRIVATE_CONFIG}) == ["kubeconfig"]
    token = config.replace("generate-token", "new-token")
    assert diff_config(engine, {"kubeconfig": config}, {"kubeconfig": token}) == []
    assert diff_config(engine, {"kubeconfig": config}, {"kubeconfig": UNKNOWN}) == ["kubeconfig"]
    fixed = {"kubeconfig": config, "clusterIdentifier": "c"}
    assert diff_config(engine, fixed, {**fixed, "kubeconfig": PRIVATE_CONFIG}) == []


def test_a_misspelt_setting_of_the_provider_is_named(engine: Engine) -> None:
    answer = engine.stub.CheckConfig(provider_pb2.CheckRequest(news=encode({"kubeconfg": "x"})))
    assert "Did you mean `kubeconfig`?" in answer.failures[0].reason


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "invalid YAML"),
        ("kind: Config", "no clusters"),
        (kubeconfig().replace("current-context: x", "current-context: y"), 'context "y" does not exist'),
    ],
)
def test_an_invalid_kubeconfig_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(KubeconfigError, match=says):
        read_kubeconfig(text)


def test_with_an_invalid_kubeconfig_the_cluster_is_unreachable(bed: Bed) -> None:
    with pytest.raises(RefusedError, match="failed to parse kubeconfig data"):
        engine_of(bed, "a: [").create(config_map(a="b"))


def test_private_and_public_addresses_are_distinguished() -> None:
    assert private(PRIVATE)
    assert not private("8.8.8.8")
    assert PUBLIC
