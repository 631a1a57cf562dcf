"""Notices of changes that the CIS benchmark wants to be told about: one event rule for each kind of change."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import events

from components.options import child
from facts.checked_args import CheckedArgs
from facts.cis_events import event_groups
from facts.problem import Problem, refuse


@dataclass(frozen=True, kw_only=True)
class ChangeNoticesArgs:
    """Arguments of ChangeNotices."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy. A rule there sees the events of every compartment in its region. Identity's events occur
    only in the home region."""

    topic_id: pulumi.Input[str]
    """OCID of the notification topic that gets the notices, in the same region."""

    name_prefix: str
    """Text in front of each rule's name. The name has 255 characters at most."""

    without: Sequence[str] | None = None
    """Kinds of change to leave out, such as `sign-ins`. The control of each is then not met. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class ChangeNotices(CheckedArgs, pulumi.ComponentResource):
    """Event rules in the tenancy's root compartment, one for each kind of change, that send to a topic."""

    rule_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the rules by kind of change."""

    def __init__(
        self, name: str, args: ChangeNoticesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(notice_problems(args, path=name), f"the notices {name}")
        super().__init__("genai:index:ChangeNotices", name, {}, opts)
        left_out = args.without or ()
        rules = {
            kind: events.Rule(
                f"{name}-{kind}",
                events.RuleArgs(
                    compartment_id=args.tenancy_id,
                    display_name=f"{args.name_prefix}{kind}",
                    description=f"{group.changed}: control {group.control} of the CIS benchmark",
                    condition=json.dumps({"eventType": list(group.types)}),
                    is_enabled=True,
                    actions=events.RuleActionsArgs(
                        action=[
                            events.RuleActionsActionArgs(
                                action_type="ONS", is_enabled=True, topic_id=args.topic_id
                            )
                        ]
                    ),
                    freeform_tags=args.tags,
                ),
                opts=child(self),
            )
            for kind, group in event_groups().items()
            if kind not in left_out
        }
        ids: Mapping[str, pulumi.Input[str]] = {kind: rule.id for kind, rule in rules.items()}
        self.rule_ids = pulumi.Output.all(**ids)
        self.register_outputs({"ruleIds": self.rule_ids})


class NoticeChoices(Protocol):
    """The plain values of notices, which the component's args and the settings both have."""

    @property
    def without(self) -> Sequence[str] | None: ...


def notice_problems(wanted: NoticeChoices, *, path: str) -> Iterator[Problem]:
    """Unknown and repeated kinds of change, and none that is left."""
    left_out, kinds = list(wanted.without or ()), event_groups()
    for index, kind in enumerate(left_out):
        at = f"{path}.without[{index}]"
        if kind not in kinds:
            yield Problem.not_one_of(at, kind, kinds, "must be a kind of change")
        elif kind in left_out[:index]:
            yield Problem(at, kind, "must not be repeated")
    if set(kinds) <= set(left_out):
        yield Problem(f"{path}.without", left_out, "must leave one kind of change at least")
