"""A mistake in a section hides no other problem, and no message contains Python terms."""

import re

import pytest

from facts.engine_yaml import parse_yaml
from facts.pydantic_words import first_sentence
from infra.settings import SECTIONS, examine
from infra.settings.sections import purpose
from tests.infra.settings.examples import DELETE, Change, config


def said(*changes: Change) -> str:
    return "\n".join(str(problem) for problem in examine(config(*changes), "test").problems)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("gpu.pools.0.rdma", "no"), "gpu.pools[0].rdma: 'no'; must be true or false. Write false"),
        (("gpu.pools.0.nodes", "0"), "gpu.pools[0].nodes: '0'; must be a whole number. Remove the quotes"),
        (("cluster.endpoint.access", "privte"), "Did you mean `private`?"),
        (("gpu.pools.0.imageId", 7), "gpu.pools[0].imageId: 7; must be text. Put it in quotes"),
        (("gpu.pools.0.taints", {}), "gpu.pools[0].taints: "),
        (("gpu.pools.0.none", 1), "gpu.pools[0].none: unknown; is not a known key"),
    ],
)
def test_a_rule_is_checked_beside_a_type_error(change: Change, words: str):
    found = said(change, ("gpu.pools.0.preemptible", True), ("network.cidr", "10.0.0.0/33"))
    assert words in found
    assert "gpu.pools[0].preemptible: true; must be false" in found
    assert "network.cidr: '10.0.0.0/33'" in found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("serving.models.0.name", "Q_1"), "serving.models[0].name: 'Q_1'; must be 2 to 40 of a-z"),
        (("serving.models.0.pool", DELETE), "serving.models[0].pool: missing; is required"),
        (("serving.models.0.pool", "other"), "serving.models[0].pool: 'other'; must be a GPU pool"),
        (("serving.models.0.model", "other"), "serving.models[0].model: 'other'; is not a model"),
        (("serving.models.0.model", ["a"]), "serving.models[0].model: ['a']; must be text"),
        (("serving.models.1", "text"), "serving.models[1]: 'text'; must be a mapping"),
        (("serving.models.1", {}), "serving.models[1].name: missing; is required"),
        (("gpu.pools.0.name", "MI 300"), "gpu.pools[0].name: 'MI 300'; must be 2 to 40 of a-z"),
        (("gpu.pools.0.nodes", DELETE), "gpu.pools[0].nodes: missing; is required"),
        (("gpu.pools.0.nodes", "many"), "gpu.pools[0].nodes: 'many'; must be a whole number"),
        (("gpu.pools.0.rdma", "maybe"), "gpu.pools[0].rdma: 'maybe'; must be true or false"),
        (
            ("gpu.pools.0.sizeOwner", "me"),
            "gpu.pools[0].sizeOwner: 'me'; must be one of fixed, external, autoscaler",
        ),
        (("serving.teams", [{"name": "a-team"}]), "serving.teams[0].gpus: missing; is required"),
    ],
)
def test_a_value_without_a_meaning_hides_no_other_problem(change: Change, words: str):
    found = said(
        change, ("serving.models.0.environment", {"VLLM_NONE": "1"}), ("gpu.pools.0.preemptible", True)
    )
    assert words in found
    assert "serving.models[0].environment.VLLM_NONE: '1'; vLLM" in found
    assert "gpu.pools[0].preemptible: true; must be false" in found


@pytest.mark.parametrize(
    "change",
    [
        ("gpu.pools.0.nodes", DELETE),
        ("gpu.pools.0.nodes", "many"),
        ("gpu.pools.0.sizeOwner", "me"),
        ("serving.models.0.gpus", "all"),
        ("tenancy.region", DELETE),
        ("tenancy.compartmentId", DELETE),
        ("storage.buckets.0.name", []),
        ("cluster.endpoint.access", "none"),
        ("observability.topics.0.name", "A topic"),
        ("identity.statements", {"a.b": 5}),
        ("storage.buckets.0.lifecycle", {"cool": {"action": "DELETE", "days": "0"}}),
        ("storage.buckets.0.name", "A bucket"),
    ],
)
def test_a_guess_causes_no_problem_of_its_own(change: Change):
    assert len(examine(config(change), "test").problems) == 1, said(change)


