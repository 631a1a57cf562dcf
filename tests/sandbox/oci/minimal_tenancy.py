"""The fewest valid inputs of what a stack that manages the tenancy creates."""

from collections.abc import Callable
from typing import Any

from tests.sandbox.oci.driver import COMPARTMENT, TENANCY, Driver

GUARD = "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration"
RECIPE = "oci:CloudGuard/securityRecipe:SecurityRecipe"
TOPIC = "ocid1.onstopic.oc1.iad.aaaaofanexistingaccount"
ENABLED = {"compartmentId": TENANCY, "reportingRegion": "us-ashburn-1", "status": "ENABLED"}

FIXED: dict[str, dict[str, Any]] = {
    GUARD: ENABLED,
    "oci:Budget/costAlertSubscription:CostAlertSubscription": {
        "compartmentId": TENANCY,
        "channels": '{"email": "finops@example.com"}',
    },
    "oci:Budget/costAnomalyMonitor:CostAnomalyMonitor": {
        "compartmentId": TENANCY,
        "targetResourceFilter": "{}",
    },
    "oci:Limits/quota:Quota": {
        "compartmentId": TENANCY,
        "statements": ["set compute-core quota gpu-mi300x-count to 8 in tenancy"],
    },
    "oci:MeteringComputation/schedule:Schedule": {
        "compartmentId": TENANCY,
        "savedReportId": "ocid1.usagereport.oc1..aaaaofanexistingaccount",
        "scheduleRecurrences": "DAILY",
        "timeScheduled": "2026-12-01T00:00:00Z",
    },
    "oci:Events/rule:Rule": {
        "condition": "{}",
        "actions": {"actions": [{"actionType": "ONS", "isEnabled": True, "topicId": TOPIC}]},
    },
    "oci:VulnerabilityScanning/hostScanRecipe:HostScanRecipe": {
        "agentSettings": {"scanLevel": "STANDARD"},
        "portSettings": {"scanLevel": "STANDARD"},
        "schedule": {"type": "DAILY"},
    },
    "oci:VulnerabilityScanning/containerScanRecipe:ContainerScanRecipe": {
        "scanSettings": {"scanLevel": "STANDARD"}
    },
    "oci:VulnerabilityScanning/containerScanTarget:ContainerScanTarget": {
        "targetRegistry": {"type": "OCIR", "compartmentId": COMPARTMENT}
    },
}


def _target(driver: Driver) -> dict[str, Any]:
    driver.create(GUARD, "parent", **ENABLED)
    return {"targetResourceType": "COMPARTMENT", "targetResourceId": COMPARTMENT}


def _recipe(driver: Driver) -> dict[str, Any]:
    driver.create(GUARD, "parent", **ENABLED)
    found = driver.invoke("oci:CloudGuard/getSecurityPolicies:getSecurityPolicies", compartmentId=TENANCY)
    return {"securityPolicies": [found["securityPolicyCollections"][0]["items"][0]["id"]]}


def _zone(driver: Driver) -> dict[str, Any]:
    place = {"compartmentId": COMPARTMENT, "displayName": "parent"}
    return {"securityZoneRecipeId": driver.create(RECIPE, "parent", **place, **_recipe(driver)).id}


BUILT: dict[str, Callable[[Driver], dict[str, Any]]] = {
    "oci:CloudGuard/target:Target": _target,
    RECIPE: _recipe,
    "oci:CloudGuard/securityZone:SecurityZone": _zone,
}
