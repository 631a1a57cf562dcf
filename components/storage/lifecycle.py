"""Lifecycle rules of a bucket: what happens to objects when they get older."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pulumi_oci import objectstorage

from facts.problem import Problem

MOST_RULES, LONGEST_OBJECT_NAME = 1_000, 1_024
"""Most rules of a bucket, and most bytes of an object's name. Sources: Oracle's pages Object Lifecycle Management,
which also says that rules about uploads accept no prefixes, and Object Storage Object Names."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")
"""Source: Oracle's page Creating the Object Lifecycle Policy."""

TARGETS = ("objects", "previous-object-versions", "multipart-uploads")
ACTIONS = ("ARCHIVE", "INFREQUENT_ACCESS", "DELETE", "ABORT")


@dataclass(frozen=True, kw_only=True)
class LifecycleRuleArgs:
    """One lifecycle rule."""

    action: str
    """`ARCHIVE`, `INFREQUENT_ACCESS`, `DELETE`, or `ABORT` for unfinished uploads. Archived objects must be
    restored before they can be read: do not archive objects that models need."""

    days: int
    """Days since the last change of the object, or since a newer version replaced it; 1 or more."""

    target: str | None = None
    """`objects`, `previous-object-versions` or `multipart-uploads`. Default: objects; multipart-uploads with ABORT."""

    prefixes: Sequence[str] | None = None
    """The rule applies to objects whose names begin with one of these. Default: all objects."""

    enabled: bool | None = None
    """Whether the rule is active. Default: yes."""


class RuleChoices(Protocol):
    """The plain values of a rule, which the component's args and the settings both have."""

    @property
    def action(self) -> str: ...
    @property
    def days(self) -> int: ...
    @property
    def target(self) -> str | None: ...
    @property
    def prefixes(self) -> Sequence[str] | None: ...
    @property
    def enabled(self) -> bool | None: ...


def target_of(rule: RuleChoices) -> str:
    """The rule's target, or the default target of its action."""
    return rule.target or ("multipart-uploads" if rule.action == "ABORT" else "objects")


def lifecycle_problems(
    rules: Mapping[str, RuleChoices], *, versioning: bool, storage_tier: str, path: str
) -> Iterator[Problem]:
    """Actions that do not fit their target or the bucket, and deletions before the archival."""
    if len(rules) > MOST_RULES:
        yield Problem(path, len(rules), f"must be {MOST_RULES:,} rules or fewer")
    for name, rule in rules.items():
        at = f"{path}[{name!r}]"
        if not _NAME.fullmatch(name):
            yield Problem(at, name, "must have a name of letters, digits, periods, hyphens and underscores")
        yield from _rule_problems(rule, at)
        if target_of(rule) == "previous-object-versions" and not versioning:
            fix = "Turn versioning on, or remove the rule"
            yield Problem(
                f"{at}.target", rule.target, "must not be older versions: the bucket does not keep them", fix
            )
        if storage_tier == "Archive" and rule.action in ("ARCHIVE", "INFREQUENT_ACCESS"):
            yield Problem(
                f"{at}.action",
                rule.action,
                "must be DELETE or ABORT: the bucket is already in the Archive tier",
            )
        yield from _order_problems(name, rules, at)


def served_problems(rules: Mapping[str, RuleChoices], *, storage_tier: str, path: str) -> Iterator[Problem]:
    """Rules that archive or delete objects that can be read at any time."""
    why = "the bucket is served"
    if storage_tier == "Archive":
        yield Problem(f"{path}.storageTier", storage_tier, f"must be Standard: {why}")
    for name, rule in rules.items():
        if (
            rule.action in ("ARCHIVE", "DELETE")
            and target_of(rule) == "objects"
            and rule.enabled is not False
        ):
            allowed = f"must be previous-object-versions with {rule.action}: {why}"
            fix = "It takes up to an hour to restore an archived object" * (rule.action == "ARCHIVE")
            yield Problem(f"{path}.lifecycle[{name!r}].target", target_of(rule), allowed, fix)


def _rule_problems(rule: RuleChoices, at: str) -> Iterator[Problem]:
    target = target_of(rule)
    if rule.action not in ACTIONS:
        yield Problem.not_one_of(f"{at}.action", rule.action, ACTIONS)
    elif target not in TARGETS:
        yield Problem.not_one_of(f"{at}.target", target, TARGETS)
    elif (rule.action == "ABORT") != (target == "multipart-uploads"):
        yield Problem(
            f"{at}.action",
            rule.action,
            f"must fit {target}: ABORT applies only to multipart-uploads, and is their only action",
        )
    if rule.days < 1:
        yield Problem(f"{at}.days", rule.days, "must be 1 or more")
    yield from _prefix_problems(rule.prefixes, target, at)


def _prefix_problems(prefixes: Sequence[str] | None, target: str, at: str) -> Iterator[Problem]:
    if prefixes is None:
        return
    if not prefixes or not all(prefixes):
        fix = "For a rule about all objects, leave prefixes out"
        yield Problem(
            f"{at}.prefixes", list(prefixes), "must contain at least one prefix, and no empty prefix", fix
        )
    if target == "multipart-uploads":
        yield Problem(f"{at}.prefixes", list(prefixes), "must be left out with multipart-uploads")
    for index, prefix in enumerate(prefixes):
        if len(prefix.encode()) > LONGEST_OBJECT_NAME:
            allowed = f"must be {LONGEST_OBJECT_NAME:,} bytes or fewer, the limit of object names"
            yield Problem(f"{at}.prefixes[{index}]", len(prefix.encode()), allowed)


def _order_problems(name: str, rules: Mapping[str, RuleChoices], at: str) -> Iterator[Problem]:
    rule = rules[name]
    if rule.action not in ("ARCHIVE", "INFREQUENT_ACCESS") or rule.enabled is False:
        return
    for other_name, other in rules.items():
        same = target_of(other) == target_of(rule) and other.prefixes in (None, rule.prefixes)
        if other.action == "DELETE" and other.enabled is not False and same and other.days <= rule.days:
            allowed = f"must be less than {other.days}, because {other_name!r} deletes the same objects then"
            yield Problem(f"{at}.days", rule.days, allowed)


def lifecycle_rules(
    rules: Mapping[str, LifecycleRuleArgs],
) -> "list[objectstorage.ObjectLifecyclePolicyRuleArgs]":
    """The rules in OCI's form, by name. OCI stores them as a set, so another order would appear as a change."""
    return [_rule(name, rules[name]) for name in sorted(rules)]


def _rule(name: str, rule: LifecycleRuleArgs) -> "objectstorage.ObjectLifecyclePolicyRuleArgs":
    names = None
    if rule.prefixes:
        names = objectstorage.ObjectLifecyclePolicyRuleObjectNameFilterArgs(inclusion_prefixes=rule.prefixes)
    return objectstorage.ObjectLifecyclePolicyRuleArgs(
        name=name,
        action=rule.action,
        target=target_of(rule),
        time_amount=str(rule.days),
        time_unit="DAYS",
        is_enabled=rule.enabled is not False,
        object_name_filter=names,
    )
