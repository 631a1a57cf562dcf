"""The engine's output without a terminal, in its parts: the lines for each step are left out, the rest is kept."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

_BEGUN = re.compile(r"(Previewing \w+|Updating|Destroying|Refreshing|Importing) \(", re.ASCII)
_HEADS = re.compile(r"(Diagnostics|Outputs|Policies|Resources|Duration):|error:|warning:")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

_OUTPUT = re.compile(r"  [ +~-] (\w+) *:", re.ASCII)
"""The first line of an output. Its other lines are further to the right."""

_LAST = 40
"""Number of last lines that are kept if a run ended without any of the parts."""


@dataclass(frozen=True, kw_only=True)
class EngineText:
    """What an engine wrote about its last pass. An `up` without --skip-preview has two: the preview comes first."""

    before: Sequence[str] = ()
    """Lines before the engine began."""

    heading: str = ""
    """For example `Updating (staging):`. Empty if the engine did not begin."""

    messages: Sequence[str] = ()
    """The warnings and errors of the engine, the providers, the program and the policies, in full."""

    outputs: Sequence[str] = ()
    end: Sequence[str] = ()
    """The counts and the duration, with what the engine writes after them."""


@dataclass
class _Pass:
    parts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    steps: list[str] = field(default_factory=list[str])
    part: str = ""

    def add(self, line: str, plain: str) -> None:
        if head := _HEADS.match(plain):
            self.part = {"Outputs": "outputs", "Resources": "end", "Duration": "end"}.get(head[1], "messages")
        if self.part:
            self.parts.setdefault(self.part, []).append(line)
        elif plain.strip():
            self.steps = [*self.steps[1 - _LAST :], line]


def engine_text(lines: Iterable[str]) -> EngineText:
    """The parts of an engine's output. Lines of the program between the steps are in `messages` as the engine repeats
    them there."""
    before, heading, found = list[str](), "", _Pass()
    for line in lines:
        plain = _COLOUR.sub("", line)
        if _BEGUN.match(plain):
            heading, found = line, _Pass()
        elif heading:
            found.add(line, plain)
        else:
            before.append(line)
    # An engine that was killed wrote no part: its last steps are all that there is to see.
    messages = found.parts.get("messages", []) if found.parts else found.steps
    return EngineText(
        before=before,
        heading=heading,
        messages=_trimmed(messages),
        outputs=_trimmed(found.parts.get("outputs", [])),
        end=_trimmed(found.parts.get("end", [])),
    )


def outputs_without(lines: Sequence[str], names: Collection[str]) -> list[str]:
    """The part on outputs without those of these names; empty if none is left."""
    kept, dropped = list[str](), False
    for line in lines:
        if begun := _OUTPUT.match(_COLOUR.sub("", line)):
            dropped = begun[1] in names
        if not dropped:
            kept.append(line)
    return kept if len(kept) > 1 else []


def _trimmed(lines: Sequence[str]) -> list[str]:
    """Without the empty lines at the end."""
    kept = [*lines]
    while kept and not _COLOUR.sub("", kept[-1]).strip():
        kept.pop()
    return kept
