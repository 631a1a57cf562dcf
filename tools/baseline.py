"""`python -m tools.baseline LABEL`: keep how the stacks stand now, as what later versions must be able to go up over.

Each stack is put up on a sandbox of its own; its state, the sandbox's cloud and the passphrase of its generated secrets
go into tests/baselines/LABEL/STACK.tar.xz, and its stack file beside them.
"""

import argparse
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "baselines"
STACKS = ("staging", "prod")
STATE, CLOUD, PASSPHRASE = "state.json", "cloud.db", "passphrase"


def bare(export: dict[str, Any]) -> bytes:
    """The state without where the code lay that made it."""
    for resource in export["deployment"]["resources"]:
        resource.pop("sourcePosition", None)
        resource.pop("stackTrace", None)
    return json.dumps(export, separators=(",", ":")).encode()


def pack(content: Mapping[str, bytes], target: Path) -> None:
    """Write a baseline; the same content gives the same file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:xz", preset=9) as archive:
        for name, each in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(each)
            archive.addfile(entry, io.BytesIO(each))


def unpack(baseline: Path) -> dict[str, bytes]:
    """State, cloud and passphrase of a baseline, by name."""
    found: dict[str, bytes] = {}
    with tarfile.open(baseline) as archive:
        for name in (STATE, CLOUD, PASSPHRASE):
            member = archive.extractfile(name)
            found[name] = member.read() if member else b""
    return found


def baselines() -> list[Path]:
    """Every baseline that is kept, oldest label first."""
    return sorted(FOLDER.glob("*/*.tar.xz"))


def keep(label: str, stack: str) -> Path:
    """Put the stack up on a fresh sandbox and pack how it stands."""
    target = FOLDER / label / f"{stack}.tar.xz"
    with TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        sandbox = [str(Path(sys.executable).parent / "sandbox")]
        environment = os.environ | {"SANDBOX_HOME": str(home)}
        ready = [*sandbox, "up", "--yes", "--skip-preview", "--stack", stack]
        subprocess.run(ready, cwd=ROOT, env=environment, check=True)
        export = [*sandbox, "stack", "export", "--stack", stack]
        done = subprocess.run(export, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
        state = bare(json.loads(done.stdout))
        with sqlite3.connect(home / CLOUD) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = {name: (home / name).read_bytes() for name in (CLOUD, PASSPHRASE)}
        pack({STATE: state, **kept}, target)
    shutil.copyfile(ROOT / f"Pulumi.{stack}.yaml", target.parent / f"{stack}.yaml")
    return target


def main() -> None:
    """Keep every stack under the label."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("label", help="the release, e.g. 0.2.0")
    label = parser.parse_args().label
    for stack in STACKS:
        print(keep(label, stack).relative_to(ROOT))


if __name__ == "__main__":
    main()
