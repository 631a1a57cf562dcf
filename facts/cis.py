"""The controls of the CIS OCI Foundations Benchmark 3.0, and what this toolkit does about each.

Source of numbers, levels and what each control looks at: Oracle's checker of the benchmark, scripts/cis_reports.py in
github.com/oci-landing-zones/oci-cis-landingzone-quickstart (read in November 2026). The words are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from facts.engine_yaml import read_yaml

STATUSES: Mapping[str, str] = {
    "met": "met",
    "exceptions": "met, with exceptions",
    "unmet": "not met",
    "account": "a person's task",
    "absent": "does not apply",
}
"""What a control can be for a stack, in the words of the page."""

_FILE = Path(__file__).parent / "data" / "cis.yaml"


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control of the benchmark."""

    number: str
    level: int
    """1: for every tenancy. 2: for those with more to protect."""

    wants: str
    """What it wants, in a few words."""

    prod: str
    """Its status in prod, one of STATUSES. A test compares it with prod's resources."""

    does: str
    """What the toolkit does, or why it does not."""


@cache
def controls() -> tuple[Control, ...]:
    """Every control, in the order of the benchmark."""
    found = cast(Mapping[str, Mapping[str, object]], read_yaml(_FILE).value)
    return tuple(
        Control(
            number=number,
            level=int(str(each["level"])),
            wants=str(each["wants"]),
            prod=str(each["prod"]),
            does=str(each["does"]),
        )
        for number, each in found.items()
    )
