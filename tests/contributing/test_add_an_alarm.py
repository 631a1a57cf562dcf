"""Following "How to add an alarm" adds an alarm. A command reports each missing step."""

from pathlib import Path

import pytest

from tests.contributing.dry_run import DryRun

ALARM = """
load-high:
  title: Processes wait for a processor
  namespace: oci_computeagent
  query: LoadMean[5m].mean() > $threshold
  threshold: 64
  severity: WARNING
  kind: saturation
  pendingDuration: PT15M
  perDimension: true
  body: >-
    More processes want to run than the node has processors. Add a node to its pool.
"""

FILE = "components/observability/alarms/nodes.yaml"
FIRST = "cpu-utilisation-high:\n"
SOUND = ".venv/bin/python -m pytest tests/components/observability/test_definitions.py"
AS_RECORDED = ".venv/bin/python -m pytest tests/infra/test_snapshots.py -k dev"


@pytest.mark.prove
def test_following_the_page_adds_an_alarm_and_each_missing_step_is_reported(tmp_path: Path):
    copy = DryRun.of("How to add an alarm", tmp_path)
    copy.edit(FILE, FIRST, ALARM.lstrip() + "\n" + FIRST)
    assert "LoadMean" in copy.fails(SOUND)
    copy.edit(FILE, "LoadMean", "LoadAverage")
    copy.passes(SOUND)

    assert "test_the_program_registers_what_the_snapshot_says" in copy.fails(AS_RECORDED)
    copy.passes(".venv/bin/python -m tests.infra.snapshots dev")
    copy.passes(AS_RECORDED)
    assert "LoadAverage[5m].mean() > 64" in copy.read("tests/infra/snapshots/dev.yaml")
