"""Whether a kubeconfig's `oci` calls log in as the OCI provider that fetched it."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, provider_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineServicer, add_EngineServicer_to_server

from facts.oci_cli import CLI_AUTH_OF, login_options
from sandbox.oci.cloud import Cloud
from sandbox.oci.engine_values import encode
from sandbox.oci.lookups import Login
from sandbox.oci.provider import OciProvider
from sandbox.oci.services.container_engine.logins import login_of, other_login, remember_login
from tests.sandbox.kubernetes.bed import CLUSTER_ID, Bed, config_map, kubeconfig

EXEC = {"command": "oci", "args": ["ce", "cluster", "generate-token", "--cluster-id", CLUSTER_ID]}


def said(cloud: Cloud, login: Login, *options: str, **variables: str) -> str:
    remember_login(cloud.store, CLUSTER_ID, login)
    listed = [{"name": name, "value": value} for name, value in variables.items()]
    call = {**EXEC, "args": [*EXEC["args"], *options], "env": listed}
    return other_login(cloud.store, CLUSTER_ID, login_of(call))


@pytest.mark.parametrize("auth", CLI_AUTH_OF)
def test_a_kubeconfig_with_the_providers_login_is_accepted(auth: str, cloud: Cloud):
    options = login_options(auth, "SSO")
    why = said(cloud, Login(auth, "SSO"), *options)
    assert bool(why) == (CLI_AUTH_OF[auth] is None), why
    if options:
        assert not said(cloud, Login(auth.lower(), "SSO"), *options), "OCI's provider ignores the case"


@pytest.mark.parametrize(
    ("login", "options", "missing"),
    [
        (Login("InstancePrincipal"), [], "--auth instance_principal"),
        (Login("ResourcePrincipal"), ["--auth=api_key"], "--auth resource_principal"),
        (Login("OKEWorkloadIdentity"), ["--auth", "instance_principal"], "--auth oke_workload_identity"),
        (Login("SecurityToken", "SSO"), [], "--auth security_token --profile SSO"),
        (Login("SecurityToken", "SSO"), ["--auth", "security_token"], "--profile SSO"),
        (Login("ApiKey", "TEAM"), ["--profile=OTHER"], "--profile TEAM"),
        (Login("ApiKey"), ["--auth", "security_token"], "--auth api_key"),
    ],
)
def test_a_kubeconfig_with_another_login_is_reported(
    login: Login, options: list[str], missing: str, cloud: Cloud
):
    assert f"Add `{missing}` to its arguments" in said(cloud, login, *options)


def test_the_variables_of_the_command_line_count_too(cloud: Cloud):
    token = Login("SecurityToken", "SSO")
    assert not said(cloud, token, OCI_CLI_AUTH="security_token", OCI_CLI_PROFILE="SSO")
    assert "--profile SSO" in said(cloud, token, OCI_CLI_AUTH="security_token", OCI_CLI_PROFILE="OTHER")
    overridden = said(cloud, token, "--auth", "api_key", OCI_CLI_AUTH="security_token", OCI_CLI_PROFILE="SSO")
    assert "--auth security_token" in overridden, "an option counts more than a variable"


def test_other_ways_to_get_a_token_are_not_judged(cloud: Cloud):
    remember_login(cloud.store, CLUSTER_ID, Login("InstancePrincipal"))
    assert not other_login(cloud.store, CLUSTER_ID, login_of({"command": "my-login"}))
    assert not other_login(cloud.store, CLUSTER_ID, login_of({}))
    assert not other_login(cloud.store, "ocid1.cluster.oc1.iad.another", login_of(EXEC))


@pytest.mark.parametrize("fixed", [False, True])
def test_the_provider_warns_once_of_a_login_that_differs(fixed: bool, bed: Bed, cloud: Cloud):
    heard: list[engine_pb2.LogRequest] = []

    class Log(EngineServicer):
        def Log(self, request, context):
            heard.append(request)
            return empty_pb2.Empty()

    server = grpc.server(ThreadPoolExecutor(2))
    add_EngineServicer_to_server(Log(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    fetch(cloud)
    document = yaml.safe_load(kubeconfig())
    if fixed:
        document["users"][0]["user"]["exec"]["args"] += ["--auth", "instance_principal"]
    engine = bed.connect()
    engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=f"127.0.0.1:{port}"))
    engine.configure(yaml.safe_dump(document))
    engine.create(config_map("one", a="b"), name="one")
    engine.create(config_map("two", a="b"), name="two")
    server.stop(None)
    warned = [each.message for each in heard if "logs in with" in each.message]
    assert len(warned) == (0 if fixed else 1)
    assert all("Add `--auth instance_principal`" in each for each in warned)


def fetch(cloud: Cloud) -> None:
    """Fetch the kubeconfig as a provider with instance principals does."""
    provider = OciProvider(cloud.store)
    settings = encode({"auth": "InstancePrincipal", "region": "us-ashburn-1"})
    provider.Configure(provider_pb2.ConfigureRequest(args=settings), None)
    asked = encode({"clusterId": CLUSTER_ID})
    token = "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig"
    provider.Invoke(provider_pb2.InvokeRequest(tok=token, args=asked), None)
