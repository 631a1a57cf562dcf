"""The boot script as text: shell, cloud-config, size."""

import base64
import gzip
import hashlib
import random
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.boot_script import (
    OKE_METADATA_BYTES,
    SCRIPT_PATH,
    BootSettings,
    boot_metadata,
    boot_problems,
    encode_user_data,
    metadata_bytes,
    metadata_problems,
    render_script,
    render_user_data,
)
from components.cluster.credential_provider import CredentialProviderArgs
from tests.support.system_tools import tool
from tools.system_tools import BIN

ROOM = 32_000 - OKE_METADATA_BYTES


def settings(
    version: str = "v1.36.1",
    drives: int = 8,
    raid: int = 10,
    rdma: bool = True,
    url: str | None = None,
) -> BootSettings:
    return BootSettings(
        kubernetes_version=version,
        gpu=True,
        nvme_drives=drives,
        raid_level=raid,
        rdma=rdma,
        node_packages_url=url,
    )


PROVIDER = CredentialProviderArgs(
    url="https://example.com/releases/download/v0.1.1/provider", sha256="a" * 64
)
VARIANTS = {
    "default": settings(),
    "striped": settings(raid=0),
    "no drives": settings(drives=0),
    "no rdma": settings(rdma=False),
    "older Kubernetes": settings(version="v1.33.1"),
    "own logins": BootSettings(kubernetes_version="v1.36.1", credential_provider=PROVIDER),
    "self-managed": replace(settings(), self_managed=True),
    "self-managed with arguments": replace(settings(), self_managed=True, kubelet_arguments=True),
    "own repository": settings(url="https://packages.example.com/a?b=c&d=e"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_shellcheck_finds_nothing(variant: str, tmp_path: Path):
    script = tmp_path / "node-boot"
    script.write_text(render_script(VARIANTS[variant]))
    checked = subprocess.run(
        [str(BIN / "shellcheck"), "--shell=bash", "--severity=style", str(script)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("variant", ["default", "no drives", "own repository"])
def test_cloud_init_accepts_the_user_data(variant: str, tmp_path: Path):
    file = tmp_path / "user-data.yaml"
    file.write_text(render_user_data(VARIANTS[variant]))
    checked = subprocess.run(
        [tool("cloud-init"), "schema", "--config-file", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_script_arrives_whole_and_is_checked_before_it_runs(variant: str):
    config = yaml.safe_load(render_user_data(VARIANTS[variant]))
    (written,) = config["write_files"]
    assert written["content"] == render_script(VARIANTS[variant])
    assert (written["path"], written["permissions"]) == (SCRIPT_PATH, "0700")
    ((shell, flag, command),) = config["runcmd"]
    assert (shell, flag) == ("bash", "-c")
    checksum = hashlib.sha256(written["content"].encode()).hexdigest()
    check, _, run = command.partition(" && exec ")
    assert check == f"echo '{checksum}  {SCRIPT_PATH}' | sha256sum --check --strict"
    assert run == SCRIPT_PATH


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_part_of_the_template_syntax_is_left(variant: str):
    assert not re.search(r"\{\{|\{%|<#|#>", render_script(VARIANTS[variant]))


def test_only_packages_with_a_version_are_downloaded():
    script = render_script(settings())
    urls = set(re.findall(r"https?://[^\s\"'/]+", script))
    assert urls == {"http://169.254.169.254"}, "only the instance's own metadata"
    assert "wget" not in script
    assert "|| true" not in re.sub(r"\$\([^()]*\|\| true\)", "", script), "no failure may be swallowed"


def test_a_repository_address_cannot_break_out_of_the_script():
    script = render_script(settings(url="https://x.example/'; reboot; '"))
    assert "repository='https://x.example/'\"'\"'; reboot; '\"'\"''" in script


def test_the_stripe_width_depends_on_the_level():
    assert "stride=64,stripe-width=256" in render_script(settings(raid=10))
    assert "stride=64,stripe-width=512" in render_script(settings(raid=0))


def test_short_image_names_are_allowed_again_where_the_runtime_refuses_them():
    assert "short_name_mode" in render_script(settings(version="v1.34.2"))
    assert "short_name_mode" not in render_script(settings(version="v1.33.1"))


def test_a_pool_without_rdma_leaves_the_network_alone():
    assert "networkd" not in render_script(settings(rdma=False))


def test_a_shape_without_drives_mounts_nothing():
    assert "mdadm" not in render_script(settings(drives=0))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_metadata_leaves_room_for_what_oke_adds(variant: str):
    metadata = boot_metadata(VARIANTS[variant], {"kubelet-extra-args": "--cpu-manager-policy=static"})
    assert metadata_bytes(metadata) < ROOM
    assert not list(metadata_problems(metadata, path="gpu.metadata"))
    text = base64.b64decode(metadata["user_data"]).decode()
    assert text == render_user_data(VARIANTS[variant]), (
        "what fits stays plain: it is the same from any machine"
    )


def test_text_that_does_not_fit_uncompressed_is_compressed():
    text = "# " + "comment " * 5_000
    encoded = base64.b64decode(encode_user_data(text, ROOM))
    assert gzip.decompress(encoded).decode() == text
    assert encoded[4:8] == bytes(4), "no time of day: the same text gives the same metadata"


def test_text_that_does_not_fit_compressed_is_refused_with_both_sizes():
    noise = "".join(random.Random(1).choices("0123456789abcdef", k=60_000))
    (problem,) = metadata_problems({"user_data": encode_user_data(noise, ROOM)}, path="gpu.metadata")
    assert problem.path == "gpu.metadata"
    assert "20,000" in problem.allowed
    assert "32,000" in problem.fix


@given(st.text(), st.integers(min_value=0, max_value=200))
def test_any_text_can_be_decoded_again(text: str, room: int):
    raw = base64.b64decode(encode_user_data(text, room))
    plain = base64.b64encode(text.encode())
    assert (raw if len(plain) <= room else gzip.decompress(raw)).decode() == text


@pytest.mark.parametrize(
    ("raid", "drives", "url", "path"),
    [
        (5, 8, None, "gpu.nvmeRaid"),
        (10, 3, None, "gpu.nvmeRaid"),
        (10, 8, "http://packages.example.com", "gpu.nodePackagesUrl"),
        (10, 8, "https://packages.example.com/a b", "gpu.nodePackagesUrl"),
    ],
)
def test_settings_that_cannot_work_are_refused(raid: int, drives: int, url: str | None, path: str):
    (problem,) = boot_problems(raid, drives, url, path="gpu")
    assert problem.path == path


def test_settings_that_work_are_not_refused():
    assert not list(boot_problems(10, 8, None, path="gpu"))
    assert not list(boot_problems(0, 7, "https://packages.example.com/x", path="gpu"))
