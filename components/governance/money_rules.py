"""Checks of the cost watch, of anomaly monitors and of cost reports."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from components.cluster.pool_schedule_rules import image_problems, time_problems
from facts.dates import early_problems, utc_time
from facts.names import EMAIL
from facts.problem import Problem

RECURRENCES = ("DAILY", "WEEKLY", "MONTHLY")
"""How often a report is written. Source: the SDK's text of `schedule_recurrences`."""

LARGEST_AMOUNT = 10**12 - 1
"""Twelve digits. Source: the SDK's text of `CreateAlertRuleDetails.threshold`."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class DailyWatchChoices(Protocol):
    """The plain values of a cost watch that settings and component share."""

    @property
    def most_per_day(self) -> int: ...
    @property
    def times(self) -> str: ...
    @property
    def image(self) -> str: ...
    @property
    def image_digest(self) -> str: ...


class AnomalyChoices(Protocol):
    """The plain values of an anomaly monitor that settings and component share."""

    @property
    def recipients(self) -> Sequence[str]: ...
    @property
    def above_amount(self) -> int | None: ...
    @property
    def above_percent(self) -> int | None: ...


class ReportChoices(Protocol):
    """The plain values of a cost report that settings and component share."""

    @property
    def every(self) -> str: ...
    @property
    def first(self) -> str: ...


def amount_problems(amount: int, *, path: str) -> Iterator[Problem]:
    """An amount below 1, or with more digits than the threshold of a budget's rule may have."""
    if not 1 <= amount <= LARGEST_AMOUNT:
        allowed = "must be a whole number of 1 or more"
        yield Problem(path, amount, allowed if amount < 1 else f"must be {LARGEST_AMOUNT:,} or less")


def recipient_problems(recipients: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Invalid addresses, and those that would get each message twice: mail systems ignore case."""
    seen = set[str]()
    for index, address in enumerate(recipients):
        if not EMAIL.fullmatch(address):
            yield Problem(f"{path}[{index}]", address, "must be an e-mail address")
        elif address.lower() in seen:
            yield Problem(f"{path}[{index}]", address, "must not be repeated")
        seen.add(address.lower())


def watch_problems(wanted: DailyWatchChoices, *, path: str) -> Iterator[Problem]:
    """An amount below 1, times that do not come or come more than once a day, and an image that can change."""
    yield from amount_problems(wanted.most_per_day, path=f"{path}.mostPerDay")
    wrong = list(time_problems(wanted.times, path=f"{path}.times"))
    yield from wrong
    minute, hour, *days = [*wanted.times.split(), *"*****"][:5]
    if not wrong and (not minute.isdecimal() or not hour.isdecimal() or days != ["*"] * 3):
        allowed = "must be once a day, e.g. 0 12 * * *: the metric is one day's cost"
        yield Problem(f"{path}.times", wanted.times, allowed)
    yield from image_problems(wanted.image, wanted.image_digest, path=path)


def anomaly_problems(wanted: AnomalyChoices, *, path: str) -> Iterator[Problem]:
    """Nobody to tell, invalid addresses, and thresholds out of range."""
    if not wanted.recipients:
        yield Problem(f"{path}.recipients", [], "must have an e-mail address or more")
    yield from recipient_problems(wanted.recipients, path=f"{path}.recipients")
    for key, value in (("aboveAmount", wanted.above_amount), ("abovePercent", wanted.above_percent)):
        if value is not None and value < 1:
            yield Problem(f"{path}.{key}", value, "must be a whole number of 1 or more")


def report_problems(wanted: ReportChoices, *, path: str) -> Iterator[Problem]:
    """An unknown recurrence, and a first time that is not one."""
    if wanted.every not in RECURRENCES:
        yield Problem.not_one_of(f"{path}.every", wanted.every, RECURRENCES, "must be a recurrence")
    first = utc_time(wanted.first)
    yield from early_problems(first, wanted.first, path=f"{path}.first")
    if first is None:
        allowed = "must be a UTC time such as 2026-12-01T06:00:00Z"
        yield Problem(f"{path}.first", wanted.first, allowed, "Put it in quotes")


def money_name_problems(name: str, *, path: str) -> Iterator[Problem]:
    """A name that OCI refuses."""
    if not _NAME.fullmatch(name):
        yield Problem(path, name, "must be 1 to 100 letters, digits, periods, hyphens and underscores")
