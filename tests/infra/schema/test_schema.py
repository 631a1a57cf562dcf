"""The generated files are current, and match what the settings accept."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from infra import schema
from infra.project.stackfile import PROJECT, ROOT, stack_names
from infra.schema.choices import CHOICES
from infra.settings import SECTIONS, examine
from tests.infra.settings.examples import Change, config

PROJECT_CONFIG: dict[str, Any] = yaml.safe_load(schema.PROJECT_FILE.read_text(encoding="utf-8"))["config"]


def refusals(sections: dict[str, Any]) -> list[str]:
    document = {"config": {f"{PROJECT}:{name}": content for name, content in sections.items()}}
    validator = jsonschema.Draft7Validator(json.loads(schema.stack_schema()))
    return [error.message for error in validator.iter_errors(document)]


def test_the_generated_files_are_current():
    assert schema.stale() == [], "run: playground schema"


def test_the_schema_is_a_valid_json_schema():
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


WORDS: list[Change] = [
    ("tenancy.region", "us-ashbrun-1"),
    ("tenancy.secondRegion", "frankfurt"),
    ("tenancy.tenancyId", "ocid1.compartment.oc1..aaaaaaaaexample"),
    ("tenancy.auth", "apikey"),
    ("vault.protection", "hsm"),
    ("vault.secrets", {"db": {"form": "pasword"}}),
    ("network.cidr", "10.0.0.0/33"),
    ("network.bastionClientCidrs", ["203.0.113.0"]),
    ("network.dnsLabel", "1st"),
    ("network.flowLogs", {"kind": "SOME"}),
    ("cluster.kubernetesVersion", "1.36"),
    ("cluster.pools.0.shape", "VM.Standard.E5"),
    ("gpu.pools.0.shape", "BM.GPU.MI300X"),
    ("gpu.pools.0.placementConstraint", "TIER"),
    ("storage.buckets.0.versioning", "enabled"),
    ("storage.buckets.0.storageTier", "Cold"),
    ("storage.buckets.0.lifecycle", {"old": {"action": "REMOVE", "days": 30}}),
    ("database.cache", {"engine": "redis", "nodes": 1, "memoryGib": 2}),
    ("database.postgresql", {"dbVersion": "9"}),
    ("serving.models.0.model", "Qwen 3"),
    ("serving.models.0.revision", "main"),
    ("serving.models.0.toolParser", "hermess"),
    ("serving.imageDigest", "latest"),
    ("observability.topics.0.subscriptions", {"team": {"protocol": "MAIL", "endpoint": "a@example.com"}}),
]


@pytest.mark.parametrize("change", WORDS, ids=[path for path, _ in WORDS])
def test_an_editor_marks_the_values_that_check_refuses(change: Change):
    assert refusals(config(change)), "the schema"
    assert examine(config(change), "test").problems, "the check"


def test_every_choice_is_in_the_schema():
    text = schema.stack_schema()
    for place, words in CHOICES.items():
        for key, value in words.items():
            assert json.dumps({key: value}, indent=None)[1:-1] in json.dumps(json.loads(text)), place


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "examples").glob("*.yaml")))
def test_an_example_obeys_the_schema(name: str):
    content = yaml.safe_load((ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(json.loads(schema.stack_schema())).validate(content)


def test_the_schema_allows_a_model_of_the_users_own_catalogue():
    assert refusals(config(("serving.models.0.model", "our-own-model"))) == []


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
            "without it the engine would stop before the program reports all problems"
        )


def test_keys_of_other_namespaces_carry_only_a_value():
    others = {key: entry for key, entry in PROJECT_CONFIG.items() if ":" in key}
    assert others
    assert all(set(entry) == {"value"} for entry in others.values()), "Pulumi refuses a type on them"


def test_generating_leaves_the_rest_of_the_project_file_alone():
    head = "name: genai-playground\nmain: infra\n"
    assert schema.project_file(head).startswith(head)
    assert schema.project_file(schema.project_file(head)) == schema.project_file(head)
