"""What connectors of Connector Hub accept, and the grants that they need.

Sources: the provider's page on `sch_service_connector` (kinds; "For the Notifications target, only `_Audit` is
allowed"; namespaces of metrics begin with `oci_`); for the grants and `_Audit_Include_Subcompartment`
oci-landing-zones/terraform-oci-modules-observability, service-connectors/policies.tf, which grants what the Console
offers to add. The API adds no policy itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

AUDIT = "_Audit"
"""Log group of a compartment's audit events."""

WHOLE_AUDIT = "_Audit_Include_Subcompartment"
"""The same with all compartments below it. With the tenancy's OCID: the audit of the whole tenancy."""

METRIC_PREFIX = "oci_"

BUCKET, STREAM, TOPIC, FUNCTION = "objectStorage", "streaming", "notifications", "functions"

NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        BUCKET: (("manage", "objects"),),
        STREAM: (("use", "stream-push"),),
        TOPIC: (("use", "ons-topics"),),
        FUNCTION: (("use", "fn-function"), ("use", "fn-invocation")),
    }
)
"""Verb and resource type of each grant that a connector needs for its kind of target, in the target's compartment.

The landing zones' code writes `fn-function` twice; its commented version has `fn-invocation`, as here."""

TARGET_VARIABLE: Mapping[str, str] = MappingProxyType(
    {BUCKET: "target.bucket.name", STREAM: "target.stream.id"}
)
"""The variable that limits a grant to one target. Topics and functions have none."""

PRINCIPAL = "serviceconnector"
