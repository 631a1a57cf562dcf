"""The checks of MI300X nodes, on folders that look like the kernel's /sys."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from facts.shapes import MI300X
from serving.platform import node_checks
from serving.platform.node_checks import CONDITIONS, FOLDER, MONITOR, SCRIPT, node_check_settings
from tools.system_tools import BIN

PROGRAM = Path(node_checks.__file__).parent / SCRIPT
GPUS, LINKS = MI300X.gpus, len(MI300X.rdma_nics)


class Node:
    """A healthy node, as files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for index in range(GPUS):
            gpu = self.gpu(index)
            for name, text in {
                "vendor": "0x1002", "class": "0x120000", "current_link_width": "16", "max_link_width": "16",
                "xgmi_error": "0", "ras/umc_err_count": "ue: 0\nce: 3",
            }.items():  # fmt: skip
                self.write(gpu / name, text)
        self.write(root / "bus/pci/devices/0000:00:01.0/vendor", "0x8086")
        for index in range(LINKS):
            self.write(self.port(index) / "state", "4: ACTIVE")
            self.write(self.port(index) / "phys_state", "5: LinkUp")

    def gpu(self, index: int) -> Path:
        return self.root / f"bus/pci/devices/0000:{index:02x}:00.0"

    def port(self, index: int) -> Path:
        return self.root / f"class/infiniband/mlx5_{index}/ports/1"

    def write(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")

    def check(self, name: str) -> tuple[int, str]:
        words = ["bash", str(PROGRAM), name, str(GPUS), str(LINKS)]
        environment = {**os.environ, "SYS": str(self.root)}
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert not done.stderr, done.stderr
        return done.returncode, done.stdout.strip()


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


@pytest.mark.parametrize("check", [check for check, _ in CONDITIONS.values()])
def test_a_healthy_node_and_a_node_without_gpus_are_fine(node: Node, check: str, tmp_path: Path) -> None:
    assert node.check(check) == (0, "fine")
    empty = tmp_path / "cpu"
    empty.mkdir()
    node.root = empty
    assert node.check(check) == (0, "not a GPU node")


FAULTS = [
    ("gpu-count", "bus/pci/devices/0000:03:00.0/vendor", "0x0000", (1, "7 of 8 GPUs")),
    ("gpu-ras", "bus/pci/devices/0000:02:00.0/ras/umc_err_count", "ue: 2\nce: 9",
     (1, "2 uncorrectable errors: 0000:02:00.0 umc_err_count")),
    ("gpu-pcie", "bus/pci/devices/0000:01:00.0/current_link_width", "8", (1, "0000:01:00.0 has 8 of 16 lanes")),
    ("gpu-xgmi", "bus/pci/devices/0000:05:00.0/xgmi_error", "1", (1, "0000:05:00.0 has XGMI error 1")),
    ("rdma-links", "class/infiniband/mlx5_4/ports/1/state", "1: DOWN", (1, "7 of 8 RDMA links are up")),
    ("rdma-links", "class/infiniband/mlx5_4/ports/1/phys_state", "3: Disabled", (1, "7 of 8 RDMA links are up")),
]  # fmt: skip


@pytest.mark.parametrize(("check", "file", "text", "answer"), FAULTS)
def test_a_fault_is_a_problem_of_its_own_condition_only(
    node: Node, check: str, file: str, text: str, answer: tuple[int, str]
) -> None:
    node.write(node.root / file, text)
    assert node.check(check) == answer
    others = [each for each, _ in CONDITIONS.values() if each != check]
    assert {node.check(each)[0] for each in others} == {0}


@pytest.mark.parametrize(
    ("check", "missing"),
    [("gpu-ras", "ras/umc_err_count"), ("gpu-pcie", "max_link_width"), ("gpu-xgmi", "xgmi_error")],
)
def test_what_the_kernel_does_not_show_is_unknown(node: Node, check: str, missing: str) -> None:
    for index in range(GPUS):
        (node.gpu(index) / missing).unlink()
    assert node.check(check)[0] == 2


def test_a_node_that_lost_every_gpu_is_no_cpu_node(node: Node) -> None:
    for index in range(GPUS):
        node.write(node.gpu(index) / "vendor", "0x0000")
    assert node.check("gpu-count") == (1, "0 of 8 GPUs")


def test_the_monitor_names_each_condition_once_with_the_script_that_the_chart_mounts() -> None:
    settings = cast("dict[str, Any]", node_check_settings(MI300X))
    monitor = json.loads(settings["custom_monitor_definitions"][MONITOR])
    assert settings["custom_plugin_monitors"] == [f"{FOLDER}/{MONITOR}"]
    assert settings["custom_monitor_definitions"][SCRIPT] == PROGRAM.read_text()
    assert [each["type"] for each in monitor["conditions"]] == [*CONDITIONS]
    for rule in monitor["rules"]:
        assert (rule["type"], rule["path"], rule["args"][0]) == (
            "permanent",
            "/bin/bash",
            f"{FOLDER}/{SCRIPT}",
        )
        assert rule["args"][2:] == ["8", "8"]
    assert {rule["condition"] for rule in monitor["rules"]} == {*CONDITIONS}


def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(
        [str(BIN / "shellcheck"), "--severity=style", str(PROGRAM)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
