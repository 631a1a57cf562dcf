"""Fields of what makes pods: numbers that may not be negative, rollouts, schedules."""

import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from sandbox.kubernetes.values import Json, at

from .names import not_negative
from .walk import Check
from .wording import invalid, required, unsupported

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, ("", *_MONTHS)), (0, 6, _DAYS))
"""Least, most and names of minute, hour, day of the month, month, day of the week."""
_DESCRIPTORS = re.compile(r"@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)")
_PART = re.compile(r"(?P<from>\*|\?|\w+)(-(?P<to>\w+))?(/(?P<step>\d+))?")


def _replicated(value: Json, path: str) -> Iterator[str]:
    yield from not_negative(value, ("replicas", "revisionHistoryLimit", "minReadySeconds"), path)


def _rolling(value: Json, path: str) -> Iterator[str]:
    yield from not_negative(value, ("maxUnavailable", "maxSurge"), path)


def _rolling_daemons(value: Json, path: str) -> Iterator[str]:
    yield from _rolling(value, path)
    surges = str(value.get("maxSurge", 0)) not in ("0", "0%")
    if surges and str(value.get("maxUnavailable", 0)) not in ("0", "0%"):
        yield invalid(path, value, "maxSurge may not be set when maxUnavailable is non-zero")


def _job(value: Json, path: str) -> Iterator[str]:
    counts = (
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
    )
    yield from not_negative(value, counts, path)
    policy, place = at(value, "template", "spec", "restartPolicy"), f"{path}.template.spec.restartPolicy"
    if not policy:
        yield required(place, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        yield unsupported(place, policy, ["OnFailure", "Never"])


def _job_template(value: Json, path: str) -> Iterator[str]:
    if not value.get("spec"):
        yield required(f"{path}.spec.template.spec.containers")


def _cron(value: Json, path: str) -> Iterator[str]:
    schedule, zone = value.get("schedule"), value.get("timeZone")
    if not schedule:
        yield required(f"{path}.schedule")
    else:
        why = schedule_problem(str(schedule))
        if why:
            yield invalid(f"{path}.schedule", schedule, why)
    if zone is not None and zone not in available_timezones():
        why = "unknown time zone " + str(zone) if zone else "timeZone must be nil or non-empty string"
        yield invalid(f"{path}.timeZone", zone, why)
    limits = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    yield from not_negative(value, limits, path)


def schedule_problem(text: str) -> str:
    """Why a text is no schedule of a CronJob; empty if it is one."""
    if _DESCRIPTORS.fullmatch(text):
        return ""
    parts = text.split()
    if len(parts) != len(_FIELDS):
        return f"expected exactly 5 fields, found {len(parts)}: [{' '.join(parts)}]"
    for part, (least, most, names) in zip(parts, _FIELDS, strict=True):
        for each in part.split(","):
            why = _part_problem(each, least, most, names)
            if why:
                return why
    return ""


def _part_problem(part: str, least: int, most: int, names: tuple[str, ...]) -> str:
    found = _PART.fullmatch(part)
    if not found or found["step"] == "0":
        return f"failed to parse {part}"
    ends = [found["from"], found["to"] or found["from"]]
    if ends[0] in ("*", "?"):
        return ""
    numbers = [names.index(end.upper()) if end.upper() in names else end for end in ends]
    if not all(str(each).isdigit() for each in numbers):
        return f"failed to parse int from {part}"
    first, last = (int(each) for each in numbers)
    if first < least:
        return f"beginning of range ({first}) below minimum ({least}): {part}"
    if last > most:
        return f"end of range ({last}) above maximum ({most}): {part}"
    return f"beginning of range ({first}) beyond end of range ({last}): {part}" if first > last else ""


CHECKS: dict[str, Check] = {
    "v1.CronJobSpec": _cron,
    "v1.DaemonSetSpec": _replicated,
    "v1.DeploymentSpec": _replicated,
    "v1.JobSpec": _job,
    "v1.JobTemplateSpec": _job_template,
    "v1.ReplicaSetSpec": _replicated,
    "v1.RollingUpdateDaemonSet": _rolling_daemons,
    "v1.RollingUpdateDeployment": _rolling,
    "v1.StatefulSetSpec": _replicated,
}
