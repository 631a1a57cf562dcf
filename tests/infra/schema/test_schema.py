"""The generated files are current, and match what the settings accept."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml

from facts.pydantic_words import path_of
from infra import schema
from infra.project.stackfile import PROJECT, ROOT, stack_names
from infra.schema.choices import CHOICES
from infra.settings import SECTIONS, examine
from tests.infra.settings.examples import Change, config

PROJECT_CONFIG: dict[str, Any] = yaml.safe_load(schema.PROJECT_FILE.read_text(encoding="utf-8"))["config"]


@cache
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(schema.stack_schema()))


def refusals(sections: dict[str, Any]) -> list[str]:
    document = {"config": {f"{PROJECT}:{name}": content for name, content in sections.items()}}
    return [error.message for error in validator().iter_errors(document)]


def test_the_generated_files_are_current():
    assert schema.stale() == [], "run: playground schema"


def test_the_schema_is_a_valid_json_schema():
    jsonschema.Draft7Validator.check_schema(json.loads(schema.stack_schema()))


@pytest.mark.parametrize("stack", stack_names())
def test_a_stack_file_names_its_schema_and_obeys_it(stack: str):
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=docs/schema/stack.schema.json"
    validator().validate(yaml.safe_load(text))


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
    ("serving.models.0.kvCacheType", "fp9"),
    ("serving.teams", [{"name": "research", "gpus": 1, "podSecurity": "none"}]),
    ("serving.platform", {"metricsExporter": {"imageDigest": "latest"}}),
    ("network.subnets", {"gpu": "10.0.3.0"}),
    ("network.edge", {"firewall": {"allowedMethods": ["get"]}}),
    ("tenancy.deployer", {"cidr": "10.0.2.250"}),
    ("vault.rotationStart", "1 December"),
    ("gpu.pools.0.capacityReservationId", "ocid1.image.oc1.iad.aaaa"),
    ("database.oracle", {"dbName": "a", "maintenance": {"day": "SUNDAY", "start": "2:00", "end": "04:00"}}),
    ("observability.topics.0.subscriptions", {"team": {"protocol": "MAIL", "endpoint": "a@example.com"}}),
]


@pytest.mark.parametrize("change", WORDS, ids=[path for path, _ in WORDS])
def test_an_editor_marks_the_values_that_check_refuses(change: Change):
    assert refusals(config(change)), "the schema"
    assert examine(config(change), "test").problems, "the check"


NONSENSE = "nonsense+/"
CLOSED = re.compile(
    r"must be (one of|an IPv4 network|an OCID|the OCID of|sha256|a time of day|a day|a commit|a region)"
)
FILES = [
    *sorted((ROOT / "examples").glob("*.yaml")),
    *(ROOT / f"Pulumi.{stack}.yaml" for stack in stack_names()),
]


def nonsense(value: Any) -> Any:
    """The value with each text replaced, but not the keys and the names that others refer to."""
    if isinstance(value, dict):
        return {
            key: inner if key in ("name", "pool") else nonsense(inner)
            for key, inner in cast(dict[str, Any], value).items()
        }
    if isinstance(value, list):
        return [nonsense(each) for each in cast(list[Any], value)]
    return NONSENSE if isinstance(value, str) else value


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_an_editor_marks_each_text_that_has_a_closed_set_of_values(file: Path):
    content = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]
    sections = {key.removeprefix(f"{PROJECT}:"): nonsense(each) for key, each in content.items()}
    document = {"config": {f"{PROJECT}:{name}": each for name, each in sections.items()}}
    found = list(validator().iter_errors(document))
    for error in found:
        found += error.context or ()  # what is wrong inside a choice, such as a section that may be left out
    marked = {path_of("", list(error.absolute_path)[1:]).removeprefix(f".{PROJECT}:") for error in found}
    refused = {
        re.sub(r"\['([^']*)'\]", r".\1", problem.path)
        for problem in examine(sections, "test").problems
        if problem.value == NONSENSE and CLOSED.match(problem.allowed)
        # The schema does not name the options of vLLM.
        if ".engineOptions." not in problem.path
    }
    assert refused
    assert refused - marked == set(), "add their values to infra/schema/choices.py"


def test_every_choice_is_in_the_schema():
    text = schema.stack_schema()
    for place, words in CHOICES.items():
        for key, value in words.items():
            assert json.dumps({key: value}, indent=None)[1:-1] in json.dumps(json.loads(text)), place


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "examples").glob("*.yaml")))
def test_an_example_obeys_the_schema(name: str):
    content = yaml.safe_load((ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8"))
    validator().validate(content)


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
