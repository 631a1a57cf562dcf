"""Cloud Guard, security zones, scans and notices: what each creates, and what it refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.governance.change_notices import ChangeNotices, ChangeNoticesArgs
from components.governance.cloud_guard import CloudGuard, CloudGuardArgs
from components.governance.security_zone import SecurityZone, SecurityZoneArgs
from components.governance.vulnerability_scanning import VulnerabilityScanning, VulnerabilityScanningArgs
from facts.cis_events import event_groups
from facts.problem import InvalidInput
from infra.offline.answers import CALLS
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

TENANCY, COMPARTMENT = "ocid1.tenancy.oc1..t", "ocid1.compartment.oc1..c"
CONFIGURATION = "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration"
TARGET = "oci:CloudGuard/target:Target"
ZONE_RECIPE = "oci:CloudGuard/securityRecipe:SecurityRecipe"
SCANS = "oci:VulnerabilityScanning/"


def guard(preview: bool = False, calls: Any = CALLS, **changes: Any) -> Recording:
    args = {
        "tenancy_id": TENANCY,
        "targets": {"tenancy": TENANCY},
        "reporting_region": "us-ashburn-1",
        **changes,
    }
    return run(
        lambda: CloudGuard("guard", CloudGuardArgs(**args), oci_options()) and None, preview, calls=calls
    )


def zone(preview: bool = False, calls: Any = CALLS, **changes: Any) -> Recording:
    args = {"tenancy_id": TENANCY, "compartment_id": COMPARTMENT, "zone_name": "prod", **changes}
    return run(
        lambda: SecurityZone("zone", SecurityZoneArgs(**args), oci_options()) and None, preview, calls=calls
    )


def scans(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": COMPARTMENT, "scan_name": "prod", **changes}
    return run(
        lambda: VulnerabilityScanning("scan", VulnerabilityScanningArgs(**args), oci_options()) and None,
        preview,
    )


def notices(preview: bool = False, **changes: Any) -> Recording:
    args = {"tenancy_id": TENANCY, "topic_id": "ocid1.onstopic.oc1.iad.t", "name_prefix": "prod-", **changes}
    return run(lambda: ChangeNotices("notice", ChangeNoticesArgs(**args), oci_options()) and None, preview)


def test_cloud_guard_is_enabled_and_watches_each_compartment_with_oracles_recipes():
    seen = guard(targets={"tenancy": TENANCY, "work": COMPARTMENT}, name_prefix="prod-", tags={"a": "b"})
    assert seen.one(CONFIGURATION).inputs == {
        "compartmentId": TENANCY,
        "reportingRegion": "us-ashburn-1",
        "status": "ENABLED",
    }
    inputs = seen.named("guard-work-target").inputs
    assert (inputs["targetResourceId"], inputs["targetResourceType"]) == (COMPARTMENT, "COMPARTMENT")
    assert [each["detectorRecipeId"].rsplit(".", 1)[1] for each in inputs["targetDetectorRecipes"]] == [
        "IAAS_ACTIVITY_DETECTOR",
        "IAAS_CONFIGURATION_DETECTOR",
        "IAAS_THREAT_DETECTOR",
    ]
    assert len(inputs["targetResponderRecipes"]) == 1
    assert (inputs["displayName"], inputs["freeformTags"]) == ("prod-work", {"a": "b"})
    assert set((seen.named("guard").outputs or {})["targetIds"]) == {"tenancy", "work"}


def test_an_enabled_cloud_guard_keeps_its_configuration():
    seen = guard(enabled_elsewhere=True, reporting_region=None)
    assert seen.of_type(CONFIGURATION) == []
    assert len(seen.of_type(TARGET)) == 1


def test_a_tenancy_without_oracles_recipes_is_refused():
    kind = "oci:CloudGuard/getDetectorRecipes:getDetectorRecipes"
    own = {
        "owner": "CUSTOMER",
        "detector": "IAAS_THREAT_DETECTOR",
        "id": "ocid1.cloudguarddetectorrecipe.oc1..own",
    }
    calls = {**CALLS, kind: lambda _: {"id": "none", "detectorRecipeCollections": [{"items": [own]}]}}
    with pytest.raises(
        Exception, match=r"recipes: \[\]; must contain Oracle's own for IAAS_ACTIVITY_DETECTOR"
    ):
        guard(calls=calls)


def test_a_zone_denies_what_the_benchmark_wants_by_default():
    seen = zone()
    ids = seen.one(ZONE_RECIPE).inputs["securityPolicies"]
    assert [each.rsplit(".", 1)[1] for each in ids] == [
        "public_buckets",
        "db_instance_public_access",
        "block_volume_without_vault_key",
        "boot_volume_without_vault_key",
        "buckets_without_vault_key",
        "file_system_without_vault_key",
    ]
    made = seen.one("oci:CloudGuard/securityZone:SecurityZone").inputs
    assert (made["compartmentId"], made["displayName"]) == (COMPARTMENT, "prod")
    assert made["securityZoneRecipeId"] == "ocid1.securityrecipe.oc1.iad.zone-recipe"


def test_a_tenancy_without_a_policy_is_refused():
    kind = "oci:CloudGuard/getSecurityPolicies:getSecurityPolicies"
    calls = {**CALLS, kind: lambda _: {"id": "none", "securityPolicyCollections": [{"items": []}]}}
    with pytest.raises(Exception, match=r"must contain public_buckets: the tenancy has no such policy"):
        zone(calls=calls, policies=["public_buckets"])


def test_instances_are_scanned_and_images_only_if_wanted():
    seen = scans(day="SUNDAY")
    recipe = seen.one(f"{SCANS}hostScanRecipe:HostScanRecipe").inputs
    assert recipe["schedule"] == {"type": "WEEKLY", "dayOfWeek": "SUNDAY"}
    assert recipe["agentSettings"]["agentConfiguration"]["vendor"] == "OCI"
    target = seen.one(f"{SCANS}hostScanTarget:HostScanTarget").inputs
    assert target["targetCompartmentId"] == COMPARTMENT
    assert seen.of_type(f"{SCANS}containerScanTarget:ContainerScanTarget") == []
    images = scans(repositories=["smg"], registry_compartment_id=TENANCY, images=9)
    assert images.one(f"{SCANS}hostScanRecipe:HostScanRecipe").inputs["schedule"] == {"type": "DAILY"}
    assert images.one(f"{SCANS}containerScanTarget:ContainerScanTarget").inputs["targetRegistry"] == {
        "compartmentId": TENANCY,
        "type": "OCIR",
        "repositories": ["smg"],
    }
    assert images.one(f"{SCANS}containerScanRecipe:ContainerScanRecipe").inputs["imageCount"] == 9


def test_each_kind_of_change_has_a_rule_in_the_root_compartment_that_tells_the_topic():
    seen = notices()
    rules = {each.name.removeprefix("notice-"): each.inputs for each in seen.of_type("oci:Events/rule:Rule")}
    assert sorted(rules) == sorted(event_groups())
    for kind, rule in rules.items():
        assert json.loads(rule["condition"])["eventType"] == list(event_groups()[kind].types)
        assert (rule["compartmentId"], rule["isEnabled"]) == (TENANCY, True)
        assert rule["actions"]["action"] == [
            {"actionType": "ONS", "isEnabled": True, "topicId": "ocid1.onstopic.oc1.iad.t"}
        ]
    assert "notice-sign-ins" not in {each.name for each in notices(without=["sign-ins"]).resources}


def test_the_groups_of_events_have_the_controls_of_the_benchmark():
    controls = [each.control for each in event_groups().values()]
    assert controls == [f"4.{n}" for n in (*range(3, 13), 15, 18)]
    assert sum(len(each.types) for each in event_groups().values()) == 60


@pytest.mark.parametrize("component", [guard, zone, scans, notices])
def test_a_first_preview_shows_every_resource(component: Callable[..., Recording]):
    seen = component(preview=True)
    assert len(seen.resources) > 2
    assert UNKNOWN in json.dumps([each.outputs for each in seen.resources], default=str)


@pytest.mark.parametrize(
    ("component", "changes", "message"),
    [
        (guard, {"targets": {}}, r"guard\.targets: \{\}; must name at least one"),
        (guard, {"targets": {"A b": TENANCY}}, r"guard\.targets: 'A b'; must be 1 to 63"),
        (
            guard,
            {"reporting_region": None},
            r"guard\.reportingRegion: missing; must be the name of an OCI region",
        ),
        (guard, {"reporting_region": "us-asburn-1"}, r"Did you mean `us-ashburn-1`"),
        (guard, {"enabled_elsewhere": True}, r"reportingRegion: 'us-ashburn-1'; must not be set with"),
        (zone, {"zone_name": ""}, r"zone\.zoneName: ''; must be 1 to 255"),
        (zone, {"policies": []}, r"zone\.policies: \[\]; must name at least one"),
        (zone, {"policies": ["public_bucket"]}, r"Did you mean `public_buckets`"),
        (zone, {"policies": ["public_buckets"] * 2}, r"zone\.policies\[1\].*must not be repeated"),
        (scans, {"day": "SUNDY"}, r"scan\.day: 'SUNDY'; must be a day of the week"),
        (scans, {"repositories": ["a", "a"]}, r"scan\.repositories\[1\]: 'a'; must not be repeated"),
        (scans, {"repositories": [" "]}, r"scan\.repositories\[0\]: ' '; must be the name"),
        (scans, {"repositories": [], "images": 0}, r"scan\.images: 0; must be 1 or more"),
        (scans, {"images": 3}, r"scan\.images: 3; must not be set without repositories"),
        (notices, {"without": ["signins"]}, r"Did you mean `sign-ins`"),
        (notices, {"without": ["users", "users"]}, r"notice\.without\[1\]: 'users'; must not be repeated"),
        (notices, {"without": list(event_groups())}, r"notice\.without.*must leave one kind"),
    ],
)
def test_nothing_is_created_for_an_invalid_value(
    component: Callable[..., Recording], changes: dict[str, Any], message: str
):
    with pytest.raises(InvalidInput, match=message):
        component(**changes)
