"""Ids with which the provider imports resources that have no id of their own in the whole account.

Source: the section "Import" of each resource's page in terraform-provider-oci (website/docs/r): kms_key,
logging_log, budget_alert_rule, core_network_security_group_security_rule. After the import, the id in the state is the
last part (there, internal/service/kms/kms_key_resource.go: `SetId(tokens[2])`).
"""

import re
from collections.abc import Mapping

_FORMS: Mapping[str, re.Pattern[str]] = {
    "oci:Kms/key:Key": re.compile(r"managementEndpoint/https?://[^/]+/keys/(?P<id>[^/]+)"),
    "oci:Logging/log:Log": re.compile(r"logGroupId/[^/]+/logId/(?P<id>[^/]+)"),
    "oci:Budget/rule:Rule": re.compile(r"budgets/[^/]+/alertRules/(?P<id>[^/]+)"),
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": re.compile(
        r"networkSecurityGroups/[^/]+/securityRules/(?P<id>[^/]+)"
    ),
}


def imported_id(token: str, given: str) -> str:
    """The resource's own id in an import id; the id itself if the type has no other form."""
    form = _FORMS.get(token)
    found = form.fullmatch(given) if form else None
    return found["id"] if found else given
