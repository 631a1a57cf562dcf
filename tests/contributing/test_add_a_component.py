"""Following "How to add a component" adds a component. A command reports each missing step."""

from pathlib import Path

import pytest

from tests.contributing import component_sample
from tests.contributing.dry_run import DryRun

PYTEST = ".venv/bin/python -m pytest"
RULES = ".venv/bin/python -m tools.component_rules"
LISTED = f"{PYTEST} tests/facts/test_components.py"
TESTED = f"{PYTEST} tests/components/governance/test_network_source.py"
USED = f"{PYTEST} tests/infra/program/test_refusals_end_the_run.py -k every_component"
AS_RECORDED = f"{PYTEST} tests/infra/test_snapshots.py -k dev"
COMPARED = f"{PYTEST} tests/infra/settings/test_settings_and_components.py -k protocol"
PLACED = f"{PYTEST} tests/sandbox/oci/rules/test_stated.py -k Identity"
PAGES = ".venv/bin/python -m tools.component_docs --check"
SCHEMA = ".venv/bin/playground schema --check"

SOURCE = "components/governance/network_source.py"
OUTPUT = '    source_id: pulumi.Output[str]\n    """OCID of the source."""\n'


@pytest.mark.prove
def test_following_the_page_adds_a_component_and_each_missing_step_is_reported(tmp_path: Path):
    copy = DryRun.of("How to add a component", tmp_path)
    _write_and_list(copy)
    _wire(copy)
    _document(copy)


def _write_and_list(copy: DryRun) -> None:
    copy.write(SOURCE, component_sample.COMPONENT)
    assert "name each component" in copy.fails(LISTED)
    copy.insert(*component_sample.LISTED)

    copy.edit(SOURCE, OUTPUT, "")
    assert "NetworkSource must declare its outputs" in copy.fails(RULES)
    copy.edit(
        SOURCE,
        "class NetworkSource(CheckedArgs, pulumi.ComponentResource):\n",
        f"class NetworkSource(CheckedArgs, pulumi.ComponentResource):\n{OUTPUT}",
    )
    copy.passes(RULES)

    assert "a component without a test" in copy.fails(LISTED)
    copy.write("tests/components/governance/test_network_source.py", component_sample.TEST)
    copy.passes(TESTED)
    assert "NetworkSource" in copy.fails(LISTED)
    copy.insert(*component_sample.WATCHED)
    copy.passes(LISTED)


def _wire(copy: DryRun) -> None:
    assert "{'NetworkSource'}" in copy.fails(USED)
    for file, below, lines in component_sample.WIRING:
        copy.insert(file, below, lines)
    assert "{'NetworkSourceChoices'}" in copy.fails(COMPARED)
    for file, below, lines in component_sample.COMPARED:
        copy.insert(file, below, lines)
    copy.passes(COMPARED)
    copy.passes(".venv/bin/python -m tests.infra.snapshots dev")
    copy.passes(USED)
    copy.passes(AS_RECORDED)
    assert "genai:index:NetworkSource$oci:Identity/networkSource:NetworkSource" in copy.read(
        "tests/infra/snapshots/dev.yaml"
    )


def _document(copy: DryRun) -> None:
    assert "('oci:Identity/networkSource:NetworkSource', 'name')" in copy.fails(PLACED)
    copy.insert(*component_sample.PLACED)
    copy.passes(PLACED)

    assert "docs/components/governance/network_source.md is out of date" in copy.fails(PAGES)
    copy.fails(SCHEMA)
    copy.passes("make docs")
    assert "[NetworkSource](governance/network_source.md)" in copy.read("docs/components/README.md")
    assert "NetworkSourceSettings" in copy.read("docs/schema/stack.schema.json")
