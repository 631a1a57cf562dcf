"""The generated files are current, and say what the settings accept."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from infra import schema
from infra.settings import SECTIONS
from infra.stackfile import PROJECT, ROOT, stack_names
from tests.infra.examples import Change, config

PROJECT_CONFIG: dict[str, Any] = yaml.safe_load(schema.PROJECT_FILE.read_text(encoding="utf-8"))["config"]


def refusals(sections: dict[str, Any]) -> list[str]:
    document = {"config": {f"{PROJECT}:{name}": content for name, content in sections.items()}}
    validator = jsonschema.Draft7Validator(json.loads(schema.stack_schema()))
    return [error.message for error in validator.iter_errors(document)]


def test_the_generated_files_are_current():
    assert schema.stale() == [], "run: playground schema"


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(json.loads(schema.stack_schema()))


@pytest.mark.parametrize("stack", stack_names())
def test_a_stack_file_names_its_schema_and_obeys_it(stack: str):
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=docs/schema/stack.schema.json"
    jsonschema.Draft7Validator(json.loads(schema.stack_schema())).validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    "change",
    [
        ("gpu.pools.0.node", 1),
        ("gpu.pools.0.nodes", "1"),
        ("netwrok", {}),
        ("cluster.endpoint.access", "privat"),
        ("serving.huggingFaceToken", "plain text"),
    ],
    ids=["unknown key", "wrong type", "unknown section", "no such choice", "plain secret"],
)
def test_an_editor_marks_what_the_settings_refuse(change: Change):
    assert refusals(config(change))


def test_an_editor_accepts_what_the_settings_accept():
    assert refusals(config()) == []
    assert refusals(config(("serving.huggingFaceToken", {"secure": "v1:abc"}))) == []
    webhook = {"protocol": "SLACK", "endpoint": {"secure": "v1:abc"}}
    assert refusals(config(("observability.topics.0.subscriptions", {"chat": webhook}))) == []


def test_every_section_has_a_type_and_a_description_for_pulumi():
    for name in SECTIONS:
        entry = PROJECT_CONFIG[name]
        assert entry["type"] == "object"
        assert entry["description"].endswith(".")
        assert entry["default"] == {}, (
            "without one the engine would stop before the program tells all problems"
        )


def test_keys_of_other_namespaces_carry_only_a_value():
    others = {key: entry for key, entry in PROJECT_CONFIG.items() if ":" in key}
    assert others
    assert all(set(entry) == {"value"} for entry in others.values()), "Pulumi refuses a type on them"


def test_generating_leaves_the_rest_of_the_project_file_alone():
    head = "name: genai-playground\nmain: infra\n"
    assert schema.project_file(head).startswith(head)
    assert schema.project_file(schema.project_file(head)) == schema.project_file(head)
