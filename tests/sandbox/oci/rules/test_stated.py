"""The SDK's own text about inputs: each sentence has a rule, or a reason why it has none."""

import importlib
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.bounds import bounded_tokens, bounds_of, sentences
from facts.provider_fields import Field, resource_fields
from sandbox.oci.errors import OciError
from sandbox.oci.rules import Call
from sandbox.oci.rules.bounds import within_stated_bounds
from tests.sandbox.oci.conftest import POOL
from tests.support.sdk_text import bounding_sentences

SNAPSHOTS = Path(__file__).parents[3] / "infra" / "snapshots"
VOLUME = "oci:Core/volume:Volume"
SECRET = "oci:Vault/secret:Secret"


def made_types() -> set[str]:
    """The OCI types of all stacks and examples, from the snapshots."""
    found: set[str] = set()
    for file in SNAPSHOTS.rglob("*.yaml"):
        found |= set(re.findall(r"\boci:[A-Z]\w+/\w+:[A-Z]\w+", file.read_text(encoding="utf-8")))
    return {token for token in found if resource_fields(token) is not None}


def service_of(token: str) -> str:
    """`Core` of `oci:Core/vcn:Vcn`."""
    return re.split("[:/]", token)[1]


MADE = made_types()


def test_the_sdks_text_is_read() -> None:
    read = {(sentence.token, sentence.path) for sentence in bounding_sentences(MADE)}
    assert ("oci:Core/vcn:Vcn", "cidrBlocks") in read
    assert len(read) > 150


@pytest.mark.parametrize("service", sorted({service_of(token) for token in MADE}))
def test_every_sentence_that_bounds_an_input_has_its_place_in_the_table(service: str) -> None:
    made = {token for token in MADE if service_of(token) == service}
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for sentence in bounding_sentences(made):
        said[sentence.token, sentence.path].add(sentence.digest)
    placed = {
        (token, path): set(entry["said"])
        for token, paths in sentences().items()
        for path, entry in paths.items()
    }
    missing = {key: digests - placed.get(key, set()) for key, digests in said.items()}
    assert {key: digests for key, digests in missing.items() if digests} == {}
    gone = {key for key, digests in placed.items() if key[0] in made and digests - said.get(key, set())}
    assert gone == set(), "the SDK no longer says this"


def test_every_rule_that_the_table_names_exists() -> None:
    for token, paths in sentences().items():
        for path, entry in paths.items():
            assert len({"rules", "left", "states"} & set(entry)) == 1, (token, path)
            for named in entry.get("rules", ()):
                module, function = named.rsplit(".", 1)
                found = getattr(importlib.import_module(f"sandbox.oci.{module}"), function)
                assert found.__doc__, named


def test_every_bounded_path_is_an_input_of_its_resource() -> None:
    for token in bounded_tokens():
        for path in bounds_of(token):
            fields: Any = resource_fields(token)
            inputs: list[bool] = []
            for name in path.split("."):
                field: Field = fields[name]
                inputs.append(field.input)
                fields = field.of
            assert all(inputs), (token, path)


def call(token: str, path: str, value: Any) -> None:
    """Run the rule of stated bounds on a value at a path."""
    inputs: Any = value
    for name in reversed(path.split(".")):
        inputs = {name: inputs}
    within_stated_bounds(Call(None, token, "create", "us-ashburn-1", inputs, None, "urn"))  # type: ignore[arg-type]


NUMBERS = [
    (token, path, bound)
    for token in sorted(bounded_tokens())
    for path, bound in bounds_of(token).items()
    if bound.least is not None or bound.most is not None
]


@given(value=st.integers(-10, 2_000_000), each=st.sampled_from(NUMBERS))
def test_a_number_is_accepted_only_within_its_bounds(value: int, each: tuple[str, str, Any]) -> None:
    token, path, bound = each
    right = (bound.least is None or value >= bound.least) and (bound.most is None or value <= bound.most)
    try:
        call(token, path, str(value))
        taken = True
    except OciError:
        taken = False
    assert taken == right


@pytest.mark.parametrize(
    ("token", "path", "wrong", "right"),
    [
        ("oci:Budget/rule:Rule", "threshold", "1.234", "1.23"),
        ("oci:Budget/rule:Rule", "threshold", "1234567890123", "123456789012"),
        (POOL, "nodeSourceDetails.bootVolumeSizeInGbs", "49", "50"),
        (VOLUME, "sizeInMbs", "51201", "51200"),
        ("oci:Dns/zone:Zone", "externalMasters.port", 54, 53),
        ("oci:FileStorage/mountTarget:MountTarget", "nsgIds", list("abcdef"), list("abcde")),
        ("oci:FileStorage/mountTarget:MountTarget", "hostnameLabel", "-files", "files"),
        ("oci:FileStorage/export:Export", "exportOptions.source", "10.0.0.0/16,10.1.0.0/16", "10.0.0.0/16"),
        ("oci:LoadBalancer/backend:Backend", "maxConnections", 255, 0),
        ("oci:LoadBalancer/ruleSet:RuleSet", "items.redirectUri.path", "x", "{path}x"),
        ("oci:Monitoring/alarm:Alarm", "overrides.pendingDuration", "PT2H", "PT1H"),
        (
            "oci:Monitoring/alarm:Alarm",
            "overrides",
            [{"ruleName": "a"}, {"ruleName": "a"}],
            [{"ruleName": "a"}],
        ),
        ("oci:Monitoring/alarm:Alarm", "resourceGroup", "1st", "first"),
        ("oci:Ons/subscription:Subscription", "endpoint", "h" * 513, "h" * 512),
        (SECRET, "rotationConfig.rotationInterval", "P361D", "P360D"),
        (SECRET, "secretName", "no spaces", "no-spaces"),
        (
            "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy",
            "rules.objectNameFilter.inclusionPatterns",
            ["*" * 1025],
            ["*"],
        ),
    ],
)
def test_a_value_outside_a_stated_bound_is_refused(token: str, path: str, wrong: Any, right: Any) -> None:
    call(token, path, right)
    with pytest.raises(OciError, match=r"400-InvalidParameter"):
        call(token, path, wrong)
