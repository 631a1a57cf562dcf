"""Requests over time: a trace from a file, or generated ones.

The generator's numbers are published. Tokens: the conversations of Splitwise (Patel et al., ISCA 2024,
arXiv:2311.18677), whose prompts have a median of 1,020 tokens and answers of 129; the means of the same hour, 1,155 and
211, give the spread of a log-normal distribution. Arrivals: a Gamma distribution of the times between requests, as in
BurstGPT (Wang et al., arXiv:2401.17644), which also says that load rises and falls with the day. How far it does, and
how bursty a second is, differ between services: SWING and BURSTINESS are assumed.
"""

import csv
import datetime
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("TIMESTAMP", "ContextTokens", "GeneratedTokens")
"""Columns of the Azure Public Dataset's traces of language models, 2023 and 2024."""

PROMPT_MEDIAN, PROMPT_MEAN, PROMPT_MOST = 1020, 1155, 14_050
ANSWER_MEDIAN, ANSWER_MEAN, ANSWER_MOST = 129, 211, 1000
PER_SECOND = 5.4
"""Requests a second in the published hour."""

SWING = 0.5
"""Half of the distance between the busiest and the quietest time, as a share of the mean."""

BURSTINESS = 1.5
"""Standard deviation of the times between requests, as a share of their mean. 1 would be a Poisson process."""

HOURS = 6
"""One rise and one fall: four times as fast as a day's, which is harder for an autoscaler."""

JITTER_SECONDS = 30
"""How far the copies of a request are from it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    at: float
    """Seconds from the begin."""

    prompt: int
    answer: int


def read_trace(path: Path) -> list[Asked]:
    """The requests of a file in the public format. Raises ValueError with what is wrong."""
    found: list[Asked] = []
    begin: datetime.datetime | None = None
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise ValueError(f"{path}: must have the columns {', '.join(COLUMNS)}")
        for line in reader:
            try:
                at = datetime.datetime.fromisoformat(line["TIMESTAMP"].split("+")[0].strip()[:26])
                prompt, answer = int(line["ContextTokens"]), int(line["GeneratedTokens"])
            except (ValueError, TypeError) as wrong:
                raise ValueError(f"{path}, line {reader.line_num}: {wrong}") from wrong
            begin = begin or at
            found.append(Asked((at - begin).total_seconds(), prompt, max(1, answer)))
    if len(found) < 2:
        raise ValueError(f"{path}: must have two requests or more")
    return sorted(found, key=lambda each: each.at)


def generated(hours: float = HOURS, seed: int = 1) -> Iterator[Asked]:
    """Requests over some hours, which begin and end at the quietest time."""
    chance, at, shape = random.Random(seed), 0.0, 1 / BURSTINESS**2
    prompt, answer = _spread(PROMPT_MEDIAN, PROMPT_MEAN), _spread(ANSWER_MEDIAN, ANSWER_MEAN)
    while at < hours * 3600:
        rate = PER_SECOND * (1 - SWING * math.cos(2 * math.pi * at / (hours * 3600)))
        at += chance.gammavariate(shape, 1 / (shape * rate))
        yield Asked(
            at,
            min(PROMPT_MOST, 1 + int(chance.lognormvariate(*prompt))),
            min(ANSWER_MOST, 1 + int(chance.lognormvariate(*answer))),
        )


def _spread(median: float, mean: float) -> tuple[float, float]:
    """The parameters of a log-normal distribution."""
    return math.log(median), math.sqrt(2 * math.log(mean / median))


def scaled_to(requests: Sequence[Asked], factor: float, seed: int = 1) -> list[Asked]:
    """The same load over the same time, with `factor` times as many requests."""
    chance = random.Random(seed)
    whole, rest = divmod(factor, 1)
    end = requests[-1].at
    found: list[Asked] = []
    for each in requests:
        for copy in range(int(whole) + (chance.random() < rest)):
            shift = chance.uniform(-JITTER_SECONDS, JITTER_SECONDS) if copy else 0
            at = abs(each.at + shift)
            found.append(Asked(at if at <= end else 2 * end - at, each.prompt, each.answer))
    return sorted(found, key=lambda each: each.at)
