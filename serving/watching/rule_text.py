"""What Prometheus reads as a template in the texts of an alert.

Sources: template/template.go and `testTemplateParsing` in model/rulefmt/rulefmt.go of Prometheus 3. It refuses a whole
file of rules for one text that it cannot parse, and the Prometheus operator leaves out such a PrometheusRule.
"""

import re
from collections.abc import Collection, Iterator

from facts.problem import Problem

_FUNCTIONS = (
    "humanize", "humanize1024", "humanizeDuration", "humanizePercentage", "humanizeTimestamp", "title", "toUpper",
    "toLower", "stripPort", "stripDomain",
)  # fmt: skip
"""Functions of one argument that return a text."""

_ACTION = re.compile(r"\{\{(.*?)\}\}")
_LABEL = re.compile(r"(?:\$labels|\.Labels)\.([A-Za-z_][A-Za-z0-9_]*)")
_OPERAND = rf"(?:\$value|\.Value|{_LABEL.pattern.replace('([', '(?:[')})"
_FORMAT = r'printf\s+"[^"\\]*"'
_FUNCTION = rf"(?:{'|'.join(_FUNCTIONS)}|{_FORMAT})"
_PIPELINE = re.compile(rf"-?\s*(?:{_FUNCTION}\s+)?{_OPERAND}(?:\s*\|\s*{_FUNCTION})*\s*-?")
"""A value or a label, through functions. `if`, `with` and the like are refused: a summary is one line."""


def summary_problems(summary: str, labels: Collection[str] | None, path: str) -> Iterator[Problem]:
    """A text that is no line, or a template that Prometheus cannot parse or fills with nothing. `labels`: those that
    the alert may have, or None if they are unknown."""
    if not summary.strip() or not summary.isprintable():
        yield Problem(path, summary, "must be one line of text")
        return
    rest = _ACTION.sub("", summary)
    wrong = [each for each in _ACTION.findall(summary) if not _PIPELINE.fullmatch(each)]
    if "{{" in rest or "}}" in rest:
        allowed = "must be one line, in which each {{ has its }}: Prometheus reads it as a template"
        yield Problem(path, summary, allowed)
    for each in wrong:
        allowed = (
            "must be a template of a value or a label, e.g. {{ $labels.model_name }} or {{ $value | humanize }}: "
            "Prometheus loads no rule beside a template that it cannot parse"
        )
        yield Problem(path, f"{{{{{each}}}}}", allowed, f"Functions are: printf, {', '.join(_FUNCTIONS)}")
    for action in _ACTION.findall(summary):
        for label in _LABEL.findall(action):
            if labels is not None and label not in labels:
                yield Problem.not_one_of(path, label, sorted(labels), "is not a label of these metrics")
