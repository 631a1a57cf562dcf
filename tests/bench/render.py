"""`playground render` of fifty models, compared with the minimum that it must do.

It is compared with writing the same objects as YAML, and with the same command for one model: the difference is the
cost of a model. A model is three resources and their component, each registered through Pulumi's SDK.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.project.stackfile import PROJECT, ROOT
from tests.bench.figure import Figure

FEW, MANY = 1, 50
RUNS = 3
GPUS_A_NODE = 8
BASE = ROOT / "examples" / "minimal.yaml"


def config(models: int) -> dict[str, Any]:
    """The smallest example with this number of models, one GPU each."""
    content: dict[str, Any] = yaml.safe_load(BASE.read_text(encoding="utf-8"))
    sections = content["config"]
    sections[f"{PROJECT}:gpu"]["pools"][0]["nodes"] = -(-models // GPUS_A_NODE)
    serving = sections[f"{PROJECT}:serving"]
    one: Mapping[str, Any] = {**serving["models"][0], "model": "qwen3-32b", "gpus": 1, "replicas": 1}
    serving["models"] = [{**one, "name": f"model-{index}"} for index in range(models)]
    return content


def seconds(models: int, folder: Path) -> tuple[float, int]:
    """Seconds of the fastest of RUNS runs, and the number of files written."""
    file = folder / f"Pulumi.{models}.yaml"
    file.write_text(yaml.safe_dump(config(models)), encoding="utf-8")
    output = folder / str(models)
    command = [str(Path(sys.executable).parent / "playground"), "render", "bench"]
    best = float("inf")
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(
            [*command, "--config-file", str(file), "--output", str(output)],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        best = min(best, time.perf_counter() - begun)
    return best, sum(1 for _ in output.rglob("*.yaml"))


def writing(output: Path) -> float:
    """Seconds of PyYAML's `safe_dump` for the objects in a folder."""
    bodies = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in output.rglob("*.yaml")]
    begun = time.perf_counter()
    for body in bodies:
        yaml.safe_dump(body)
    return time.perf_counter() - begun


def figures() -> list[Figure]:
    """The whole command, and the cost of one more model."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        few, _ = seconds(FEW, folder)
        many, files = seconds(MANY, folder)
        bare = writing(folder / str(MANY))
    each = (many - few) / (MANY - FEW) * 1000
    against = f"{few:.2f} s for {FEW}; yaml.safe_dump of the same {files} objects alone {bare:.2f} s"
    return [
        Figure(f"playground render of {MANY} models", many, "s", against),
        Figure("one more model in playground render", each, "ms", f"{FEW} to {MANY} models"),
    ]
