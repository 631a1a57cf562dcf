"""Publishes what a compartment cost yesterday, as a metric. A schedule invokes it once a day.

The function's configuration has the OCIDs TENANCY and COMPARTMENT, the HOME_REGION, where OCI answers questions about
costs, and the names NAMESPACE, METRIC and ENVIRONMENT of the metric. Monitoring takes only values of the last two
hours, so the value has the time of the run and the day in its metadata. If OCI does not know the day's cost yet, the
run fails and publishes nothing: a missing value is an alarm of its own, and a 0 would hide it.
"""

# The OCI SDK has no types, so its objects are Any here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import oci
from oci.monitoring import MonitoringClient
from oci.monitoring.models import Datapoint, MetricDataDetails, PostMetricDataDetails
from oci.usage_api import UsageapiClient
from oci.usage_api.models import Dimension, Filter, RequestSummarizedUsagesDetails

VARIABLES = ("TENANCY", "COMPARTMENT", "HOME_REGION", "NAMESPACE", "METRIC", "ENVIRONMENT")


class NotPublished(Exception):  # noqa: N818 - it names the result
    """No value was published, and why."""


def handler(ctx: object, data: object = None) -> str:
    """Called by the function's runtime. The function is its own principal: no key is in the image."""
    del ctx, data
    wanted = settings(os.environ)
    signer = oci.auth.signers.get_resource_principals_signer()
    usage = UsageapiClient(
        {"region": wanted["HOME_REGION"]}, signer=signer, retry_strategy=oci.retry.DEFAULT_RETRY_STRATEGY
    )
    monitoring = MonitoringClient({}, signer=signer, retry_strategy=oci.retry.DEFAULT_RETRY_STRATEGY)
    # Values go to another host than questions.
    base: Any = monitoring.base_client
    base.endpoint = base.endpoint.replace("https://telemetry.", "https://telemetry-ingestion.")
    return json.dumps(publish(usage, monitoring, wanted, datetime.now(UTC)))


def settings(variables: Mapping[str, str]) -> dict[str, str]:
    """The function's configuration. Raises NotPublished if a part is missing."""
    missing = [name for name in VARIABLES if not variables.get(name)]
    if missing:
        raise NotPublished(f"the configuration lacks {', '.join(missing)}")
    return {name: variables[name] for name in VARIABLES}


def publish(usage: Any, monitoring: Any, wanted: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Publish the cost of the UTC day before `now`. Returns the day, the cost and the currency."""
    ends = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = ends - timedelta(days=1)
    cost, currency = cost_of(usage, wanted, starts, ends)
    day = starts.date().isoformat()
    details = PostMetricDataDetails(
        batch_atomicity="ATOMIC",
        metric_data=[
            MetricDataDetails(
                namespace=wanted["NAMESPACE"],
                compartment_id=wanted["COMPARTMENT"],
                name=wanted["METRIC"],
                dimensions={"environment": wanted["ENVIRONMENT"]},
                metadata={"day": day, "unit": currency},
                datapoints=[Datapoint(timestamp=now, value=cost)],
            )
        ],
    )
    answer = monitoring.post_metric_data(details).data
    if answer.failed_metrics_count:
        why = "; ".join(each.message for each in answer.failed_metrics)
        raise NotPublished(f"Monitoring took no value of {day}: {why}")
    return {"day": day, "cost": cost, "currency": currency}


def cost_of(usage: Any, wanted: Mapping[str, str], starts: datetime, ends: datetime) -> tuple[float, str]:
    """The cost of a compartment between two times, and its currency. Raises NotPublished if it is unknown."""
    details = RequestSummarizedUsagesDetails(
        tenant_id=wanted["TENANCY"],
        time_usage_started=starts,
        time_usage_ended=ends,
        granularity="DAILY",
        query_type="COST",
        group_by=["service"],
        filter=Filter(
            operator="AND", dimensions=[Dimension(key="compartmentId", value=wanted["COMPARTMENT"])]
        ),
    )
    rows: list[Any] = []
    page: dict[str, str] = {}
    while True:
        answer = usage.request_summarized_usages(details, **page)
        rows += answer.data.items
        if not answer.has_next_page:
            break
        page = {"page": answer.next_page}
    if not rows:
        raise NotPublished(f"OCI does not know the cost of {starts.date().isoformat()} yet")
    currencies = sorted({each.currency for each in rows if each.currency and each.currency.strip()})
    return round(sum(float(each.computed_amount or 0) for each in rows), 2), ", ".join(currencies)
