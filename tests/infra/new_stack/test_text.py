"""Changes of a stack file's text keep everything else, and are proved by parsing."""

from ipaddress import IPv4Network

import pytest
import yaml

from facts.problem import InvalidInput
from infra.new_stack.names import Names
from infra.new_stack.ranges import Move, free_range, networks_in
from infra.new_stack.text import Addition, changed_text

MOVE = Move(IPv4Network("10.0.0.0/16"), IPv4Network("10.7.0.0/16"))


def changed(source: str, **options: object) -> str:
    def upper(_path: str, text: str) -> str:
        return text.replace("old", "new")

    return changed_text(source, "Pulumi.x.yaml", upper, lambda text: text.replace("old", "new"), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("config: {a: old}\n", "config: {a: new}\n"),
        ("config:\n  a: 'old'  # old\n", "config:\n  a: new  # new\n"),
        ('config:\n  a: "old \\u00e9"\n', 'config:\n  a: "new é"\n'),
        ("config:\n  a: [x, old, '#old']\n", 'config:\n  a: [x, new, "#new"]\n'),
        ("config:\n  a: |\n    old # kept\n  b: c\n", "config:\n  a: |\n    new # kept\n  b: c\n"),
        ("config:\n  old: c  # old#old\n", "config:\n  old: c  # new#new\n"),
        ("# old\nconfig:\n  a: 3\n# old", "# new\nconfig:\n  a: 3\n# new"),
        ("config:\n  a: old yes\n", 'config:\n  a: "new yes"\n'),
    ],
)
def test_values_and_comments_change_and_keys_do_not(before: str, after: str) -> None:
    assert changed(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("config:\n  network:\n    dnsLabel: x\n", "config:\n  network:\n    cidr: y\n    dnsLabel: x\n"),
        ("config:\n  network: {dnsLabel: x}\n", "config:\n  network: {cidr: y, dnsLabel: x}\n"),
        ("config:\n  network: {}\n", "config:\n  network: {cidr: y}\n"),
        (
            "config:\n  genai-playground:config:network: {}\n",
            "config:\n  genai-playground:config:network: {cidr: y}\n",
        ),
        (
            "config:\n  vault: {}\n  gpu: {}\n",
            "config:\n  vault: {}\n  genai-playground:network: {cidr: y}\n  gpu: {}\n",
        ),
    ],
)
def test_a_missing_key_is_added_to_its_section(before: str, after: str) -> None:
    assert changed(before, additions=[Addition("network", "cidr", "y")]) == after


def test_encryption_settings_stay_behind_unless_values_need_them() -> None:
    text = "secretsprovider: passphrase\nconfig:\n  a: b\nencryptionsalt: v1:x\n"
    assert changed(text) == "config:\n  a: b\n"
    assert changed(text, encrypted=True) == text


def test_a_change_that_an_alias_prevents_is_refused() -> None:
    with pytest.raises(InvalidInput, match="contains an anchor"):
        changed("config:\n  a: &x old\n  b: *x\n")


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("10.0.0.0/16", "10.7.0.0/16"),
        ("10.0.4.0/24", "10.7.4.0/24"),
        ("10.0.2.250", "10.7.2.250"),
        ("tcp://10.0.2.250:80 and 10.0.3.1", "tcp://10.7.2.250:80 and 10.7.3.1"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.1.0.0/24", "10.1.0.0/24"),
        ("1.10.0.2.2", "1.10.0.2.2"),
        ("10.0.300.1", "10.0.300.1"),
        ("v10.0.2.2", "v10.0.2.2"),
    ],
)
def test_only_addresses_inside_the_range_move(text: str, moved: str) -> None:
    assert MOVE.text(text) == moved


def test_the_used_networks_are_all_private_ones_also_of_carriers() -> None:
    sections = {
        "network": {"hub": {"cidrs": ["100.64.0.0/16", "8.8.8.0/24"]}},
        "cluster": {"servicesCidr": "10.96.0.0/16"},
    }
    assert [*networks_in(sections)] == [IPv4Network("100.64.0.0/16"), IPv4Network("10.96.0.0/16")]


def test_the_first_free_range_skips_used_ones_of_every_size() -> None:
    used = [IPv4Network(each) for each in ("10.0.0.0/16", "10.1.128.0/20", "10.2.0.0/15", "10.96.0.0/16")]
    assert free_range(IPv4Network("10.0.0.0/16"), used) == IPv4Network("10.4.0.0/16")
    assert free_range(IPv4Network("10.1.128.0/24"), used) == IPv4Network("10.1.0.0/24")
    assert free_range(IPv4Network("10.9.0.0/16"), used) == IPv4Network("10.9.0.0/16")


def test_a_range_goes_to_the_next_private_block_when_ten_is_full() -> None:
    assert free_range(IPv4Network("10.0.0.0/16"), [IPv4Network("10.0.0.0/8")]) == IPv4Network("172.16.0.0/16")


@pytest.mark.parametrize(
    ("path", "text", "renamed"),
    [
        ("storage.buckets[0].name", "prod-data", "qa-data"),
        ("storage.buckets[0].name", "production", "production"),
        ("serving.models[0].model", "prod", "prod"),
        ("observability.topics[0].subscriptions.a.endpoint", "a@prod.example.com", "a@prod.example.com"),
        ("gpu.pools[0].nodePackagesUrl", "https://prod.example.com/x", "https://prod.example.com/x"),
        ("network.edge.dns.hostnames[0]", "api.example.com", "api.qa.example.com"),
        ("network.edge.dns.hostnames[0]", "api.prod.example.com", "api.qa.example.com"),
        ("database.oracle.dbName", "genaiprod", "genaiqa"),
        ("database.oracle.dbName", "genai", "genaiqa"),
        ("database.oracle.dbName", "a" * 30, "a" * 26 + "qa"),
    ],
)
def test_names_of_the_environment_change(path: str, text: str, renamed: str) -> None:
    assert Names("prod", "qa", "example.com").value(path, text) == renamed


def test_the_result_is_the_same_content_as_yaml_reads_it() -> None:
    text = "config:\n  network: {a: [old, 1, true, null, 2.5]}\n"
    assert yaml.safe_load(changed(text)) == {"config": {"network": {"a": ["new", 1, True, None, 2.5]}}}


NESTED = """config:
  genai-playground:observability:
    logs:
      keepDays: 365
      audit: {keepYears: 7}  # of the tenancy
      connectors:
        mine: {to: there}
    dashboard: true
"""


def test_a_key_within_a_key_is_removed_with_its_line_and_an_empty_mapping_with_it() -> None:
    paths = ["observability.logs.audit", "observability.logs.connectors.mine"]
    found = changed_text(NESTED, "Pulumi.x.yaml", lambda _, text: text, str, removals=paths)
    assert found == (
        "config:\n  genai-playground:observability:\n    logs:\n      keepDays: 365\n    dashboard: true\n"
    )
