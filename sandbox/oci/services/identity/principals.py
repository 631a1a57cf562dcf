"""Identity: users, groups and dynamic groups."""

import re
from typing import Any, Final

from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.references import refers
from sandbox.oci.services.identity.names import same_name

GROUP: Final = "oci:Identity/group:Group"
DOMAIN_GROUP: Final = "oci:Identity/domainsGroup:DomainsGroup"
MEMBERSHIP: Final = "oci:Identity/userGroupMembership:UserGroupMembership"
DYNAMIC: Final = "oci:Identity/dynamicGroup:DynamicGroup"
DOMAIN_DYNAMIC: Final = "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup"

describe(
    GROUP,
    DYNAMIC,
    "oci:Identity/domain:Domain",
    "oci:Identity/networkSource:NetworkSource",
    "oci:Identity/user:User",
    region="none",
)
describe("oci:Identity/identityProvider:IdentityProvider", ocid="saml2idp", region="none")
refers(MEMBERSHIP, groupId=(GROUP,), userId=("oci:Identity/user:User",))
keep_while_used(
    GROUP,
    by=(MEMBERSHIP,),
    refusal=lambda target, _: conflict(f"Group {target} still has members"),
)

BUILT_IN_GROUPS: Final = frozenset({"administrators", "all domain users"})
"""Groups that every tenancy has."""

_IN_TENANCY: Final = {GROUP: "Group", DYNAMIC: "Dynamic group"}


@rule(GROUP, DYNAMIC, "oci:Identity/user:User")
def lives_in_the_tenancy(call: Call) -> None:
    """400 for a user or group outside the root compartment."""
    compartment = call.inputs.get("compartmentId")
    if isinstance(compartment, str) and compartment.startswith("ocid1.compartment."):
        noun = {GROUP: "Group", DYNAMIC: "Dynamic group"}.get(call.token, "User")
        raise invalid_parameter(f"{noun} can only be created in the tenancy compartment")


@rule(GROUP, DYNAMIC)
def group_name(call: Call) -> None:
    """409 for the name of another group or dynamic group of the tenancy. Ignores case."""
    name = str(call.inputs.get("name"))
    if (call.token == GROUP and name.lower() in BUILT_IN_GROUPS) or any(
        same_name(other.inputs.get("name"), name) for other in call.cloud.all(call.token)
    ):
        code = {GROUP: "GroupAlreadyExists", DYNAMIC: "DynamicGroupAlreadyExists"}[call.token]
        raise conflict(f"{_IN_TENANCY[call.token]} '{name}' already exists", code)


@rule(DOMAIN_GROUP, DOMAIN_DYNAMIC)
def domain_group_name(call: Call) -> None:
    """409 for a name that the identity domain already has, in the words of its SCIM interface."""
    name, endpoint = call.inputs.get("displayName"), call.inputs.get("idcsEndpoint")
    noun = "Group" if call.token == DOMAIN_GROUP else "DynamicResourceGroup"
    for other in call.cloud.all(call.token):
        if other.inputs.get("idcsEndpoint") == endpoint and same_name(other.inputs.get("displayName"), name):
            raise conflict(f"{noun} with the same displayName already exists.")


@rule(DYNAMIC, DOMAIN_DYNAMIC, on="create update")
def matching_rule(call: Call) -> None:
    """400 unless the rule is ALL {...}, ANY {...} or one condition on an instance or a resource."""
    text = str(call.inputs.get("matchingRule") or "").strip()
    body = re.fullmatch(r"(?:all|any)\s*\{(?P<body>.+)\}", text, re.IGNORECASE | re.DOTALL)
    inner = body["body"] if body else text
    if not re.search(r"\b(?:instance|resource|tag)\.[\w.-]+", inner, re.UNICODE) or inner.count("'") % 2:
        raise invalid_parameter(f"Invalid matching rule: {text}")


@computed("oci:Identity/domain:Domain")
def domain_outputs(context: CreateContext) -> dict[str, Any]:
    return {"url": f"https://idcs-{context.unique}.identity.oraclecloud.com:443"}


@function("oci:Identity/getUser:getUser")
def user(query: Query) -> dict[str, Any]:
    entry = query.cloud.require(query.args["userId"], "oci:Identity/user:User", path="userId")
    return {"state": "ACTIVE", "name": "assumed", **entry.outputs}
