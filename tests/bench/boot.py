"""The boot script of GPU nodes in both modes: its size, a second run, and the failure of each step.

It runs in a root made of files, with fake commands (`tests/components/cluster/fake_node.py`).
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from components.cluster.boot_script import BootSettings, boot_metadata, metadata_bytes
from facts.kubernetes import INSTANCE_METADATA_BYTES
from tests.bench.figure import Figure
from tests.components.cluster.boot_steps import BOTH, STEPS, equip
from tests.components.cluster.fake_node import FakeNode, fresh_node

FOLDERS = ("etc", "var", "mnt")
"""Folders of the node that the script writes."""


def figures() -> list[Figure]:
    """Bytes of the metadata, files that a second run changes, and failing steps that the console does not name."""
    return [each for mode, settings in BOTH.items() for each in _of(mode, settings)]


def _of(mode: str, settings: BootSettings) -> Iterator[Figure]:
    size = metadata_bytes({"user_data": boot_metadata(settings, {})["user_data"]})
    bound = float(INSTANCE_METADATA_BYTES)
    yield Figure(f"boot script, {mode}", size, "B", "all metadata of an instance", bound)
    changed = _changed_by_a_second_run(settings)
    yield Figure(f"a second run, {mode}", changed, "files", "changed or new", 0)
    steps = [step for step in STEPS if step[0] == mode]
    silent = sum(not _named(settings, *step[1:]) for step in steps)
    yield Figure(f"failing steps that are not named, {mode}", silent, "steps", f"of {len(steps)}", 0)


def _changed_by_a_second_run(settings: BootSettings) -> int:
    with tempfile.TemporaryDirectory() as folder:
        node = equip(fresh_node(Path(folder)))
        if node.boot(settings).returncode:
            raise RuntimeError(node.console)
        before = _files(node)
        node.boot(settings)
        after = _files(node)
        return len({*before.items()} ^ {*after.items()})


def _files(node: FakeNode) -> dict[str, bytes]:
    """The files of a node. A second run renews the permission of none, and its lock file stays empty."""
    found = (file for name in FOLDERS for file in node.file(name).rglob("*"))
    return {str(file): file.read_bytes() for file in found if file.is_file()}


def _named(settings: BootSettings, command: str, status: int, said: str) -> bool:
    """Whether a failing step ends the boot with a line on the console that says which, and the node stays out."""
    with tempfile.TemporaryDirectory() as folder:
        node = equip(fresh_node(Path(folder)))
        node.break_command(command, status)
        ended = node.boot(settings).returncode == 1
        last = node.console.strip().splitlines()[-1] if node.console.strip() else ""
        return ended and not node.joined and last.startswith("node-boot FAILED: ") and said in last
