"""Checks of tags, topics, notices, Cloud Guard and logs."""

import json
from collections.abc import Callable

from facts.cis_events import event_groups
from report.resources import Resource, as_mapping, as_sequence

from .finding import (
    BUCKET,
    Finding,
    Findings,
    Resources,
    broken,
    is_root,
    logged,
    of_types,
)


def creator_tag(resources: Resources) -> Findings:
    """No default tag of the root compartment with the name of who creates a resource."""
    found = of_types(resources, "oci:Identity/tagDefault:TagDefault")
    values = [each.inputs.get("value") for each in found if is_root(each)]
    return [] if "${iam.principal.name}" in values else [Finding("default tags")]


def topics(resources: Resources) -> Findings:
    """No topic with a receiver."""
    return [] if of_types(resources, "oci:Ons/subscription:Subscription") else [Finding("topics")]


def notices(control: str) -> Callable[[Resources], Findings]:
    """No rule in the root compartment that sends every event of the control to a topic with a receiver."""
    group = next(each for each in event_groups().values() if each.control == control)

    def check(resources: Resources) -> Findings:
        heard = {
            each.inputs.get("topicId") for each in of_types(resources, "oci:Ons/subscription:Subscription")
        }

        def tells(rule: Resource) -> bool:
            types = as_sequence(as_mapping(json.loads(str(rule.inputs.get("condition")))).get("eventType"))
            found = as_mapping(rule.inputs.get("actions"))
            actions = as_sequence(found.get("action") or found.get("actions"))
            return (
                rule.inputs.get("isEnabled") is True
                and is_root(rule)
                and set(group.types) <= set(types)
                and any(as_mapping(each).get("topicId") in heard for each in actions)
            )

        found = any(tells(each) for each in of_types(resources, "oci:Events/rule:Rule"))
        return [] if found else [Finding(group.changed)]

    return check


def cloud_guard(resources: Resources) -> Findings:
    """Cloud Guard is not enabled."""
    found = of_types(resources, "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration")
    return [] if any(each.inputs.get("status") == "ENABLED" for each in found) else [Finding("Cloud Guard")]


def write_logs(resources: Resources) -> Findings:
    """Buckets without a log of writes."""
    written = logged(resources, "objectstorage", "write")
    return broken(of_types(resources, BUCKET), lambda each: each.inputs.get("name") not in written)
