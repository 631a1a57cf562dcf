"""Ids with which the provider imports resources that have no id of their own in the whole account.

Source: the section "Import" of each resource's page in terraform-provider-oci (website/docs/r): kms_key,
logging_log, budget_alert_rule, core_network_security_group_security_rule, identity_tag. After the import, the id in
the state is the resource's own (there, internal/service/kms/kms_key_resource.go: `SetId(tokens[2])`, and
internal/service/identity/identity_tag_resource.go: `SetId(*response.Tag.Id)`).
"""

import re
from collections.abc import Callable, Iterable, Mapping

from sandbox.oci.model import Entry

_FORMS: Mapping[str, re.Pattern[str]] = {
    "oci:Kms/key:Key": re.compile(r"managementEndpoint/https?://[^/]+/keys/(?P<id>[^/]+)"),
    "oci:Logging/log:Log": re.compile(r"logGroupId/[^/]+/logId/(?P<id>[^/]+)"),
    "oci:Budget/rule:Rule": re.compile(r"budgets/[^/]+/alertRules/(?P<id>[^/]+)"),
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": re.compile(
        r"networkSecurityGroups/[^/]+/securityRules/(?P<id>[^/]+)"
    ),
    "oci:Identity/tag:Tag": re.compile(r"tagNamespaces/(?P<tagNamespaceId>[^/]+)/tags/(?P<name>[^/]+)"),
}
"""The group `id` is the resource's own id. Without one, the groups are the inputs by which it is found."""


def imported_id(token: str, given: str, all_of: Callable[[str], Iterable[Entry]]) -> str:
    """The resource's own id in an import id; the id itself if the type has no other form, or nothing has these inputs.

    `all_of` returns the resources of a type.
    """
    form = _FORMS.get(token)
    found = form.fullmatch(given) if form else None
    if found is None:
        return given
    named = found.groupdict()
    if "id" in named:
        return named["id"]
    same = (each.id for each in all_of(token) if all(each.inputs.get(key) == named[key] for key in named))
    return next(same, given)