def test_there_are_no_settings_with_a_problem():
    assert examine(config(("gpu.pools.0.nodes", "1")), "test").settings is None


@pytest.mark.parametrize("content", [False, [], 0, "text"])
@pytest.mark.parametrize("section", ["storage", "governance", "network"])
def test_content_that_is_not_a_mapping_is_not_an_empty_section(section: str, content: object):
    assert re.search(rf"^{section}: .*; must be a mapping", said((section, content)), re.MULTILINE)


@pytest.mark.parametrize(
    "path", ["vault.kind", "tenancy.auth", "tenancy.deployer.access", "network.cidr", "gpu.pools.0.nodes"]
)
def test_an_empty_value_is_called_empty_and_gets_no_suggestion(path: str):
    problem = said((path, None))
    assert problem.startswith(path.replace(".0", "[0]"))
    assert ": empty; must be " in problem
    assert "None" not in problem
    assert "Did you mean" not in problem


@pytest.mark.parametrize("content", [None, ""])
def test_an_empty_value_is_not_an_empty_section_because_the_engine_refuses_it(content: object):
    assert "storage: empty; must be a mapping. Remove the key, or write {}" in said(("storage", content))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("network.flowLogs", None),
            "network.flowLogs: empty; must be a mapping. Remove the key, or write {}",
        ),
        (("serving.platform", {"keda": None}), "serving.platform.keda: empty; must be a mapping"),
        (("governance.budget", None), "governance.budget: empty; must be a mapping"),
        (("gpu.pools.0.imageImport", None), "gpu.pools[0].imageImport: empty; must be a mapping"),
        (
            ("database.postgresql", {"nodes": 1, "ocpus": 1, "memoryGib": 16, "backup": None}),
            "database.postgresql.backup: empty; must be a mapping",
        ),
        (
            ("serving.priorities", {"high": {"value": 1, "description": "x"}, "low": None}),
            "serving.priorities.low: empty; must be a mapping",
        ),
    ],
)
def test_a_key_without_a_value_is_refused_instead_of_ignored(change: Change, words: str):
    assert words in said(change)


def test_single_values_and_free_content_may_be_empty():
    values = {"grafana": {"adminUser": None}}
    assert said(("tenancy.homeRegion", None), ("serving.platform", {"prometheus": {"values": values}})) == ""


def test_no_message_contains_python_terms():
    found = said(
        ("storage.buckets", None),
        ("gpu.pools.0.nodes", None),
        ("gpu.pools.0.rdma", [None, True]),
        ("governance", None),
        ("observability.topics", {"a": None}),
    )
    assert not re.search(r"None|True|False|\(\)|object at|<class", found), found


def test_a_date_without_quotes_is_refused_in_the_engines_format():
    value = parse_yaml("2024-01-01", "file").value
    assert (
        "tenancy.tags.Since: '2024-01-01 00:00:00 +0000 UTC'; is a date that the engine has converted"
        in said(("tenancy.tags", {"Since": value}))
    )
    assert said(("tenancy.tags", {"Since": "2024-01-01"})) == ""


def test_a_date_without_quotes_is_one_problem_where_a_rule_wants_a_day():
    vault = {"kind": "private", "rotationDays": 90, "rotationStart": parse_yaml("2026-12-01", "file").value}
    assert said(("vault", vault)).count("vault.rotationStart") == 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A version, e.g. v1.36.1. More.", "A version, e.g. v1.36.1"),
        ("Names, i.e. words,\nof it. More", "Names, i.e. words, of it"),
        ("One without an end", "One without an end"),
    ],
)
def test_a_help_text_is_the_first_sentence(text: str, first: str):
    assert first_sentence(text) == first


def test_the_purpose_of_a_section_is_a_whole_sentence():
    for model in SECTIONS.values():
        assert not purpose(model).endswith(("e.g", "i.e"))
        assert len(purpose(model)) > 20
