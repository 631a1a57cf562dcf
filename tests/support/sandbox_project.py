"""A separate project on its own sandbox. The `sandbox` command runs the real engine."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.cloud_view import entry_summary
from sandbox.kubernetes.api.listing import object_entries
from sandbox.oci.cloud import Cloud
from sandbox.store import open_store
from tests.support.own_commands import run_own
from tools.system_tools import BIN, ROOT

PROJECT = "genai-playground"
CLOUD_GUARD = "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration"

ON_DEMAND = """
from infra.loading import sdk_on_demand

sdk_on_demand.install()
"""
"""The first lines of a small program, so that it loads only the resources that it uses. This saves a second a run."""


def project_text() -> str:
    """This repository's Pulumi.yaml with the full path of the environment that runs the tests."""
    return (ROOT / "Pulumi.yaml").read_text().replace("virtualenv: .venv", f"virtualenv: {sys.prefix}")


@dataclass(frozen=True)
class Ran:
    """Status and output of a command."""

    status: int
    output: str

    def check(self) -> "Ran":
        """Fail with the output if the command failed."""
        assert self.status == 0, self.output
        return self


@dataclass(frozen=True)
class SandboxProject:
    """A project folder with a program, and stack files that a test may change."""

    folder: Path
    stack: str = "staging"

    @property
    def home(self) -> Path:
        return self.folder / ".sandbox"

    @classmethod
    def of_this_repository(cls, folder: Path, stack: str = "staging") -> "SandboxProject":
        """This repository's program, with a copy of the stack file."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "infra").symlink_to(ROOT / "infra")
        (folder / "Pulumi.yaml").write_text(project_text())
        (folder / f"Pulumi.{stack}.yaml").write_text((ROOT / f"Pulumi.{stack}.yaml").read_text())
        return cls(folder, stack)

    @classmethod
    def of_example(cls, folder: Path, example: str) -> "SandboxProject":
        """This repository's program, with an example as the stack file. The stack has the example's name."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "infra").symlink_to(ROOT / "infra")
        (folder / "Pulumi.yaml").write_text(project_text())
        (folder / f"Pulumi.{example}.yaml").write_text((ROOT / "examples" / f"{example}.yaml").read_text())
        return cls(folder, example)

    @classmethod
    def with_program(
        cls, folder: Path, source: str, config: dict[str, Any] | None = None
    ) -> "SandboxProject":
        """A small program with this source, in the environment that runs the tests."""
        (folder / "program").mkdir(parents=True)
        (folder / "program" / "__main__.py").write_text(source)
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        project = {"name": PROJECT, "main": "program", "runtime": runtime}
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        (folder / "Pulumi.staging.yaml").write_text(yaml.safe_dump({"config": config or {}}))
        return cls(folder)

    def use_environment(self, virtualenv: str) -> None:
        """Run the program in another virtual environment."""
        file = self.folder / "Pulumi.yaml"
        content = yaml.safe_load(file.read_text())
        content["runtime"]["options"]["virtualenv"] = virtualenv
        file.write_text(yaml.safe_dump(content))

    def write_program(self, source: str) -> None:
        """Replace the small program."""
        (self.folder / "program" / "__main__.py").write_text(source)

    @property
    def config_file(self) -> Path:
        return self.folder / f"Pulumi.{self.stack}.yaml"

    def configure(self, section: str, **changes: Any) -> None:
        """Change keys of one section of the stack file."""
        content = yaml.safe_load(self.config_file.read_text())
        content["config"].setdefault(f"{PROJECT}:{section}", {}).update(changes)
        self.config_file.write_text(yaml.safe_dump(content))

    def environment(self, **extra: str) -> dict[str, str]:
        return os.environ | {"SANDBOX_HOME": str(self.home), "NO_COLOR": "1"} | extra

    def sandbox(self, *words: str, **extra: str) -> Ran:
        """Run `sandbox WORDS`."""
        done = run_own(("sandbox", *words), self.folder, self.environment(**extra))
        return Ran(done.returncode, done.stdout + done.stderr)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start `sandbox WORDS` in a process group of its own."""
        return subprocess.Popen(
            [str(BIN / "sandbox"), *words],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def up(self, *words: str, **extra: str) -> Ran:
        return self.sandbox("up", "--yes", "--skip-preview", "--stack", self.stack, *words, **extra)

    def refresh(self, *words: str) -> Ran:
        return self.sandbox("refresh", "--yes", "--skip-preview", "--stack", self.stack, *words)

    def preview(self, *words: str) -> Ran:
        return self.sandbox("preview", "--stack", self.stack, *words)

    def destroy(self, *words: str) -> Ran:
        return self.sandbox("destroy", "--yes", "--skip-preview", "--stack", self.stack, *words)

    def preview_steps(self) -> list[dict[str, Any]]:
        """The steps of a preview, without those that change nothing."""
        ran = self.preview("--json").check()
        document = json.loads(ran.output[ran.output.index("{") : ran.output.rindex("}") + 1])
        return [step for step in document["steps"] if step["op"] != "same"]

    def state(self) -> list[dict[str, Any]]:
        """The resources in the stack's state. It is read from the engine's file, because each command takes seconds."""
        file = self.home / "state" / ".pulumi" / "stacks" / PROJECT / f"{self.stack}.json"
        latest = json.loads(file.read_text())["checkpoint"]["latest"] if file.exists() else None
        return (latest or {}).get("resources") or []

    def exported(self) -> list[dict[str, Any]]:
        """The resources in the stack's export."""
        ran = self.sandbox("stack", "export", "--stack", self.stack).check()
        document = json.loads(ran.output[ran.output.index("{") :])
        return document["deployment"].get("resources") or []

    def cloud(self) -> list[dict[str, Any]]:
        """The stand-ins' resources, without those that they assume because the stack file names them."""
        return [entry for entry in self._listed(deleted=False) if not entry["assumed"]]

    def deleted(self) -> list[dict[str, Any]]:
        """The resources of the OCI stand-in that wait for their deletion."""
        return self._listed(deleted=True)

    def _listed(self, *, deleted: bool) -> list[dict[str, Any]]:
        """What `sandbox cloud list --json` prints, without the seconds that the command takes."""
        with open_store(self.home / "cloud.db") as store:
            entries = [*Cloud(store).entries(), *object_entries(store)]
            return [entry_summary(each) for each in entries if bool(each.deleted_at) == deleted]

    def owned(self) -> list[str]:
        """The sorted ids of all existing resources that the engine created in the stand-ins."""
        with open_store(self.home / "cloud.db") as store:
            return sorted(resource_id for _, resource_id in store.owned())

    def left(self) -> list[str]:
        """The sorted ids of what exists after `destroy`, without Cloud Guard: OCI's API cannot delete its
        configuration, so it stays enabled."""
        with open_store(self.home / "cloud.db") as store:
            return sorted(resource_id for urn, resource_id in store.owned() if CLOUD_GUARD not in urn)

    def recorded(self) -> list[str]:
        """The sorted ids of all resources in the stack's state that a provider created."""
        return sorted(
            resource["id"]
            for resource in self.state()
            if resource.get("id") and not resource["type"].startswith("pulumi:")
        )
