"""All rules on options that do not go together, the table of what they stand for, and the problems they find.

The table is `refusals.yaml`: every place of the pinned version's configuration that refuses to start, with the rules
here that stand for it, or why none can.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict, cast

from facts.engine_yaml import read_yaml
from facts.problem import Problem
from facts.vllm import VERSION, lines_of

from .backends import BACKEND_RULES
from .combinations import RULES, Case, Rule
from .features import FEATURE_RULES

ALL_RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.__name__: rule for rule in (*RULES, *BACKEND_RULES, *FEATURE_RULES)}
)

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "values": "values of options by their type (option_values)",
        "memory": "the memory plan (fit)",
        "layout": "sizes of the layout (fit, catalogue)",
        "environment": "variables (environment)",
        "parsers": "names of parsers (arguments)",
        "decided": "decided by the toolkit, and refused as an option (arguments)",
    }
)
"""What stands for a refusal without being a rule on options together."""

TABLE = Path(__file__).with_name("refusals.yaml")

OWN_KEYS = frozenset({"nodes", "adapters"})
"""Wrongs at a key of the model's own, not at an engine option."""


def combination_problems(case: Case, path: str) -> Iterator[Problem]:
    """Problems at `path`.engineOptions.<name>, of all rules."""
    for rule in ALL_RULES.values():
        for wrong in rule(case):
            place = path if wrong.option in OWN_KEYS else f"{path}.engineOptions"
            value = case.given.text(wrong.option)
            yield Problem(f"{place}.{wrong.option}", "" if value is None else value, wrong.allowed, wrong.fix)


class _Table(TypedDict):
    covered: dict[str, list[str]]
    unknown: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A function of vLLM's that refuses."""

    place: str
    """File below the package, and function."""

    times: int
    """How many refusals it holds."""

    rules: tuple[str, ...]
    """Names of ALL_RULES or ELSEWHERE."""

    why: str
    """Why some or all of them cannot be known here; empty where all are covered."""


@cache
def refusals() -> tuple[Refusal, ...]:
    """Every refusal of the pinned version with what stands for it, in the order of its files."""
    table = cast("_Table", read_yaml(TABLE).value)
    why = {place: reason for reason, places in table["unknown"].items() for place in places}
    found: list[Refusal] = []
    for line in lines_of(f"refusals-{VERSION}.txt"):
        place, _, times = line.rpartition(" ")
        rules = tuple(table["covered"].get(place, ()))
        found.append(Refusal(place=place, times=int(times), rules=rules, why=why.get(place, "")))
    return tuple(found)
