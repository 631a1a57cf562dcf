"""Every component can be used from other languages: Pulumi's component analyzer can read all of them."""

import ast
import inspect
import json
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer

from infra.package.classes import components
from infra.package.provider import package

Component = type[pulumi.ComponentResource]


COMPONENTS = sorted(components(), key=lambda component: component.__name__)


def args_of(component: Component) -> type:
    return inspect.get_annotations(component.__init__)["args"]


def named(component: Component) -> str:
    return component.__name__


def test_the_analyzer_accepts_all_components_as_one_package():
    result = Analyzer("genai").analyze(list(COMPONENTS))
    assert set(result["component_definitions"]) == {component.__name__ for component in COMPONENTS}


@cache
def schema() -> dict[str, Any]:
    """The schema of the package, which contains the texts of inherited fields too."""
    return json.loads(package().schema or "{}")


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_each_argument_and_output_is_described(component: Component):
    definition = schema()["resources"][f"genai:index:{component.__name__}"]
    properties = {**definition.get("inputProperties", {}), **definition["properties"]}
    assert not [name for name, each in properties.items() if not each.get("description")], (
        "a docstring under each field"
    )
    assert definition["description"], "the class says what it is"


def test_each_field_of_an_argument_is_described():
    described = [
        (f"{token}.{name}", each)
        for token, kind in schema()["types"].items()
        for name, each in kind["properties"].items()
    ]
    assert described
    assert not [name for name, each in described if not each.get("description")], (
        "a docstring under each field"
    )


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_arguments_are_a_frozen_keyword_only_dataclass_whose_defaults_are_none(component: Component):
    args = args_of(component)
    assert args.__name__ == f"{component.__name__}Args"
    assert is_dataclass(args)
    assert getattr(args, "__dataclass_params__").frozen  # noqa: B009  dataclasses gives no other way to ask
    for field in fields(args):
        assert field.kw_only, f"{field.name} may not be given by position"
        given = [
            value
            for value in (field.default, field.default_factory)
            if not repr(value).startswith("<dataclasses.")
        ]
        assert given in ([], [None]), (
            f"{field.name}: the analyzer makes a field with another default required"
        )


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_a_component_has_name_args_and_options(component: Component):
    parameters = list(inspect.signature(component.__init__).parameters)
    assert parameters == ["self", "name", "args", "opts"]


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_the_token_is_the_literal_of_the_class(component: Component):
    tree = ast.parse(Path(inspect.getfile(component)).read_text(encoding="utf-8"))
    literals = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert f"genai:index:{component.__name__}" in literals


@pytest.mark.parametrize("component", COMPONENTS, ids=named)
def test_outputs_are_annotated_as_outputs(component: Component):
    own = {
        name: kind for name, kind in inspect.get_annotations(component).items() if not name.startswith("_")
    }
    assert own, "a component without outputs can't be built upon"
    assert [name for name, kind in own.items() if "Output" not in str(kind)] == []
