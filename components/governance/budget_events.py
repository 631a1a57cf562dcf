"""What happens when a budget sends an alert: a message to a topic."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import events

from components.options import child
from facts.checked_args import CheckedArgs

TRIGGERED = "com.oraclecloud.budgets.createtriggeredalert"
"""The event of an alert. The name is known from third parties; Oracle's pages only say that there are such events."""


@dataclass(frozen=True, kw_only=True)
class BudgetEventsArgs:
    """Arguments of BudgetEvents."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, where budgets and their events are."""

    topic_id: pulumi.Input[str]
    """OCID of the notification topic. It must be in the home region, where the events happen."""

    rule_name: str
    """Name of the rule in the console, 255 characters at most."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class BudgetEvents(CheckedArgs, pulumi.ComponentResource):
    """A rule that sends the alerts of all budgets of the tenancy to a topic. Create it in the home region."""

    rule_id: pulumi.Output[str]
    """OCID of the rule."""

    def __init__(self, name: str, args: BudgetEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("genai:index:BudgetEvents", name, {}, opts)
        action = events.RuleActionsActionArgs(
            action_type="ONS", is_enabled=True, topic_id=args.topic_id, description="Tell the topic"
        )
        rule = events.Rule(
            f"{name}-rule",
            events.RuleArgs(
                compartment_id=args.tenancy_id,
                display_name=args.rule_name,
                description="A budget has sent an alert",
                condition=json.dumps({"eventType": [TRIGGERED], "data": {}}),
                actions=events.RuleActionsArgs(action=[action]),
                is_enabled=True,
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.rule_id = rule.id
        self.register_outputs({"ruleId": self.rule_id})
