"""Every alert by its fault, and a quiet hour: what promtool says of the rules."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from serving.watching.catalogue import load_subject
from tests.bench.figure import Figure
from tests.traffic.parts.rule_tests import GROUPS, fault_test, promtool, quiet_test, write_files
from tools.system_tools import PROMTOOL, find


def figures() -> Iterator[Figure]:
    """How many alerts do not fire in their fault, and in how many parts of a quiet hour one fires."""
    program = find(PROMTOOL)
    assert program is not None, "the command installs it first"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        alerts = [
            (subject, name, alert) for subject in GROUPS for name, alert in load_subject(subject).items()
        ]
        silent = [
            name
            for subject, name, alert in alerts
            if _fails(program, folder, subject, fault_test(subject, name, alert), alert.fault.interval)
        ]
        quiet = quiet_test("a quiet hour", {}, interval="1m", until="1h")
        loud = [subject for subject in GROUPS if _fails(program, folder, subject, quiet, "1m")]
    said = f"{len(alerts)} alerts by promtool; not: {', '.join(silent) or 'none'}"
    yield Figure("alerts: that do not fire in their fault alone", len(silent), "alerts", said, 0)
    said = f"{len(GROUPS)} subjects at 12 moments; loud: {', '.join(loud) or 'none'}"
    yield Figure("alerts: subjects that are not quiet in a quiet hour", len(loud), "subjects", said, 0)


def _fails(program: str, folder: Path, subject: str, test: dict[str, Any], interval: str) -> bool:
    path = folder / "one.yaml"
    content = {"rule_files": [f"{subject}.rules.yaml"], "evaluation_interval": interval, "tests": [test]}
    path.write_text(yaml.safe_dump(content, sort_keys=False, width=1000))
    return promtool(program, "test", "rules", path.name, folder=folder)[0] != 0
