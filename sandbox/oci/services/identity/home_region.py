"""Identity is written in the tenancy's home region and read in all of them.

Oracle's page "Managing Regions" names users, groups, policies, compartments, dynamic groups and federation; public
reports have the same refusal for tags and the authentication policy. Budgets, quotas and identity domains are in
neither, and a domain names a home region of its own, so they are taken in any region here.
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
"""What the identity service itself keeps; identity domains have endpoints of their own."""


@rule(*_WRITTEN_AT_HOME, on="create update delete")
def written_at_home(call: Call) -> None:
    """403 through another region. The first write decides which one is home, unless `cloud home` has said it."""
    home = call.cloud.home_region()
    if home is None:
        call.cloud.set_home_region(call.region)
        call.cloud.store.record("oci", "assume", "home region", region=call.region, urn=call.urn)
    elif home != call.region:
        raise go_home(REGIONS[home].key)
