"""`python -m policies FILE`: judge a preview or a state in this process, without the engine and its packages."""

import argparse
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TextIO, cast

from policies.judging import ConfigError, judge
from policies.listed import POLICIES
from policies.model import Config, Finding
from policies.reading import UnreadableError, parsed, read

FINE, BROKEN, UNUSABLE = 0, 1, 2
"""Exit statuses: every mandatory policy holds; one does not; the input or the configuration cannot be used."""

WIDEST = 100
_BOLD, _RED, _YELLOW, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[0m"


def main(words: Sequence[str] | None = None) -> int:
    """Judge, print, and return the exit status."""
    given = _parser().parse_args(words)
    try:
        if given.list:
            return _list(as_json=given.json)
        resources = read(_text(given.file))
        findings = judge(POLICIES, resources, _config(given.config))
    except (ConfigError, UnreadableError, OSError, UnicodeDecodeError) as error:
        for line in str(error).splitlines():
            print(f"policies: {line}", file=sys.stderr)
        return UNUSABLE
    if given.json:
        print(
            json.dumps(
                {"resources": len(resources), "findings": [asdict(each) for each in findings]}, indent=2
            )
        )
    else:
        print("\n".join(report(findings, len(resources), sys.stdout)))
    return BROKEN if any(each.level == "mandatory" for each in findings) else FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m policies",
        description="Check a change or a deployed stack against the policies. Exit status: 0 if all mandatory policies "
        "hold, 1 if not, 2 if the input or the configuration cannot be used.",
    )
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        help="output of `preview --json` or `stack export`, or the file of `preview --event-log`; - for standard input",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        help="levels and settings, as for the engine's --policy-pack-config",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--list", action="store_true", help="list the policies and their settings")
    return parser


def _text(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    return Path(file).read_text(encoding="utf-8")


def _config(file: Path | None) -> Config:
    if file is None:
        return {}
    try:
        found = parsed(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(f"{file}: is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{file}: must be an object with the names of policies")
    return cast("Config", found)


def report(findings: Sequence[Finding], count: int, stream: TextIO) -> list[str]:
    """The findings by policy, for people. Colours only on a terminal."""
    width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST) if stream.isatty() else 80
    coloured = stream.isatty() and "NO_COLOR" not in os.environ
    said = {each.name: each.description for each in POLICIES}
    lines: list[str] = []
    for (name, level), group in groupby(findings, key=lambda each: (each.policy, each.level)):
        colour = _RED if level == "mandatory" else _YELLOW
        head = textwrap.wrap(f"{level.upper()} {name}: {said.get(name, '')}", width, subsequent_indent="  ")
        lines += [f"{colour}{line}{_PLAIN}" if coloured else line for line in head]
        for each in group:
            about = f"{each.urn.rpartition('::')[2]} ({each.urn.split('::')[2].rpartition('$')[2]})"
            lines.append(f"  {_BOLD}{about}{_PLAIN}" if coloured else f"  {about}")
            indent = " " * 4
            lines += textwrap.wrap(
                each.message, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
            )
    broken = sum(each.level == "mandatory" for each in findings)
    advised = len(findings) - broken
    return [
        *lines,
        f"policies: {len(POLICIES)} checked on {count} resources: {broken} {_violations(broken)}, {advised} advisory",
    ]


def _violations(count: int) -> str:
    return "violation" if count == 1 else "violations"


def _list(*, as_json: bool) -> int:
    if as_json:
        listed = [
            {
                "name": p.name,
                "level": p.level,
                "description": p.description,
                "source": p.source,
                "settings": p.schema,
            }
            for p in POLICIES
        ]
        print(json.dumps(listed, indent=2))
        return FINE
    for each in POLICIES:
        print(f"{each.name} ({each.level})")
        for line in (
            each.description,
            *(f"{name}: {each.schema[name]['description']}" for name in each.schema),
        ):
            print(textwrap.fill(line, 80, initial_indent="  ", subsequent_indent="    "))
    return FINE
