"""A pod gets the time that it needs to finish what it serves."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil

from policies.model import Config, Policy, Resource, items, mapping, walk

DEFAULT_GRACE = 30
"""Seconds that Kubernetes gives a pod that names none."""

DRAINS = re.compile(
    r"--shutdown[-_](?:timeout|grace[-_]period[-_]secs)(?:[\s=]+[\"']?([0-9]+))?(?![-\w])", re.ASCII
)
"""Options of vLLM and of the routers: seconds that the program drains after the signal. vLLM's parser reads `_` in an
option as `-` (vllm/utils/argparse_utils.py)."""

SIDECAR = "Always"
"""Restart policy of an init container that runs beside the others. Source: Kubernetes' page on sidecar containers."""

HEADLESS = "--headless"
"""vLLM's option for the other nodes of an engine over several: they answer no requests, so they only wait."""

_PAUSE = r"[0-9]+(?:\.[0-9]+)?[smhd]?"
SLEEP = re.compile(rf"\bsleep((?:\s+{_PAUSE}(?![\w.]))+)", re.ASCII)
"""GNU's sleep adds up the times that it is given."""

UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
"""Suffixes of GNU's sleep, in seconds."""


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """Pods of one resource that Kubernetes would kill while they drain."""
    if not resource.type.startswith("kubernetes:"):
        return
    for path, spec in walk(resource.inputs):
        beside = [mapping(each) for each in items(spec.get("initContainers"))]
        containers = [mapping(each) for each in items(spec.get("containers"))]
        containers += [each for each in beside if each.get("restartPolicy") == SIDECAR]
        needed = max((_pre_stop(each) + _drain(each) for each in containers), default=0)
        grace = spec.get("terminationGracePeriodSeconds")
        grace = DEFAULT_GRACE if grace is None else grace
        if needed and isinstance(grace, int | float) and grace < needed:
            yield (
                f"{path}.terminationGracePeriodSeconds: {int(grace)}; must be at least {needed}, the seconds of "
                "preStop and of the drain after it"
            )


def _pre_stop(container: Mapping[str, object]) -> int:
    hook = mapping(mapping(container.get("lifecycle")).get("preStop"))
    sleep = mapping(hook.get("sleep")).get("seconds")
    if isinstance(sleep, int | float):
        return int(sleep)
    words = " ".join(map(str, items(mapping(hook.get("exec")).get("command"))))
    return ceil(sum(_seconds(each) for found in SLEEP.finditer(words) for each in found[1].split()))


def _seconds(pause: str) -> float:
    number = pause.rstrip("smhd")
    return float(number) * UNITS[pause.removeprefix(number)]


def _drain(container: Mapping[str, object]) -> int:
    words = [str(each) for name in ("command", "args") for each in items(container.get(name))]
    if HEADLESS in words:
        return 0
    longest = 0
    for word, following in pairwise([*words, ""]):
        for found in DRAINS.finditer(word):  # a word may be a command of a shell
            seconds = found[1] or following
            longest = max(longest, int(seconds) if seconds.isdecimal() else 0)
    return longest


POLICY = Policy(
    name="grace-covers-drain",
    description="A pod's grace period is at least its preStop pause and the drain of its program together.",
    source="Kubernetes' page on the end of pods: the grace period includes preStop; vLLM's option --shutdown-timeout",
    judge=judge,
)
