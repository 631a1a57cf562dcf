"""SANDBOX_HOME: the folder of all the sandbox's files, separate from the user's login, ~/.pulumi and the git tree."""

import fcntl
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from facts.projects import find_project
from sandbox.store import NoPlaceError

HOME_VARIABLE = "SANDBOX_HOME"


@dataclass(frozen=True)
class Home:
    """The sandbox's folder and the files in it."""

    folder: Path
    project: Path

    @classmethod
    def of(cls, start: Path) -> "Home":
        """The home for the project around `start`: SANDBOX_HOME, else .sandbox beside its Pulumi.yaml."""
        project = find_project(start.resolve())
        chosen = os.environ.get(HOME_VARIABLE)
        return cls(Path(chosen).resolve() if chosen else project / ".sandbox", project)

    @property
    def cloud(self) -> Path:
        """The stand-ins' database."""
        return self.folder / "cloud.db"

    @property
    def state(self) -> Path:
        """The engine's state, a file backend."""
        return self.folder / "state"

    @property
    def plugins(self) -> Path:
        """The engine's own home, in place of ~/.pulumi."""
        return self.folder / "pulumi"

    @property
    def workspace(self) -> Path:
        """The project as the engine sees it, with the sandbox's own copies of the stack configs."""
        return self.folder / "project"

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase of the sandbox's secrets."""
        return self.folder / "passphrase"

    @property
    def run_record(self) -> Path:
        """Exists while a command that changes something runs, and after such a command was killed."""
        return self.folder / "run.json"

    @property
    def lock(self) -> Path:
        """The lock file of the running command."""
        return self.folder / "run.lock"

    def note_on(self, said: str) -> str:
        """What a message of the engine means here, if it names variables that the sandbox ignores; else empty."""
        if "incorrect passphrase" not in said:
            return ""
        return (
            f"the sandbox's passphrase is in {self.passphrase}, and its state was encrypted with another one: restore "
            "that file, or delete the cloud and the state with `sandbox cloud reset`"
        )

    def prepare(self) -> None:
        """Create missing folders and files. Safe to call at every start."""
        for folder in (self.folder, self.state, self.plugins, self.workspace):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise NoPlaceError(f"SANDBOX_HOME: {folder} cannot be created: {error.strerror}") from error
        if not self.passphrase.exists():
            self._write_passphrase()

    def _write_passphrase(self) -> None:
        """Write the passphrase, unless another command that starts at the same moment has written it."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            if not self.passphrase.exists():
                scratch = self.passphrase.with_suffix(".new")
                scratch.write_text(secrets.token_urlsafe(32))
                scratch.chmod(0o600)
                scratch.replace(self.passphrase)
        finally:
            os.close(folder)
