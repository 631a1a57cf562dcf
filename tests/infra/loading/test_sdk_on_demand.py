"""The SDKs' packages load only what is used, and behave as before."""

import json
import subprocess
import sys

import pytest

from infra.loading.sdk_on_demand import module_names
from tools.component_rules import ROOT

RECORD = """
import json, sys
from infra.loading import sdk_on_demand
if sys.argv[1:] == ["whole"]:
    sys.meta_path = [each for each in sys.meta_path if not isinstance(each, sdk_on_demand._Finder)]
elif sys.argv[1:] == ["classes"]:
    sdk_on_demand.install()
from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file
from tests.infra.snapshots import file_of
run = run_offline(read_stack_file("staging", file_of("staging")), "staging")
loaded = [name for name in sys.modules if name.startswith("pulumi_oci.core.")]
print(json.dumps([{each.urn: each.inputs for each in run.resources}, run.exports, loaded]))
"""

ON_DEMAND = """
import sys
from infra.loading import sdk_on_demand
sdk_on_demand.install()
from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file
from tests.infra.snapshots import file_of
run_offline(read_stack_file("prod", file_of("prod")), "prod")
loaders = {name: getattr(module, "__loader__", None) for name, module in sys.modules.items()}
modules = sorted(name for name in loaders if isinstance(loaders[name], sdk_on_demand.ClassesOnDemand))
"""
DESCRIPTIONS = """
import json
from importlib import import_module
from typing import get_type_hints
from zlib import crc32
import pulumi
inputs = {"Output": pulumi.Output, "T": None}
def description(each):
    parts = [each, *(getattr(part, "fget", part) for part in vars(each).values())]
    typed = [part for part in parts if getattr(part, "__annotations__", None)]
    names = vars(import_module(each.__module__))
    return repr([each.__mro__, [get_type_hints(part, names, inputs) for part in typed]])
described = {}
for name in modules:
    module = import_module(name)
    for each in [getattr(module, each) for each in dir(module)]:
        if isinstance(each, type) and each.__module__ == name:
            described[f"{name}.{each.__name__}"] = crc32(description(each).encode())
print(json.dumps([modules, described]))
"""


def in_a_fresh_python(source: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", source, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Vcn", "vcn"),
        ("VcnArgs", "vcn"),
        ("NetworkSecurityGroupSecurityRule", "network_security_group_security_rule"),
        ("get_images", "get_images"),
        ("get_images_output", "get_images"),
        ("ConfigMap", "ConfigMap"),
        ("ConfigMapInitArgs", "ConfigMap"),
        ("VolumeMountArgs", "_inputs"),
    ],
)
def test_a_name_is_looked_up_in_the_module_of_the_same_name(name: str, module: str):
    assert module in module_names(name)


@pytest.mark.prove
def test_a_program_registers_the_same_with_the_sdks_loaded_on_demand():
    *whole, all_loaded = json.loads(in_a_fresh_python(RECORD, "whole"))
    assert "pulumi_oci.core.cross_connect" in all_loaded
    for how in ("packages", "classes"):
        *found, loaded = json.loads(in_a_fresh_python(RECORD, how))
        assert found == whole
        assert "pulumi_oci.core.vcn" in loaded
        assert "pulumi_oci.core.cross_connect" not in loaded


@pytest.mark.prove
def test_the_classes_of_every_module_that_a_stack_uses_are_the_same():
    """Compares annotations, with the classes that they name, and base classes. Creates all classes both ways."""
    modules, on_demand = json.loads(in_a_fresh_python(ON_DEMAND + DESCRIPTIONS))
    _, whole = json.loads(in_a_fresh_python(f"modules = {modules!r}\n{DESCRIPTIONS}"))
    assert "pulumi_oci.core.outputs.VcnByoipv6cidrDetail" in whole
    assert on_demand == whole


@pytest.mark.parametrize(
    "use",
    [
        "assert budget.GetBudgetsResult and budget.AwaitableGetBudgetsResult",
        "assert budget.Rule and {'Budget', 'GetAlertRulesResult', 'outputs'} <= set(dir(budget))",
        "from pulumi_oci.budget import *\nassert Budget and GetAlertRulesResult",
        "assert not hasattr(budget, 'Bugdet') and budget.Budget",
        "import inspect\nassert inspect.isclass(budget.Rule) and budget.Rule is budget.rule.Rule",
    ],
    ids=["a name in no module like it", "dir", "star", "a misspelt name", "a class and its module"],
)
def test_the_whole_package_is_loaded_for_other_names(use: str):
    in_a_fresh_python(
        f"from infra.loading import sdk_on_demand\nsdk_on_demand.install()\nfrom pulumi_oci import budget\n{use}\n"
    )
