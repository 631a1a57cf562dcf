"""`up` of one stack onto a network, a cluster and a vault that exist already, compared with a fresh `up`."""

import tempfile
import time
from pathlib import Path

import yaml

from tests.bench.figure import Figure
from tests.support.existing_estate import beside, exports, make_estate, put_on
from tests.support.sandbox_project import PROJECT, SandboxProject

EXAMPLE = "existing-cluster"


def figures() -> list[Figure]:
    """The ratio of one run of each, with the numbers of their resources."""
    with tempfile.TemporaryDirectory() as folder:
        estate = make_estate(Path(folder) / "theirs")
        onto = beside(estate, Path(folder) / "onto", EXAMPLE)
        put_on(onto, exports(estate), roles=("private", "gpu", "pods"), cluster=True)
        fresh = SandboxProject.of_example(Path(folder) / "fresh", EXAMPLE)
        _create_everything(fresh)
        taken, whole = _up(onto), _up(fresh)
        counts = f"{len(onto.recorded())} resources against {len(fresh.recorded())}"
    compared = f"one run each: {taken:.1f} s against {whole:.1f} s, {counts}"
    return [Figure(f"up of {EXAMPLE} onto an existing estate against fresh", taken / whole, "x", compared)]


def _create_everything(project: SandboxProject) -> None:
    """Change the stack file so that the program creates what exists otherwise."""
    content = yaml.safe_load(project.config_file.read_text())
    for section in ("network", "cluster"):
        content["config"][f"{PROJECT}:{section}"].pop("existing")
    project.config_file.write_text(yaml.safe_dump(content))


def _up(project: SandboxProject) -> float:
    """Seconds of one `up`."""
    begun = time.perf_counter()
    project.up().check()
    return time.perf_counter() - begun
