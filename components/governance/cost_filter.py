"""The costs that a monitor or a report is about."""

import json

import pulumi


def of_compartment(compartment_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """The costs of a compartment, as a filter of the Usage API in JSON. Source: oci.usage_api.models.Filter."""
    return pulumi.Output.from_input(compartment_id).apply(
        lambda found: json.dumps(
            {"operator": "AND", "dimensions": [{"key": "compartmentId", "value": found}]}
        )
    )
