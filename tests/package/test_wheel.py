"""The content of the wheel: one top-level name, the licence, one version, SDKs as version ranges."""

import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import PurePosixPath

import pytest
from packaging.requirements import Requirement

from facts.product import NAME, version
from infra.package.provider import package
from tests.package.wheels import ROOT, built_wheel

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
FOLDERS = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
REQUIREMENTS = {each.name: each for each in map(Requirement, PROJECT["dependencies"])}
LOCK = (ROOT / "requirements.lock").read_text()
LOCKED = dict(line.split(" ")[0].split("==") for line in LOCK.splitlines() if line[:1].isalnum())


@pytest.fixture(scope="module")
def wheel() -> zipfile.ZipFile:
    return zipfile.ZipFile(built_wheel())


def test_the_wheel_has_one_top_level_name(wheel: zipfile.ZipFile) -> None:
    tops = {PurePosixPath(name).parts[0] for name in wheel.namelist()}
    assert tops == {"genai_playground", f"genai_playground-{PROJECT['version']}.dist-info"}


def test_the_wheel_contains_the_files_of_the_program_and_no_others(wheel: zipfile.ZipFile) -> None:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *FOLDERS, "tests/baselines"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    kept = {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}
    held = {
        name.removeprefix("genai_playground/_program/")
        for name in wheel.namelist()
        if "dist-info" not in name
    }
    assert held == kept
    assert {"facts/data/regions.json", "sandbox/engine/go.sum", "genai_playground/py.typed"} <= held


def test_the_wheel_contains_and_names_the_licence(wheel: zipfile.ZipFile) -> None:
    about = f"genai_playground-{PROJECT['version']}.dist-info"
    told = message_from_string(wheel.read(f"{about}/METADATA").decode())
    assert told["License-Expression"] == "Apache-2.0"
    assert wheel.read(f"{about}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()


def test_every_command_shows_the_version_of_pyproject() -> None:
    assert version() == PROJECT["version"]
    assert package().version == version()
    for command in ("playground", "sandbox"):
        said = subprocess.run(
            [sys.executable, "-c", f"from genai_playground.commands import {command}; {command}()", "--version"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert version() in said.stdout.split()


def test_sdks_are_ranges_that_the_lock_pins() -> None:
    assert PROJECT["name"] == NAME
    for name, requirement in REQUIREMENTS.items():
        operators = {each.operator for each in requirement.specifier}
        assert "==" not in operators, f"{name}: another program in the environment may need another version"
        assert requirement.specifier.contains(LOCKED[name]), f"{name}: update the lock, as CONTRIBUTING says"
    for name in ("pulumi", "pulumi-oci", "pulumi-kubernetes"):
        operators = {each.operator for each in REQUIREMENTS[name].specifier}
        assert operators == {">=", "<"}, f"{name}: the next major version may break this code"


def test_the_lock_names_no_host() -> None:
    assert "://" not in LOCK + (ROOT / "bootstrap.lock").read_text()
