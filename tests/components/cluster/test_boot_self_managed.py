"""Runs of the boot script on a node that joins its cluster by itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from components.cluster.boot_script import BootSettings
from tests.components.cluster.fake_node import FakeNode, fresh_node

SETTINGS = BootSettings(
    kubernetes_version="v1.36.1",
    gpu=True,
    nvme_drives=8,
    rdma=True,
    self_managed=True,
    kubelet_arguments=True,
)
JOIN = "oke bootstrap --apiserver-host 10.0.1.5 --ca Y2E="


@pytest.fixture
def node(tmp_path: Path) -> FakeNode:
    made = fresh_node(tmp_path)
    made.note("apiserver_host", "10.0.1.5")
    made.note("cluster_ca_cert", "Y2E=")
    made.note("kubelet-extra-args", "--v=2 --register-with-taints=a:NoSchedule")
    return made


def test_it_joins_last_with_the_address_and_the_ca_of_the_metadata(node: FakeNode):
    done = node.boot(SETTINGS)
    assert done.returncode == 0, done.stderr
    assert node.calls[-1] == f"{JOIN} --kubelet-extra-args --v=2 --register-with-taints=a:NoSchedule"
    assert node.joined


def test_without_kubelet_arguments_it_asks_for_none(node: FakeNode):
    assert node.boot(replace(SETTINGS, kubelet_arguments=False)).returncode == 0
    assert node.calls[-1] == JOIN
    assert not [call for call in node.calls if "kubelet-extra-args" in call]


def test_a_second_run_does_not_join_again(node: FakeNode):
    node.boot(SETTINGS)
    node.forget()
    assert node.boot(SETTINGS).returncode == 0
    assert not node.called("oke bootstrap")


@pytest.mark.parametrize("missing", ["apiserver_host", "cluster_ca_cert", "kubelet-extra-args"])
def test_it_stays_out_and_says_why_if_the_metadata_lacks_something(node: FakeNode, missing: str):
    (node.state / missing).unlink()
    assert node.boot(SETTINGS, attempts=2).returncode == 1
    assert not node.called("oke bootstrap")
    assert not node.joined
    assert "gave up after 2 attempts: oke_bootstrap" in node.console


def test_a_failed_join_is_tried_again(node: FakeNode):
    node.break_command("oke.bootstrap")
    assert node.boot(SETTINGS, attempts=3).returncode == 1
    assert len(node.called("oke bootstrap")) == 3
    node.mend_command("oke.bootstrap")
    assert node.boot(SETTINGS).returncode == 0
    assert node.joined


def test_oracle_linux_stays_out(tmp_path: Path):
    node = fresh_node(tmp_path, system="ol")
    assert node.boot(SETTINGS).returncode == 1
    assert "ol joins no cluster by itself here: use an image of Ubuntu" in node.console
