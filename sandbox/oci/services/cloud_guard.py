"""Cloud Guard: its configuration, targets, security recipes and zones.

Sources: terraform-provider-oci 8.28, internal/service/cloud_guard (create and update of the configuration call
UpdateConfiguration, its delete calls nothing); Oracle's landing zone, terraform-oci-modules-security (one target of
type COMPARTMENT per compartment, recipes only after Cloud Guard is enabled); Oracle's pages "Enabling Cloud Guard" (the
reporting region is chosen then) and "Creating a Security Zone" (it replaces the compartment's target)."""

from collections.abc import Mapping
from typing import Any, Final

from facts.regions import REGIONS
from facts.security_zones import POLICIES
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.api.singletons import singleton
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError, conflict, invalid_parameter, not_found
from sandbox.oci.ids import derived_ocid
from sandbox.oci.lookups import Query, function
from sandbox.oci.model import Entry
from sandbox.oci.provided import provide
from sandbox.oci.resource_types import Resources, describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, one_of, texts
from sandbox.oci.rules.references import refers

CONFIGURATION: Final = "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration"
TARGET: Final = "oci:CloudGuard/target:Target"
SECURITY_RECIPE: Final = "oci:CloudGuard/securityRecipe:SecurityRecipe"
ZONE: Final = "oci:CloudGuard/securityZone:SecurityZone"
DETECTOR: Final = "oci:CloudGuard/detectorRecipe:DetectorRecipe"
RESPONDER: Final = "oci:CloudGuard/responderRecipe:ResponderRecipe"

DETECTORS: Final = {
    "IAAS_ACTIVITY_DETECTOR": "OCI Activity Detector Recipe (Oracle managed)",
    "IAAS_CONFIGURATION_DETECTOR": "OCI Configuration Detector Recipe (Oracle managed)",
    "IAAS_THREAT_DETECTOR": "OCI Threat Detector Recipe (Oracle managed)",
}


def _existing(resources: Resources, _: Mapping[str, Any]) -> Entry | None:
    """The tenancy's configuration, which a create changes as an update does."""
    return next(iter(resources.all(CONFIGURATION)), None)


def _stays(entry: Entry) -> Entry:
    return entry


def _replace_target(cloud: Cloud, zone: Entry) -> Entry:
    """The zone's own target replaces the compartment's."""
    for each in _targets(cloud, zone.compartment_id):
        cloud.remove(each.id)
    return zone


describe(CONFIGURATION, id="configuration", region="none", leaves=_stays, takes_over=_existing)
describe(TARGET, ocid="cloudguardtarget")
describe(SECURITY_RECIPE, ocid="securityzonessecurityrecipe")
describe(ZONE, ocid="securityzonessecurityzone", writes=_replace_target)
describe(DETECTOR, ocid="cloudguarddetectorrecipe")
describe(RESPONDER, ocid="cloudguardresponderrecipe")
refers(ZONE, securityZoneRecipeId=(SECURITY_RECIPE,))
keep_while_used(
    SECURITY_RECIPE, by=(ZONE,), refusal=lambda id_, zone: conflict(f"Recipe {id_} is used by {zone.id}")
)


def _targets(cloud: Cloud, compartment: str) -> list[Entry]:
    return [each for each in cloud.all(TARGET) if each.inputs.get("targetResourceId") == compartment]


def is_enabled(cloud: Cloud) -> bool:
    """Whether Cloud Guard is enabled in the tenancy."""
    return any(each.inputs.get("status") == "ENABLED" for each in cloud.all(CONFIGURATION))


def _not_enabled() -> OciError:
    """404: until it is enabled, Cloud Guard has nothing of the tenancy. The text is the sandbox's own."""
    return not_found("Cloud Guard is not enabled in the tenancy.")


@rule(CONFIGURATION, on="create update")
def configuration(call: Call) -> None:
    """400 for another compartment than the tenancy, an unknown status or region; 409 for another reporting region while
    Cloud Guard is enabled."""
    if not str(call.inputs.get("compartmentId")).startswith("ocid1.tenancy."):
        raise invalid_parameter("Cloud Guard can only be configured in the root compartment.")
    refusal = one_of("status", call.inputs.get("status"), ("ENABLED", "DISABLED"))
    if refusal:
        raise refusal
    region = str(call.inputs.get("reportingRegion"))
    if region not in REGIONS:
        raise invalid_parameter(f"reportingRegion {region} is not a region of the tenancy.")
    before = call.old or _existing(call.cloud, call.inputs)
    if before and before.inputs.get("status") == call.inputs.get("status") == "ENABLED":
        old = before.inputs.get("reportingRegion")
        if old != region:
            raise conflict(
                f"The reporting region {old} cannot be changed to {region} while Cloud Guard is enabled.",
                "IncorrectState",
            )


