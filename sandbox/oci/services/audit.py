"""Audit: how long the events of the tenancy are kept.

Source: the provider's page on `audit_configuration` and its code: the tenancy's OCID, 90 to 365 days, and a delete
that only forgets the resource. The words of the refusals are unverified.
"""

from typing import Final

from facts.log_services import AUDIT_DAYS
from sandbox.oci.api.singletons import singleton
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import number

CONFIGURATION: Final = "oci:Audit/configuration:Configuration"

describe(CONFIGURATION, id="auditConfigurations/{compartmentId}")


@rule(CONFIGURATION, on="create update")
def configuration(call: Call) -> None:
    """400 unless the compartment is the tenancy, and the retention 90 to 365 days."""
    if not str(call.inputs.get("compartmentId")).startswith("ocid1.tenancy."):
        raise invalid_parameter("compartmentId must be the OCID of the root compartment (the tenancy).")
    days, (least, most) = number(call.inputs, "retentionPeriodDays"), AUDIT_DAYS
    if days is None or not least <= days <= most:
        raise invalid_parameter(f"retentionPeriodDays must be between {least} and {most}.")


_DEFAULT_DAYS: Final = 365
"""The retention until somebody sets it. Source: Oracle's page "Overview of Audit"."""

singleton(CONFIGURATION, "audit.AuditClient", "configuration", before={"retentionPeriodDays": _DEFAULT_DAYS})
