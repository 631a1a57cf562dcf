"""The benchmark's controls: each claim about prod is what the checks find, and each check finds what breaks it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest

from facts.cis import STATUSES, controls
from facts.cis_events import event_groups
from report.cis import CHECKS, figure, verdicts
from report.resources import Resource, from_recording
from tests.infra.snapshots import run
from tools import cis_page


@cache
def prod() -> tuple[Resource, ...]:
    return tuple(from_recording(run("prod").resources))


def changed(token: str, inputs: Mapping[str, object]) -> list[Resource]:
    """Prod, with other inputs of every resource of a type."""
    return [
        replace(each, inputs={**each.inputs, **inputs}) if each.type == token else each for each in prod()
    ]


def added(token: str, inputs: Mapping[str, object]) -> list[Resource]:
    """Prod, with another resource."""
    new = Resource(urn=token, type=token, name="new", inputs=inputs, outputs={})
    return [*prod(), new]


def without(token: str) -> list[Resource]:
    """Prod without the resources of a type."""
    return [each for each in prod() if each.type != token]


def status(resources: list[Resource], control: str) -> str:
    return next(each.status for each in verdicts(resources) if each.control.number == control)


def test_every_control_has_a_known_status_and_says_what_is_done():
    every = controls()
    assert len(every) == 54
    assert {each.prod for each in every} <= set(STATUSES)
    assert all(each.does and each.wants and each.level in (1, 2) for each in every)
    assert set(CHECKS) == {each.number for each in every if each.prod != "account"}


@pytest.mark.parametrize("control", [each.number for each in controls()])
def test_a_claim_about_prod_is_what_its_resources_show(control: str):
    found = next(each for each in verdicts(prod()) if each.control.number == control)
    assert found.status == found.control.prod, found.findings


def test_each_exception_has_its_reason():
    for each in verdicts(prod()):
        if each.status == "exceptions":
            assert each.findings
            assert all(finding.reason for finding in each.findings), each.control.number


def test_the_figure_counts_what_is_met_of_what_applies():
    met, judged = figure(verdicts(prod()))
    claimed = [each.prod for each in controls() if each.prod not in ("account", "absent")]
    assert (met, judged) == (sum(each != "unmet" for each in claimed), len(claimed))
    assert met / judged > 0.85


def test_the_page_is_current():
    assert cis_page.PAGE.read_text(encoding="utf-8") == cis_page.page()


POLICY = "oci:Identity/policy:Policy"
RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
LIST = "oci:Core/defaultSecurityList:DefaultSecurityList"
POOL = "oci:ContainerEngine/nodePool:NodePool"
BUCKET = "oci:ObjectStorage/bucket:Bucket"
MANAGE_VOLUMES = "Allow group a to manage volume-family in compartment b"
OPEN = {"source": "0.0.0.0/0", "protocol": "6", "direction": "INGRESS"}


def ports(low: int, high: int) -> dict[str, object]:
    return {**OPEN, "tcpOptions": {"destinationPortRange": {"min": low, "max": high}}}


@pytest.mark.parametrize(
    ("control", "resources"),
    [
        (
            "1.1",
            lambda: added(POLICY, {"statements": ["Allow group a to manage all-resources in compartment b"]}),
        ),
        ("1.2", lambda: added(POLICY, {"statements": ["Allow group a to manage all-resources in tenancy"]})),
        ("1.3", lambda: added(POLICY, {"statements": ["Allow group a to manage users in tenancy"]})),
        ("1.14", lambda: without("oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup")),
        *(
            ("1.15", lambda text=text: added(POLICY, {"statements": [text]}))
            for text in (
                MANAGE_VOLUMES,
                f"{MANAGE_VOLUMES} where request.permission != 'VOLUME_DELETE'",
                f"{MANAGE_VOLUMES} where any {{request.permission != 'VOLUME_DELETE', "
                "request.permission != 'VOLUME_BACKUP_DELETE', request.permission != 'BOOT_VOLUME_BACKUP_DELETE'}",
            )
        ),
        (
            "2.1",
            lambda: changed(LIST, {"ingressSecurityRules": [{"source": "0.0.0.0/0", "protocol": "all"}]}),
        ),
        ("2.2", lambda: changed(LIST, {"ingressSecurityRules": [{"source": "::/0", "protocol": "6"}]})),
        ("2.3", lambda: added(RULE, ports(20, 30))),
        ("2.4", lambda: added(RULE, ports(3389, 3389))),
        ("2.5", lambda: changed(LIST, {"egressSecurityRules": [{"destination": "0.0.0.0/0"}]})),
        ("2.5", lambda: without(LIST)),
        ("2.8", lambda: added("oci:Database/autonomousDatabase:AutonomousDatabase", {})),
        ("3.1", lambda: changed(POOL, {"nodeMetadata": {}})),
        ("3.3", lambda: changed(POOL, {"nodeShape": "VM.Standard.E5.Flex", "nodeConfigDetails": {}})),
        ("4.1", lambda: without("oci:Identity/tagDefault:TagDefault")),
        (
            "4.1",
            lambda: changed(
                "oci:Identity/tagDefault:TagDefault", {"compartmentId": "ocid1.compartment.oc1..a"}
            ),
        ),
        ("4.1", lambda: changed("oci:Identity/tagDefault:TagDefault", {"value": "${oci.datetime}"})),
        ("4.2", lambda: without("oci:Ons/subscription:Subscription")),
        ("4.5", lambda: without("oci:Ons/subscription:Subscription")),
        ("4.7", lambda: changed("oci:Events/rule:Rule", {"isEnabled": False})),
        ("4.9", lambda: changed("oci:Events/rule:Rule", {"compartmentId": "ocid1.compartment.oc1..a"})),
        ("4.12", lambda: changed("oci:Events/rule:Rule", {"condition": json.dumps({"eventType": ["a"]})})),
        ("4.13", lambda: changed("oci:Logging/log:Log", {"isEnabled": False})),
        ("4.14", lambda: without("oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration")),
        (
            "4.16",
            lambda: changed("oci:Kms/key:Key", {"autoKeyRotationDetails": {"rotationIntervalInDays": 400}}),
        ),
        ("4.17", lambda: without("oci:Logging/log:Log")),
        ("5.1.1", lambda: changed(BUCKET, {"accessType": "ObjectRead"})),
        ("5.1.2", lambda: changed(BUCKET, {"kmsKeyId": None})),
        ("5.1.3", lambda: changed(BUCKET, {"versioning": "Disabled", "retentionRules": []})),
        ("5.2.1", lambda: added("oci:Core/volume:Volume", {})),
        ("5.2.2", lambda: changed(POOL, {"nodeConfigDetails": {}})),
        ("5.3.1", lambda: added("oci:FileStorage/fileSystem:FileSystem", {})),
        ("6.2", lambda: added("oci:Core/vcn:Vcn", {"compartmentId": "ocid1.tenancy.oc1..a"})),
    ],
)
def test_what_breaks_a_control_is_found(control: str, resources: Callable[[], list[Resource]]):
    assert status(resources(), control) == "unmet"


def test_a_rule_that_lacks_one_event_does_not_meet_its_control():
    rules = {f"4.{n}" for n in (*range(3, 13), 15, 18)}
    assert {each.control for each in event_groups().values()} == rules
    short = [
        replace(each, inputs={**each.inputs, "condition": json.dumps({"eventType": list(types[1:])})})
        if each.type == "oci:Events/rule:Rule"
        and (types := json.loads(str(each.inputs["condition"]))["eventType"])
        else each
        for each in prod()
    ]
    assert {each.control.number for each in verdicts(short) if each.status == "unmet"} >= rules
