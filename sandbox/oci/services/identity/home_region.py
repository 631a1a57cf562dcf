"""Identity writes need the tenancy's home region. Reads work in all regions.

Oracle's page "Managing Regions" names users, groups, policies, compartments, dynamic groups and federation. Public
reports show the same refusal for tags and the authentication policy. No source names budgets, quotas and identity
domains, and a domain has its own home region. So they are accepted in any region here.
"""

from typing import Final

from facts.regions import REGIONS
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.wording import go_home

_WRITTEN_AT_HOME: Final = tuple(
    f"oci:Identity/{name[0].lower()}{name[1:]}:{name}"
    for name in (
        "ApiKey",
        "AuthToken",
        "AuthenticationPolicy",
        "Compartment",
        "CustomerSecretKey",
        "DynamicGroup",
        "Group",
        "IdentityProvider",
        "IdpGroupMapping",
        "NetworkSource",
        "Policy",
        "SmtpCredential",
        "Tag",
        "TagDefault",
        "TagNamespace",
        "UiPassword",
        "User",
        "UserCapabilitiesManagement",
        "UserGroupMembership",
    )
)
"""Types of the identity service. Identity domains have their own endpoints."""


@rule(*_WRITTEN_AT_HOME, on="create update delete")
def written_at_home(call: Call) -> None:
    """403 for a write in another region. The first write decides the home region, unless `cloud home` has set it."""
    home = call.cloud.home_region()
    if home is None:
        call.cloud.set_home_region(call.region)
        call.cloud.store.record("oci", "assume", "home region", region=call.region, urn=call.urn)
    elif home != call.region:
        raise go_home(REGIONS[home].key)
