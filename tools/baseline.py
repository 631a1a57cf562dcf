"""`python -m tools.baseline LABEL`: save the current stacks, so that tests can upgrade them with later versions.

Each stack is deployed on its own sandbox. Its state, the sandbox's cloud and the passphrase of its generated secrets
are packed into tests/baselines/LABEL/STACK.tar.xz. The stack file is copied to the same folder.
"""

import argparse
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools.system_tools import BIN, ROOT

FOLDER = ROOT / "tests" / "baselines"
STACKS = ("staging", "prod")
STATE, CLOUD, PASSPHRASE = "state.json", "cloud.db", "passphrase"


def without_paths(export: dict[str, Any]) -> bytes:
    """The state, without the paths of the code that created it."""
    for resource in export["deployment"]["resources"]:
        resource.pop("sourcePosition", None)
        resource.pop("stackTrace", None)
    return json.dumps(export, separators=(",", ":")).encode()


def pack(content: Mapping[str, bytes], target: Path) -> None:
    """Write a baseline. The same content gives the same file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:xz", preset=9) as archive:
        for name, each in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(each)
            archive.addfile(entry, io.BytesIO(each))


def keep(label: str, stack: str) -> Path:
    """Deploy the stack on a new sandbox and pack the result."""
    target = FOLDER / label / f"{stack}.tar.xz"
    with TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        sandbox = [str(BIN / "sandbox")]
        environment = os.environ | {"SANDBOX_HOME": str(home)}
        ready = [*sandbox, "up", "--yes", "--skip-preview", "--stack", stack]
        subprocess.run(ready, cwd=ROOT, env=environment, check=True)
        export = [*sandbox, "stack", "export", "--stack", stack]
        done = subprocess.run(export, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
        state = without_paths(json.loads(done.stdout))
        with sqlite3.connect(home / CLOUD) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = {name: (home / name).read_bytes() for name in (CLOUD, PASSPHRASE)}
        pack({STATE: state, **kept}, target)
    shutil.copyfile(ROOT / f"Pulumi.{stack}.yaml", target.parent / f"{stack}.yaml")
    return target


def main() -> None:
    """Save every stack under the label."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("label", help="the release, e.g. 0.2.0")
    label = parser.parse_args().label
    for stack in STACKS:
        print(keep(label, stack).relative_to(ROOT))


if __name__ == "__main__":
    main()
