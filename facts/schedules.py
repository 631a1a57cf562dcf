"""Schedules of Kubernetes CronJobs: five fields, or a name such as `@daily`.

Source: robfig/cron v3, with which the API server parses schedules. Sunday is 0; a weekday 7 does not exist.
"""

import re

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, ("", *_MONTHS)),
    ("weekday", 0, 6, _DAYS),
)
"""Each field with its lowest and highest number, and the names of its numbers."""
_DESCRIPTORS = re.compile(r"@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)")
_PART = re.compile(r"(?P<from>\*|\?|\w+)(-(?P<to>\w+))?(/(?P<step>\d+))?", re.ASCII)
_MOST_DIGITS = 18
"""Every number of 18 digits fits in 64 bits, which is what the API server parses."""


def schedule_problem(text: str) -> str:
    """Why a text is not a valid schedule: the field, then the API server's message. Empty for a valid schedule."""
    if _DESCRIPTORS.fullmatch(text):
        return ""
    parts = text.split()
    if len(parts) != len(_FIELDS):
        return f"expected exactly 5 fields, found {len(parts)}: [{' '.join(parts)}]"
    for part, (field, least, most, names) in zip(parts, _FIELDS, strict=True):
        for each in part.split(","):
            why = _part_problem(each, least, most, names)
            if why:
                return f"the {field} {each}: {why}"
    return ""


def never_comes(text: str) -> bool:
    """Whether a valid schedule contains only days that do not exist, such as 31 February.

    The API server accepts it, and the job never runs: cron searches the next five years, which usually include a
    29 February (robfig/cron v3, SpecSchedule.Next). With a weekday and a day of the month, the job runs on both.
    """
    parts = text.split()
    if len(parts) != len(_FIELDS):
        return False
    day, month, weekday = parts[2:]
    if any(each.startswith(("*", "?")) for each in (day, month)) or not weekday.startswith(("*", "?")):
        return False
    months = {value for part in month.split(",") for value in _values(part, *_FIELDS[3][1:])}
    days = {value for part in day.split(",") for value in _values(part, *_FIELDS[2][1:])}
    return not any(each <= _LONGEST[number - 1] for number in months for each in days)


_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Most days of each month."""


def _values(part: str, least: int, most: int, names: tuple[str, ...]) -> range:
    """The numbers that a valid part of a field selects."""
    found = _PART.fullmatch(part)
    assert found is not None  # noqa: S101 - it has just been read
    if found["from"] in ("*", "?"):
        return range(least, most + 1, int(found["step"] or 1))
    first, last = (
        names.index(end.upper()) if end.upper() in names else int(end)
        for end in (found["from"], found["to"] or found["from"])
    )
    # A step without an end continues to the last number of the field.
    end = most if found["step"] and not found["to"] else last
    return range(first, end + 1, int(found["step"] or 1))


def _part_problem(part: str, least: int, most: int, names: tuple[str, ...]) -> str:
    found = _PART.fullmatch(part)
    if not found or (found["step"] and not found["step"].strip("0")):
        return f"failed to parse {part}"
    ends = [found["from"], found["to"] or found["from"]]
    if ends[0] in ("*", "?"):
        ends = []
    numbers = [names.index(end.upper()) if end.upper() in names else end for end in ends]
    if not all(
        str(each).isdecimal() and len(str(each)) <= _MOST_DIGITS for each in (*numbers, found["step"] or 1)
    ):
        return f"failed to parse int from {part}"
    first, last = (int(each) for each in numbers or (least, most))
    if first < least:
        return f"beginning of range ({first}) below minimum ({least}): {part}"
    if last > most:
        return f"end of range ({last}) above maximum ({most}): {part}"
    return f"beginning of range ({first}) beyond end of range ({last}): {part}" if first > last else ""
