"""What the SDK's own text states of inputs: each sentence has a rule, or a reason why none holds it."""

import importlib
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.bounds import bounded_tokens, bounds_of, sentences
from facts.provider_fields import Field, resource_fields
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call
from sandbox.oci.rules.bounds import within_stated_bounds
from tests.sandbox.oci.conftest import COMPARTMENT, POOL, Service
from tests.support.sdk_text import bounding_sentences

SNAPSHOTS = Path(__file__).parents[3] / "infra" / "snapshots"
VCN = "oci:Core/vcn:Vcn"
VOLUME = "oci:Core/volume:Volume"
ADDRESS = "oci:Core/privateIp:PrivateIp"
SECRET = "oci:Vault/secret:Secret"
Refused = Callable[..., None]


def made_types() -> set[str]:
    """The OCI types that a stack or an example makes, as the snapshots list them."""
    found: set[str] = set()
    for file in SNAPSHOTS.rglob("*.yaml"):
        found |= set(re.findall(r"\boci:[A-Z]\w+/\w+:[A-Z]\w+", file.read_text(encoding="utf-8")))
    return {token for token in found if resource_fields(token) is not None}


def test_every_sentence_that_bounds_an_input_has_its_place_in_the_table() -> None:
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for sentence in bounding_sentences(made_types()):
        said[sentence.token, sentence.path].add(sentence.digest)
    assert len(said) > 100, "the SDK's text was not read"
    placed = {
        (token, path): set(entry["said"])
        for token, paths in sentences().items()
        for path, entry in paths.items()
    }
    missing = {key: digests - placed.get(key, set()) for key, digests in said.items()}
    assert {key: digests for key, digests in missing.items() if digests} == {}
    made = {token for token, _ in said}
    gone = {key for key, digests in placed.items() if key[0] in made and digests - said.get(key, set())}
    assert gone == set(), "the SDK no longer says this"


def test_every_rule_that_the_table_names_is_there() -> None:
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
    """The bounds' rule on a value at a path."""
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
def test_a_number_is_taken_within_its_bounds_alone(value: int, each: tuple[str, str, Any]) -> None:
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
def test_what_is_beyond_a_stated_bound_is_refused(token: str, path: str, wrong: Any, right: Any) -> None:
    call(token, path, right)
    with pytest.raises(OciError, match=r"400-InvalidParameter"):
        call(token, path, wrong)


@pytest.mark.parametrize(
    ("after", "right"),
    [
        (["10.0.0.0/16", "10.1.0.0/16"], True),
        (["10.1.0.0/16", "10.0.0.0/16"], False),
        (["10.2.0.0/16"], True),
        (["10.2.0.0/16", "10.3.0.0/16"], False),
    ],
)
def test_the_ranges_of_a_vcn_change_one_at_a_time(
    service: Service, refused: Refused, after: list[str], right: bool
) -> None:
    made = service.create(VCN, cidrBlocks=["10.0.0.0/16"])
    if right:
        service.update(made, cidrBlocks=after)
    else:
        refused(400, "InvalidParameter", "one CIDR at", service.update, made, cidrBlocks=after)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"ipAddress": "10.0.9.9"}, "not within the CIDR"),
        ({"ipAddress": "10.0.3.9"}, "already in use"),
        ({"hostnameLabel": "First"}, "already in use"),
    ],
)
def test_a_private_address_is_of_its_subnet_and_free(
    service: Service, subnet: Entry, refused: Refused, inputs: dict[str, Any], message: str
) -> None:
    service.create(ADDRESS, subnetId=subnet.id, ipAddress="10.0.3.9", hostnameLabel="first")
    refused(400, "InvalidParameter", message, service.create, ADDRESS, subnetId=subnet.id, **inputs)


def test_a_pool_without_a_place_is_refused(service: Service, cluster: Entry, refused: Refused) -> None:
    inputs = {"clusterId": cluster.id, "kubernetesVersion": "v1.36.1", "nodeShape": "BM.GPU.MI300X.8"}
    refused(400, "InvalidParameter", "Exactly one of", service.create, POOL, **inputs)


def secret(**inputs: Any) -> dict[str, Any]:
    content = {"contentType": "BASE64", "content": "c2VjcmV0"}
    return {"secretName": "own", "secretContent": content, "compartmentId": COMPARTMENT} | inputs


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (secret(rotationConfig={"isScheduledRotationEnabled": True}), "rotationInterval must be set"),
        (
            secret(
                secretRules=[{"timeOfAbsoluteExpiry": f"{datetime.now(UTC) + timedelta(days=400):%Y-%m-%d}"}]
            ),
            "from 1 to 365 days",
        ),
    ],
)
def test_a_secret_that_never_rotates_or_expires_too_late_is_refused(
    service: Service, refused: Refused, inputs: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, service.create, SECRET, **inputs)


def test_a_bucket_keeps_four_kilobytes_of_metadata(service: Service, refused: Refused) -> None:
    inputs = {"name": "own", "namespace": "ns", "metadata": {"note": "x" * 4096}}
    refused(
        400,
        "InvalidParameter",
        "exceed the limit",
        service.create,
        "oci:ObjectStorage/bucket:Bucket",
        **inputs,
    )


@pytest.mark.parametrize("ports", [{"min": 6443, "max": 443}, {"min": 1, "max": 65536}])
@pytest.mark.parametrize(
    "token", ["oci:Core/securityList:SecurityList", "oci:Core/captureFilter:CaptureFilter"]
)
def test_ports_out_of_order_are_refused(
    service: Service, vcn: Entry, refused: Refused, token: str, ports: dict[str, int]
) -> None:
    rule = {"protocol": "6", "source": "10.0.0.0/16", "tcpOptions": ports}
    if token.endswith("CaptureFilter"):
        inputs = {
            "filterType": "FLOWLOG",
            "flowLogCaptureFilterRules": [{"tcpOptions": {"destinationPortRange": ports}}],
        }
    else:
        inputs = {"vcnId": vcn.id, "ingressSecurityRules": [rule]}
    refused(400, "InvalidParameter", "min <= max", service.create, token, **inputs)
