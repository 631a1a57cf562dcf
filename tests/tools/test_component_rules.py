"""The check of the component rules finds files that break them."""

from pathlib import Path

import pytest

from tools import component_rules
from tools.component_rules import check_source

GOOD = '''
from dataclasses import dataclass
import pulumi
from pulumi_oci import core

@dataclass(frozen=True, kw_only=True)
class ThingArgs:
    compartment_id: pulumi.Input[str]
    """Where it is."""
    size: int | None = None
    """GB, default 1."""

class Thing(pulumi.ComponentResource):
    vcn_id: pulumi.Output[str]
    def __init__(self, name, args, opts=None):
        super().__init__("genai:index:Thing", name, {}, opts)
        vcn = core.Vcn(f"{name}-vcn", core.VcnArgs(compartment_id=args.compartment_id), opts=child(self))
        self.vcn_id = vcn.id
        self.register_outputs({"vcn_id": self.vcn_id})
'''


def test_a_component_that_follows_the_rules_passes() -> None:
    assert check_source(GOOD, ["Thing"]) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("import pulumi\n", "from __future__ import annotations\nimport pulumi\n", "analyzer cannot read"),
        (
            "from pulumi_oci import core",
            "from pulumi_oci.core import Vcn\nfrom pulumi_oci import core",
            "not Vcn",
        ),
        ("frozen=True, ", "", "must be @dataclass(frozen=True, kw_only=True)"),
        ('    """Where it is."""\n', "", "ThingArgs.compartment_id needs a docstring"),
        ("int | None = None", "int = 3", "a default other than None"),
        ('"genai:index:Thing"', 'f"genai:index:{x}"', 'literal "genai:index:Thing"'),
        (
            '        self.register_outputs({"vcn_id": self.vcn_id})\n',
            "",
            "must end with self.register_outputs",
        ),
        ("    vcn_id: pulumi.Output[str]\n", "", "declare its outputs"),
        ("        self.vcn_id = vcn.id\n", "", "declared but never assigned"),
        ('f"{name}-vcn"', '"vcn"', "must start with the component's name"),
        (
            "core.VcnArgs(compartment_id=args.compartment_id), opts",
            "compartment_id=args.compartment_id, opts",
            "write it as Vcn(name, core.VcnArgs(...)",
        ),
        (", opts=child(self)", "", "pass opts with the parent"),
        ("args, opts=None):", "args, opts=None, vcn: core.Vcn = None):", "quote the annotation core.Vcn"),
        (
            "    vcn_id: pulumi",
            "    async def made(self) -> core.Vcn: ...\n    vcn_id: pulumi",
            "quote the annotation core.Vcn",
        ),
    ],
)
def test_each_broken_rule_is_named(old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = [text for _, text in check_source(GOOD.replace(old, new), ["Thing"])]
    assert any(said in text for text in found), found


def test_a_file_that_is_too_long_is_named() -> None:
    assert "at most 300" in check_source("\n" * 301)[0][1]


@pytest.mark.parametrize("folder", ["tests", "genai_playground"])
def test_a_file_without_components_that_is_too_long_is_named_too(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "long.py").write_text("\n" * 301)
    monkeypatch.setattr(component_rules, "ROOT", tmp_path)
    assert component_rules.main() == 1
    assert f"{folder}/long.py:300: 301 lines; at most 300" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["def", "async def"])
def test_a_function_that_is_too_long_is_named_without_its_inner_functions(word: str) -> None:
    long = f"{word} long():\n" + "    pass\n" * 40
    around = f"{word} around():\n    {word} inner():\n" + "        pass\n" * 39 + "    return inner\n"
    assert check_source(long) == [(1, "long: 41 lines; at most 40: split it, one idea per function")]
    assert check_source(around) == []
