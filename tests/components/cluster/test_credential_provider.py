"""Logins of nodes to OCI's registry: the boot script on a node, the kubelet's arguments, and wrong values."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.cluster.boot_script import BootSettings, render_script
from components.cluster.credential_provider import (
    CONFIG,
    FOLDER,
    PROGRAM,
    CredentialProviderArgs,
    provider_problems,
)
from facts.problem import InvalidInput
from tests.components.cluster.fake_node import FakeNode, fresh_node
from tests.components.cluster.test_system_pool import inputs as cpu_inputs
from tests.components.gpu.test_gpu_pool import POOL as GPU_POOL
from tests.components.gpu.test_gpu_pool import pool as gpu_pool

CONTENT = "a program\n"
RELEASE = (
    "https://github.com/oracle-devrel/oke-credential-provider-for-ocir/releases/download/v0.1.1/linux-amd64"
)
PROVIDER = CredentialProviderArgs(url=RELEASE, sha256=hashlib.sha256(CONTENT.encode()).hexdigest())
SETTINGS = BootSettings(kubernetes_version="v1.36.1", credential_provider=PROVIDER)
PLACE = f"{FOLDER}/{PROGRAM}"


@pytest.fixture
def node(tmp_path: Path) -> FakeNode:
    made = fresh_node(tmp_path)
    made.note("provider", CONTENT)
    return made


def test_a_node_has_the_program_and_its_configuration_before_it_joins(node: FakeNode) -> None:
    done = node.boot(SETTINGS)
    assert done.returncode == 0, done.stderr
    assert node.file(PLACE).read_text() == CONTENT
    assert node.file(PLACE).stat().st_mode & 0o111, "the kubelet runs it"
    config = yaml.safe_load(node.file(CONFIG).read_text())
    assert (config["apiVersion"], config["kind"]) == ("kubelet.config.k8s.io/v1", "CredentialProviderConfig")
    (provider,) = config["providers"]
    assert (provider["name"], provider["matchImages"]) == (PROGRAM, ["*.ocir.io"])
    assert all(type(each["value"]) is str for each in provider["env"]), "the kubelet refuses other types"
    calls = node.calls
    assert calls.index(node.called("curl --fail --silent --show-error --location")[0]) < calls.index(
        "oke bootstrap"
    )
    assert RELEASE in node.called("curl --fail --silent --show-error --location")[0]


def test_a_second_run_downloads_nothing(node: FakeNode) -> None:
    node.boot(SETTINGS)
    node.forget()
    assert node.boot(SETTINGS).returncode == 0
    assert not node.called("curl --fail --silent --show-error --location")


def test_another_file_is_removed_and_the_node_does_not_join_until_it_is_the_right_one(node: FakeNode) -> None:
    node.note("provider", "someone else's program\n")
    assert node.boot(SETTINGS).returncode == 1
    assert "the credential provider has another SHA-256" in node.console
    assert not node.joined
    assert not list(node.file(FOLDER).iterdir()), "nothing that the kubelet could run is left"
    assert len(node.called("curl --fail --silent --show-error --location")) == 1, (
        "a wrong file is not tried again"
    )
    node.note("provider", CONTENT)
    assert node.boot(SETTINGS).returncode == 0
    assert node.joined


def test_a_changed_program_on_the_node_is_downloaded_again(node: FakeNode) -> None:
    node.boot(SETTINGS)
    node.file(PLACE).write_text("changed\n")
    assert node.boot(SETTINGS).returncode == 0
    assert node.file(PLACE).read_text() == CONTENT


@pytest.mark.parametrize(("command", "status", "said"), [
    ("curl.linux-amd64", 22, "gave up after 20 attempts: fetch_provider"),
    ("curl.linux-amd64", 28, "gave up after 20 attempts: fetch_provider"),
])  # fmt: skip
def test_a_failed_download_keeps_the_node_out_and_can_be_repeated(
    node: FakeNode, command: str, status: int, said: str
) -> None:
    node.break_command(command, status)
    assert node.boot(SETTINGS).returncode == 1
    assert said in node.console
    assert not node.joined
    node.mend_command(command)
    assert node.boot(SETTINGS).returncode == 0


def test_the_kubelet_of_both_kinds_of_pools_gets_the_places() -> None:
    wanted = [f"--image-credential-provider-bin-dir={FOLDER}", f"--image-credential-provider-config={CONFIG}"]
    cpu = cpu_inputs(credential_provider=PROVIDER)["nodeMetadata"]["kubelet-extra-args"]
    gpu = gpu_pool(credential_provider=PROVIDER).one(GPU_POOL).inputs["nodeMetadata"]["kubelet-extra-args"]
    for words in (cpu, gpu):
        assert [each for each in words.split() if "credential" in each] == wanted


def test_without_it_the_script_is_the_same_as_before() -> None:
    assert "credential" not in render_script(BootSettings(kubernetes_version="v1.36.1"))


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"url": "http://example.com/v1/provider"}, "url", "must be an https address"),
    ({"url": "https://example.com/$(id)"}, "url", "must be an https address"),
    (
        {"url": RELEASE.replace("download/v0.1.1", "latest/download")},
        "url",
        "must not be the address of the latest",
    ),
    ({"sha256": "abc"}, "sha256", "must be 64 hexadecimal digits"),
    ({"sha256": "A" * 64}, "sha256", "must be 64 hexadecimal digits"),
    ({"sha256": '"; id; "REPLACE-ME'}, "sha256", "must be 64 hexadecimal digits"),
]


@pytest.mark.parametrize(("changes", "key", "message"), WRONG)
def test_it_refuses(changes: dict[str, Any], key: str, message: str) -> None:
    chosen = CredentialProviderArgs(**{"url": RELEASE, "sha256": "a" * 64, **changes})
    (problem,) = provider_problems(chosen, path="cluster.credentialProvider")
    assert problem.path == f"cluster.credentialProvider.{key}"
    assert message in str(problem)
    for make in (cpu_inputs, gpu_pool):
        with pytest.raises(InvalidInput, match=r"credentialProvider"):
            make(credential_provider=chosen)


def test_its_kubelet_arguments_cannot_be_given_twice() -> None:
    with pytest.raises(InvalidInput, match="Use credentialProvider"):
        gpu_pool(kubelet_arguments={"image-credential-provider-config": "/etc/mine.yaml"})
