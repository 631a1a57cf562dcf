"""What the cloud refuses on a real create, update or delete.

The modules of this folder contain the rules for several services. A rule for one service is in `sandbox/oci/services`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.oci.cloud import Cloud
from sandbox.oci.discovery import SERVICES, import_all, once
from sandbox.oci.model import Entry


@dataclass(frozen=True)
class Call:
    """One write as the service sees it, before any change.

    `inputs` are plain values under Pulumi's names (secrets opened, no unknowns). For a delete they are the resource's
    last inputs. `old` is None on create. `urn` is for messages only, because the cloud has no URNs. `by_provider` is
    false for a call of the REST API, which does not meet the faults of the provider itself.
    """

    cloud: Cloud
    token: str
    operation: str
    region: str
    inputs: dict[str, Any]
    old: Entry | None
    urn: str
    by_provider: bool = True


Rule = Callable[[Call], None]

_RULES: dict[tuple[str, str], list[Rule]] = defaultdict(list)


def rule(*tokens: str, on: str = "create") -> Callable[[Rule], Rule]:
    """Register a rule for tokens such as "oci:Core/subnet:Subnet" ("*" is every resource).

    `on` contains operations, separated by blanks: "create update delete". A rule raises OciError or returns.
    """

    def register(function: Rule) -> Rule:
        for token in tokens:
            for operation in on.split():
                _RULES[token, operation].append(function)
        return function

    return register


Warning_ = Callable[[Call], str | None]

_WARNINGS: dict[tuple[str, str], list[Warning_]] = defaultdict(list)


def warning(*tokens: str, on: str = "create") -> Callable[[Warning_], Warning_]:
    """Register a function that returns a warning or None. It is for facts without a source that a refusal needs."""

    def register(function: Warning_) -> Warning_:
        for token in tokens:
            for operation in on.split():
                _WARNINGS[token, operation].append(function)
        return function

    return register


def warnings_of(call: Call) -> list[str]:
    """The warnings about a call that the cloud accepts."""
    load_rules()
    found = (each(call) for each in _WARNINGS.get((call.token, call.operation), ()))
    return [text for text in found if text]


@once
def load_rules() -> None:
    """Import all rules and sort those of each token, so that their order does not depend on the order of imports.

    The rules of the services come before those of this folder. Both are in the order of their modules' names.
    """
    import_all()
    for rules in _RULES.values():
        rules.sort(key=lambda each: (not each.__module__.startswith(SERVICES), each.__module__))


def run_rules(call: Call) -> None:
    """Run the rules of the call's resource, in the order of `rules_of`. Raises the first refusal."""
    for each in rules_of(call.token, call.operation):
        each(call)


def rules_of(token: str, operation: str) -> list[Rule]:
    """The rules of a resource, in order: first the rules of every resource, then those of its type.

    In both groups the rules of the services come before those of this folder.
    """
    load_rules()
    return [*_RULES.get(("*", operation), ()), *_RULES.get((token, operation), ())]
