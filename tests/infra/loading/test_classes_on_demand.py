"""A module's classes are created when they are used. Other modules load as before."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from inspect import getmembers, isclass
from pathlib import Path
from types import ModuleType

import pulumi
import pytest

from infra.loading.classes_on_demand import ClassesOnDemand

IMPORTS = "import pulumi\nfrom typing import TypedDict\n"

ARGS = """
class RuleArgsDict(TypedDict):
    peer: pulumi.Input["PeerArgs"]

@pulumi.input_type
class RuleArgs:
    def __init__(self, *, peer: pulumi.Input["PeerArgs"]):
        pulumi.set(self, "peer", peer)

    @property
    @pulumi.getter
    def peer(self) -> pulumi.Input["PeerArgs"]: ...

@pulumi.input_type
class PeerArgs: ...
"""


def loaded(folder: Path, source: str) -> ModuleType:
    file = folder / "rules.py"
    file.write_text(IMPORTS + source, encoding="utf-8")
    spec = spec_from_loader("rules", ClassesOnDemand(SourceFileLoader("rules", str(file))))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def created(module: ModuleType) -> set[str]:
    return {name for name, value in vars(module).items() if isclass(value)}


def test_a_class_is_created_when_it_is_used(tmp_path: Path):
    module = loaded(tmp_path, ARGS)
    assert created(module) == set()
    assert module.RuleArgs(peer=1).peer == 1
    assert module.RuleArgs is module.RuleArgs
    assert created(module) == {"RuleArgs"}


def test_a_function_of_the_module_finds_its_classes(tmp_path: Path):
    module = loaded(tmp_path, ARGS + "def rule(): return RuleArgs(peer=PeerArgs())\n")
    assert isinstance(module.rule().peer, module.PeerArgs)


def test_an_annotation_creates_the_class_that_it_names(tmp_path: Path):
    module = loaded(tmp_path, ARGS)
    names = dict(vars(module))
    assert eval("PeerArgs", names) is module.PeerArgs  # noqa: S307 - how `typing` reads an annotation


def test_the_decorators_of_the_sdk_are_applied(tmp_path: Path):
    module = loaded(tmp_path, ARGS)
    with pytest.raises(AssertionError, match="more than once"):
        pulumi.input_type(module.RuleArgs)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("class Base(dict): ...\nclass Derived(Base): ...\n", "Derived"),
        ("class Vcn(pulumi.CustomResource):\n    class Nested: ...\n", "Vcn"),
        ("class Closed(TypedDict, total=False): ...\n", "Closed"),
        ("class KeyError: ...\n", "KeyError"),
        ("@pulumi.type_token('oci:Core/vcn:Vcn')\nclass Token: ...\n", "Token"),
    ],
    ids=["with a base", "a resource", "with an option", "named like a builtin", "with another decorator"],
)
def test_other_classes_are_created_at_once(tmp_path: Path, source: str, name: str):
    assert name in created(loaded(tmp_path, source))


def test_a_listing_of_the_module_contains_every_class(tmp_path: Path):
    members = dict(getmembers(loaded(tmp_path, ARGS), isclass))
    assert {"RuleArgsDict", "RuleArgs", "PeerArgs"} <= members.keys()


def test_an_unknown_name_and_an_error_of_the_module_are_raised_as_usual(tmp_path: Path):
    with pytest.raises(AttributeError, match="module 'rules' has no attribute 'RuelArgs'"):
        _ = loaded(tmp_path, ARGS).RuelArgs
    with pytest.raises(NameError, match="Missing"):
        loaded(tmp_path, ARGS + "Missing\n")
