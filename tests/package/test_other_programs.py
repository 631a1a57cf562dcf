"""Programs of other projects use the components through SDKs of the engine's own code generator."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sandbox.engine.go import environment
from tests.package.conftest import Generate
from tests.package.test_tool import variables, write_project
from tests.package.wheels import ROOT
from tests.support.environments import install, own_environment

pytestmark = [pytest.mark.engine, pytest.mark.prove]

OCID = "ocid1.{}.oc1.iad.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
OWN = {
    "compartmentId": "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "clusterId": OCID.format("cluster"),
    "imageId": OCID.format("image"),
    "subnetId": OCID.format("subnet"),
    "podSubnetId": OCID.format("subnet"),
    "availabilityDomain": "Uocm:US-ASHBURN-AD-1",
}

PAGE = (ROOT / "docs" / "component-package.md").read_text()


def example(language: str) -> str:
    """The program in this language on the page."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


@pytest.fixture
def project(tmp_path: Path, generate: Generate) -> Path:
    """The page's Python program with the SDK, and with folders that have the names of this project's folders."""
    project = write_project(tmp_path / "project")
    shape = "from components.shape import NODES\nassert NODES == 2\n"
    (project / "__main__.py").write_text(shape + example("python"))
    config = {f"mine:{key}": value for key, value in OWN.items()}
    (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    own_environment(project / "venv")
    install(project / "venv", generate("python", tmp_path / "sdk"))
    return project


def type_check(project: Path) -> "subprocess.CompletedProcess[str]":
    python = project / "venv" / "bin" / "python"
    command = [sys.executable, "-m", "basedpyright", "--level", "error", "--pythonpath", str(python)]
    return subprocess.run([*command, "__main__.py"], cwd=project, capture_output=True, text=True, check=False)


def on_the_sandbox(tool: Path, project: Path, *words: str) -> str:
    done = subprocess.run(
        [str(tool / "sandbox"), *words, "--stack", "dev"],
        cwd=project, env=variables(project), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_python_program_type_checks_and_a_wrong_one_does_not(project: Path) -> None:
    right = type_check(project)
    assert right.returncode == 0, right.stdout
    program = (project / "__main__.py").read_text()
    for old, new, told in (("nodes=2", "nodes='two'", '"nodes"'), ("nodes=2,", "", '"nodes"')):
        (project / "__main__.py").write_text(program.replace(old, new))
        wrong = type_check(project)
        assert wrong.returncode == 1
        assert told in wrong.stdout


def test_a_python_program_is_deployed_despite_folders_of_the_same_names(tool: Path, project: Path) -> None:
    on_the_sandbox(tool, project, "up", "--yes", "--skip-preview")
    made = json.loads(
        subprocess.run(
            [str(tool / "sandbox"), "cloud", "list", "--json"],
            cwd=project, env=variables(project), capture_output=True, text=True, check=True,
        ).stdout
    )  # fmt: skip
    kinds = {entry["type"] for entry in made if not entry["assumed"]}
    assert kinds == {"oci:Core/computeCluster:ComputeCluster", "oci:ContainerEngine/nodePool:NodePool"}
    on_the_sandbox(tool, project, "up", "--yes", "--skip-preview", "--expect-no-changes")
    assert "urn:pulumi:dev::mine::genai:index:GpuPool::training" in on_the_sandbox(
        tool, project, "stack", "--show-urns"
    )
    on_the_sandbox(tool, project, "destroy", "--yes", "--skip-preview")


def test_a_refusal_of_a_component_reaches_the_program_without_a_traceback(tool: Path, project: Path) -> None:
    program = (project / "__main__.py").read_text()
    (project / "__main__.py").write_text(program.replace("nodes=2", "nodes=-1"))
    done = subprocess.run(
        [str(tool / "sandbox"), "up", "--yes", "--skip-preview", "--stack", "dev"],
        cwd=project, env=variables(project), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert "training.nodes: -1; must be" in told
    assert "Traceback" not in told


def test_a_typescript_program_compiles(tmp_path: Path, generate: Generate) -> None:
    generate("nodejs", tmp_path / "sdk")
    (tmp_path / "index.ts").write_text(example("typescript"))
    sdk = json.loads((tmp_path / "sdk" / "package.json").read_text())
    engine = (ROOT / "sandbox" / "engine" / "pin.py").read_text()
    (pinned,) = re.findall(r'^VERSION = "(.+)"', engine, re.MULTILINE)
    needs = sdk["dependencies"] | {"@pulumi/pulumi": pinned, sdk["name"]: "*"}
    (tmp_path / "package.json").write_text(json.dumps({"workspaces": ["sdk"], "dependencies": needs}))
    options = {
        "strict": True,
        "module": "nodenext",
        "target": "es2022",
        "types": ["node"],
        "skipLibCheck": True,
    }
    (tmp_path / "tsconfig.json").write_text(
        json.dumps({"compilerOptions": options | {"outDir": "bin"}, "files": ["index.ts"]})
    )
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel", "error"]
    subprocess.run(["npm", "install", *quiet], cwd=tmp_path, check=True)
    for folder in ("sdk", "."):
        compiled = subprocess.run(
            ["node_modules/.bin/tsc", "-p", folder], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert compiled.returncode == 0, compiled.stdout
    assert (tmp_path / "bin" / "index.js").is_file()


def test_a_go_program_compiles(tmp_path: Path, generate: Generate) -> None:
    generate("go", tmp_path / "sdk" / "go")
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "main.go").write_text(example("go"))
    (path,) = re.findall(r'"(\S+)/sdk/go/genai"', example("go"))
    # The engine's module list: Go adds what is missing, and most of it is compiled already.
    engine = ROOT / "sandbox" / "engine"
    (tmp_path / "go.mod").write_text(
        (engine / "go.mod").read_text().replace("module engine", f"module {path}")
    )
    shutil.copyfile(engine / "go.sum", tmp_path / "go.sum")
    for_go = environment()
    for_go["GOFLAGS"] = for_go["GOFLAGS"].replace("readonly", "mod")
    compiled = subprocess.run(
        ["go", "build", "-o", "bin", "./program"],
        cwd=tmp_path, env=for_go, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert compiled.returncode == 0, compiled.stderr
    assert (tmp_path / "bin").is_file()