@rule(TARGET)
def target(call: Call) -> None:
    """404 unless Cloud Guard is enabled; 400 for an unknown type; 409 for a second target of a compartment, or one of a
    compartment with a security zone."""
    if not is_enabled(call.cloud):
        raise _not_enabled()
    refusal = one_of(
        "targetResourceType",
        call.inputs.get("targetResourceType"),
        ("COMPARTMENT", "ERPCLOUD", "HCMCLOUD", "SECURITY_ZONE"),
    )
    if refusal:
        raise refusal
    compartment = str(call.inputs.get("targetResourceId"))
    if _targets(call.cloud, compartment) or any(
        each.compartment_id == compartment for each in call.cloud.all(ZONE)
    ):
        raise conflict(f"Compartment {compartment} already has a target.")


@rule(TARGET, on="create update")
def recipes(call: Call) -> None:
    """404 for a recipe that does not exist, 400 for two recipes of one detector."""
    kinds: list[str] = []
    for kind, name, key in (
        (DETECTOR, "targetDetectorRecipes", "detectorRecipeId"),
        (RESPONDER, "targetResponderRecipes", "responderRecipeId"),
    ):
        for index, each in enumerate(blocks(call.inputs, name)):
            found = call.cloud.require(str(each.get(key)), kind, path=f"{name}[{index}].{key}")
            kinds.append(str(found.outputs.get("detector") or found.id))
    if len(set(kinds)) < len(kinds):
        raise invalid_parameter("A target has at most one recipe of each detector.")


@rule(SECURITY_RECIPE, on="create update")
def security_policies(call: Call) -> None:
    """404 unless Cloud Guard is enabled, and for an unknown policy; 400 without policies."""
    if not is_enabled(call.cloud):
        raise _not_enabled()
    wanted = texts(call.inputs, "securityPolicies")
    if not wanted:
        raise invalid_parameter("securityPolicies size must be at least 1.")
    for index, each in enumerate(wanted):
        if each not in policy_names(call.region):
            raise not_found(f"securityPolicies[{index}]: {each}")


@rule(ZONE)
def zone(call: Call) -> None:
    """404 unless Cloud Guard is enabled; 409 for a second zone of a compartment."""
    if not is_enabled(call.cloud):
        raise _not_enabled()
    compartment = call.inputs.get("compartmentId")
    if any(each.compartment_id == compartment for each in call.cloud.all(ZONE)):
        raise conflict(f"Compartment {compartment} already has a security zone.")


@function("oci:CloudGuard/getDetectorRecipes:getDetectorRecipes")
def detector_recipes(query: Query) -> dict[str, Any]:
    """Oracle's recipes. 404 until Cloud Guard is enabled."""
    return {"detectorRecipeCollections": [{"items": _oracles(query, DETECTOR, DETECTORS)}]}


@function("oci:CloudGuard/getResponderRecipes:getResponderRecipes")
def responder_recipes(query: Query) -> dict[str, Any]:
    """Oracle's recipe. 404 until Cloud Guard is enabled."""
    name = {"": "OCI Responder Recipe (Oracle managed)"}
    return {"responderRecipeCollections": [{"items": _oracles(query, RESPONDER, name)}]}


def _oracles(query: Query, kind: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    if not is_enabled(query.cloud):
        raise _not_enabled()
    found = []
    for detector, name in names.items():
        values = {"owner": "ORACLE", "detector": detector, "compartmentId": query.tenancy}
        values["id"] = provide(query.cloud, kind, query.region, name, values)
        found.append({"displayName": name, **values})
    return found


def policy_names(region: str) -> dict[str, str]:
    """The policies of security zones by OCID, in Oracle's words. Oracle provides them in each region."""
    names = [f"deny {name}" for name in POLICIES]
    return {derived_ocid("securityzonessecuritypolicy", region, "provided", name): name for name in names}


@function("oci:CloudGuard/getSecurityPolicies:getSecurityPolicies")
def policies(query: Query) -> dict[str, Any]:
    """The policies that this sandbox knows. OCI has more."""
    items = [
        {"id": id_, "friendlyName": name, "owner": "ORACLE"}
        for id_, name in policy_names(query.region).items()
    ]
    return {"securityPolicyCollections": [{"items": items}]}


@function("oci:CloudGuard/getCloudGuardConfiguration:getCloudGuardConfiguration")
def known_configuration(query: Query) -> dict[str, Any]:
    """The tenancy's configuration. DISABLED before the first one."""
    found = _existing(query.cloud, {})
    return {**found.outputs} if found else {"status": "DISABLED", "reportingRegion": ""}


_CLIENT: Final = "cloud_guard.CloudGuardClient"
singleton(CONFIGURATION, _CLIENT, "configuration", before={"status": "DISABLED", "reportingRegion": ""})
endpoint(TARGET, _CLIENT, "target")
endpoint(SECURITY_RECIPE, _CLIENT, "security_recipe")
endpoint(ZONE, _CLIENT, "security_zone")
