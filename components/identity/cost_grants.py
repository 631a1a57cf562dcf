"""The permissions of the daily cost watch and of scheduled cost reports.

Sources: Oracle's pages "Cost Analysis" (`read usage-report in tenancy`), "Publishing Custom Metrics" (`use metrics`),
and "Scheduled Reports" (the service `metering_overlay` with OBJECT_CREATE, OBJECT_DELETE and OBJECT_READ on one
bucket).
"""

from collections.abc import Mapping

from facts.policies import All, DynamicGroup, Place, Service, Statement, Test

Statements = Mapping[str, Statement]


def cost_reader_grants(function: DynamicGroup) -> Statements:
    """Ask for the costs of the tenancy. They have no narrower place."""
    return {
        "cost watch reads costs": Statement(
            subject=function, verb="read", resource="usage-report", place=Place()
        )
    }


def cost_metric_grants(function: DynamicGroup, compartment_id: str, namespace: str) -> Statements:
    """Write the metrics of one namespace."""
    return {
        "cost watch writes metrics": Statement(
            subject=function,
            verb="use",
            resource="metrics",
            place=Place.of(compartment_id),
            where=All((Test("target.metrics.namespace", namespace),)),
        )
    }


def report_grants(compartment_id: str, bucket: str) -> Statements:
    """Write reports to one bucket."""
    return {
        "cost reports are written": Statement(
            subject=Service("metering_overlay"),
            permissions=("OBJECT_CREATE", "OBJECT_DELETE", "OBJECT_READ"),
            place=Place.of(compartment_id),
            where=All((Test("target.bucket.name", bucket),)),
        )
    }
