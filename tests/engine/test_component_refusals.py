"""If a component refuses its arguments, the engine's run ends with that error: it does not hang or show a traceback."""

from pathlib import Path

import pytest
import yaml

from tests.support.sandbox_project import ROOT, SandboxProject

pytestmark = pytest.mark.engine

REFUSING = f"""
import runpy
import pulumi
from facts.problem import Problem, refuse

register = pulumi.ComponentResource.__init__

def refusing(self, kind, *rest, **named):
    if kind == "genai:index:NAME":
        refuse([Problem("NAME", 110, "is refused by the test")])
    register(self, kind, *rest, **named)

pulumi.ComponentResource.__init__ = refusing
runpy.run_path("{ROOT / "infra"}", run_name="__main__")
"""


@pytest.mark.parametrize("name", ["SecurityGroups", "GpuPool"])
def test_a_refusal_in_a_component_ends_the_engines_run(name: str, tmp_path: Path) -> None:
    """Other components use outputs of the first; the second is late in the graph. Another test tries all."""
    config = yaml.safe_load((ROOT / "Pulumi.staging.yaml").read_text())["config"]
    project = SandboxProject.with_program(tmp_path / "project", REFUSING.replace("NAME", name), config)
    ran = project.preview()
    assert ran.status > 0, ran.output
    assert f"{name}: 110; is refused by the test" in ran.output
    assert "Traceback" not in ran.output
    assert "bug in the program" not in ran.output
