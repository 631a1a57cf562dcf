"""Receivers of topics that have not confirmed."""

from collections.abc import Iterable, Iterator

from report.resources import Resource

SUBSCRIPTION = "oci:Ons/subscription:Subscription"
PENDING = "PENDING"
CONFIRM_DAYS = 3
"""Days in which a receiver must confirm; then OCI deletes the subscription. Source: Oracle's pages on subscriptions."""

ADVICE = f"each must confirm within {CONFIRM_DAYS} days, or it gets no alarm; a refresh shows who has"


def unconfirmed(resources: Iterable[Resource]) -> Iterator[str]:
    """Name and protocol of each receiver that had not confirmed when the state was read."""
    for each in resources:
        if each.type == SUBSCRIPTION and each.outputs.get("state") == PENDING:
            yield f"{each.name}: {each.inputs.get('protocol')}"
