"""What Cloud Guard and its targets refuse, and what a deletion leaves."""

from typing import Any

import pytest

from sandbox.oci.services.cloud_guard import CONFIGURATION, SECURITY_RECIPE, TARGET, ZONE
from tests.sandbox.oci.conftest import COMPARTMENT, TENANCY, Refused
from tests.sandbox.oci.driver import Driver, Made

DETECTORS = "oci:CloudGuard/getDetectorRecipes:getDetectorRecipes"
RESPONDERS = "oci:CloudGuard/getResponderRecipes:getResponderRecipes"
POLICIES = "oci:CloudGuard/getSecurityPolicies:getSecurityPolicies"
KNOWN = "oci:CloudGuard/getCloudGuardConfiguration:getCloudGuardConfiguration"


def enable(driver: Driver, name: str = "guard", /, **inputs: Any) -> Made:
    given = {"compartmentId": TENANCY, "reportingRegion": "us-ashburn-1", "status": "ENABLED"}
    return driver.create(CONFIGURATION, name, **(given | inputs))


def detectors(driver: Driver) -> list[str]:
    found = driver.invoke(DETECTORS, compartmentId=TENANCY)["detectorRecipeCollections"][0]["items"]
    assert [each["detector"] for each in found] == [
        "IAAS_ACTIVITY_DETECTOR",
        "IAAS_CONFIGURATION_DETECTOR",
        "IAAS_THREAT_DETECTOR",
    ]
    return [each["id"] for each in found]


def target(driver: Driver, recipes: list[str], name: str = "target", /, **inputs: Any) -> Made:
    given = {
        "compartmentId": COMPARTMENT,
        "displayName": name,
        "targetResourceId": COMPARTMENT,
        "targetResourceType": "COMPARTMENT",
        "targetDetectorRecipes": [{"detectorRecipeId": each} for each in recipes],
    }
    return driver.create(TARGET, name, **(given | inputs))


def recipe(driver: Driver, *policies: str) -> Made:
    found = driver.invoke(POLICIES, compartmentId=TENANCY)["securityPolicyCollections"][0]["items"]
    ids = [each["id"] for each in found if each["friendlyName"] in policies]
    return driver.create(
        SECURITY_RECIPE, "recipe", compartmentId=COMPARTMENT, displayName="zone", securityPolicies=ids
    )


def zone(driver: Driver, made: Made, name: str = "zone") -> Made:
    return driver.create(
        ZONE, name, compartmentId=COMPARTMENT, displayName="zone", securityZoneRecipeId=made.id
    )


def test_a_target_with_oracles_recipes_is_accepted_once(driver: Driver, refused: Refused) -> None:
    enable(driver)
    recipes = detectors(driver)
    target(driver, recipes)
    refused(409, "Conflict", "already has a target", target, driver, recipes, "second")


@pytest.mark.parametrize("token", [DETECTORS, RESPONDERS])
def test_recipes_are_listed_only_when_it_is_enabled(driver: Driver, refused: Refused, token: str) -> None:
    refused(404, "NotAuthorizedOrNotFound", "not enabled", driver.invoke, token, compartmentId=TENANCY)
    enable(driver)
    assert driver.invoke(token, compartmentId=TENANCY)


def test_nothing_is_watched_before_it_is_enabled(driver: Driver, refused: Refused) -> None:
    refused(404, "NotAuthorizedOrNotFound", "not enabled", target, driver, [])
    enable(driver, status="DISABLED")
    refused(404, "NotAuthorizedOrNotFound", "not enabled", target, driver, [])
    refused(404, "NotAuthorizedOrNotFound", "not enabled", recipe, driver, "deny public_buckets")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"compartmentId": COMPARTMENT}, "root compartment"),
        ({"status": "ON"}, "status must be one of ENABLED, DISABLED"),
        ({"reportingRegion": "us-nowhere-1"}, "us-nowhere-1 is not a region"),
    ],
)
def test_a_wrong_configuration_is_refused(
    driver: Driver, refused: Refused, wrong: dict[str, Any], why: str
) -> None:
    refused(400, "InvalidParameter", why, lambda: enable(driver, **wrong))


def test_the_reporting_region_changes_only_while_it_is_disabled(driver: Driver, refused: Refused) -> None:
    made = enable(driver)
    given = {"compartmentId": TENANCY, "reportingRegion": "us-phoenix-1"}
    refused(
        409,
        "IncorrectState",
        "cannot be changed",
        lambda: driver.update(made, **given, status="ENABLED"),
    )
    driver.update(driver.update(made, **given, status="DISABLED"), **given, status="ENABLED")


def test_a_second_stack_does_not_move_the_reporting_region(driver: Driver, refused: Refused) -> None:
    enable(driver)
    refused(
        409, "IncorrectState", "cannot be changed", enable, driver, "other", reportingRegion="us-phoenix-1"
    )


def test_a_deletion_leaves_it_enabled(driver: Driver) -> None:
    assert driver.invoke(KNOWN, compartmentId=TENANCY)["status"] == "DISABLED"
    driver.delete(enable(driver))
    assert driver.invoke(KNOWN, compartmentId=TENANCY)["status"] == "ENABLED"
    assert len(detectors(driver)) == 3, "and its recipes are still there"


def test_two_recipes_of_one_detector_are_refused(driver: Driver, refused: Refused) -> None:
    enable(driver)
    first = detectors(driver)[0]
    refused(400, "InvalidParameter", "one recipe of each detector", target, driver, [first, first])
    wrong = first.replace("detectorrecipe", "responderrecipe")
    refused(404, "NotAuthorizedOrNotFound", "detectorRecipeId", target, driver, [wrong])


def test_a_zone_replaces_the_target_of_its_compartment(driver: Driver, refused: Refused) -> None:
    enable(driver)
    recipes = detectors(driver)
    made = target(driver, recipes)
    zone(driver, recipe(driver, "deny public_buckets"))
    assert driver.read(made) is None
    refused(409, "Conflict", "already has a target", target, driver, recipes, "again")


def test_a_compartment_has_one_zone_whose_recipe_stays(driver: Driver, refused: Refused) -> None:
    enable(driver)
    made = recipe(driver, "deny public_buckets")
    zone(driver, made)
    refused(409, "Conflict", "already has a security zone", zone, driver, made, "second")
    refused(409, "Conflict", "is used by", driver.delete, made)


def test_a_recipe_needs_policies_that_exist(driver: Driver, refused: Refused) -> None:
    enable(driver)
    refused(400, "InvalidParameter", "at least 1", recipe, driver, "deny everything")
