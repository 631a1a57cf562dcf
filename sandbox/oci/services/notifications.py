"""Notifications: topics and subscriptions.

A subscription is pending until its receiver confirms, within three days; that of a function is active at once. A Slack
webhook has no query string. Source: Oracle's pages on subscriptions.
"""

import re
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint
from sandbox.oci.api.request import Request, Response
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.lookups import finds, lists
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import one_of

TOPIC: Final = "oci:Ons/notificationTopic:NotificationTopic"
SUBSCRIPTION: Final = "oci:Ons/subscription:Subscription"

describe(TOPIC, ocid="onstopic")
describe(SUBSCRIPTION, ocid="onssubscription")
finds("oci:Ons/getNotificationTopic:getNotificationTopic", TOPIC, by="topicId")
lists("oci:Ons/getNotificationTopics:getNotificationTopics", TOPIC, rows="notificationTopics")

_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WEB = re.compile(r"https://[^\s/]+(?:/\S*)?")
_PROTOCOLS: Final = ("CUSTOM_HTTPS", "EMAIL", "HTTPS", "ORACLE_FUNCTIONS", "PAGERDUTY", "SLACK", "SMS")


@rule(TOPIC)
def topic_name(call: Call) -> None:
    """400 for other characters than letters, digits, - and _. 409 for a name of the tenancy (case matters)."""
    name = str(call.inputs.get("name"))
    if not _NAME.fullmatch(name):
        raise invalid_parameter(f"Topic name {name!r} is invalid: letters, digits, '-' and '_', at most 256.")
    if any(each.inputs.get("name") == name for each in call.cloud.all(TOPIC)):
        raise conflict(f"Topic with name {name} already exists")


@rule(SUBSCRIPTION, on="create update")
def subscription(call: Call) -> None:
    """400 for an unknown protocol, or an endpoint of another form."""
    protocol, endpoint = str(call.inputs.get("protocol")).upper(), str(call.inputs.get("endpoint"))
    refusal = one_of("protocol", protocol, _PROTOCOLS)
    if refusal:
        raise refusal
    web = _WEB.fullmatch(endpoint)
    well_formed = {
        "EMAIL": re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", endpoint),
        "HTTPS": web,
        "CUSTOM_HTTPS": web,
        "PAGERDUTY": web,
        "SLACK": re.fullmatch(r"https://hooks\.slack\.com/services/[^\s?]+", endpoint),
        "SMS": re.fullmatch(r"\+?\d{7,15}", endpoint, re.ASCII),
        "ORACLE_FUNCTIONS": endpoint.startswith("ocid1.fnfunc."),
    }[protocol]
    if not well_formed:
        raise invalid_parameter(f"Endpoint {endpoint} is invalid for protocol {protocol}.")


@computed(TOPIC)
def topic_outputs(context: CreateContext) -> dict[str, Any]:
    return {
        "topicId": context.id,
        "apiEndpoint": f"https://notification.{context.region}.oci.oraclecloud.com",
        "shortTopicId": context.unique,
    }


@computed(SUBSCRIPTION)
def subscription_outputs(context: CreateContext) -> dict[str, Any]:
    function = str(context.inputs.get("protocol")).upper() == "ORACLE_FUNCTIONS"
    return {"state": "ACTIVE" if function else "PENDING"}


endpoint(TOPIC, "ons.NotificationControlPlaneClient", "topic", names={"topicId": "id"})
endpoint(SUBSCRIPTION, "ons.NotificationDataPlaneClient", "subscription")

MOST_BYTES: Final = 64 * 1024
"""Longest body of a message, 64 KB by the SDK's text of PublishMessage."""


@answers("ons.NotificationDataPlaneClient", "publish_message")
def publish_message(request: Request) -> Response:
    """Accept a message, which nobody gets. 404 for an unknown topic, 400 for an empty or too long body."""
    topic = request.cloud.find(request.path["topicId"])
    request.meet_faults(TOPIC)
    if topic is None or topic.token != TOPIC:
        raise OciError(404, "NotAuthorizedOrNotFound", f"Topic {request.path['topicId']} not found")
    body = str(request.body.get("body") or "")
    if not body.strip():
        raise invalid_parameter("body must not be empty.")
    if len(body.encode()) > MOST_BYTES:
        raise invalid_parameter(f"body exceeds the maximum of {MOST_BYTES} bytes.")
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return Response(status=202, body={"messageId": str(uuid.uuid4()), "timeStamp": moment})
