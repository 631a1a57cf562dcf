"""The commands installed from the wheel, and SDKs of the engine's own code generator."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.engine.find import obtain_engine
from sandbox.engine.go import build
from tests.package.wheels import ROOT, built_wheel
from tests.support.environments import install, own_environment

GENERATOR = Path(__file__).parent / "sdkgen" / "main.go"
Generate = Callable[[str, Path], Path]


@pytest.fixture(scope="session")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands, installed from the wheel in an environment without the checkout."""
    environment = tmp_path_factory.mktemp("tool") / "environment"
    own_environment(environment)
    install(environment, built_wheel())
    return environment / "bin"


@pytest.fixture(scope="session")
def schema(tool: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's schema. The engine gets it from the installed command."""
    folder = tmp_path_factory.mktemp("schema")
    command = [str(obtain_engine(print).path), "package", "get-schema", str(tool / "pulumi-resource-genai")]
    variables = os.environ | {"PULUMI_HOME": str(folder / "home"), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=True)
    (folder / "schema.json").write_text(done.stdout)
    return folder / "schema.json"


@pytest.fixture(scope="session")
def generate(schema: Path, tmp_path_factory: pytest.TempPathFactory) -> Generate:
    """A function that writes the SDK of a language into a folder and returns the folder."""
    program = tmp_path_factory.mktemp("sdkgen") / "sdkgen"
    # Built in the engine's module with the engine's options, so that Go reuses its compiled packages.
    build(ROOT / "sandbox" / "engine", str(GENERATOR), program, "-s -w", lambda _: None)

    def write(language: str, folder: Path) -> Path:
        subprocess.run([str(program), language, str(schema), str(folder)], check=True)
        return folder

    return write
