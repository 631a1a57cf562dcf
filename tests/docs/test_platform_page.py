"""docs/platform.md lists the charts of the code."""

from pathlib import Path

from facts.charts import CHARTS, CRD_CHARTS, Chart, chart_name
from infra.settings.platform import Platform

PAGE = Path(__file__).parents[2] / "docs" / "platform.md"
IN_CRDS_FOLDER = {"gateway": "with the first install", "leaderWorkerSet": "with the first install"}
NO_KINDS = {"metricsExporter", "nodeProblemDetector"}


def row(key: str, chart: Chart) -> str:
    kinds = "none" if key in NO_KINDS else IN_CRDS_FOLDER.get(key, "with the chart")
    if chart.crds:
        own = CRD_CHARTS[chart.crds]
        kinds = f"`{chart_name(own)}` {own.version}"
    cells = (
        f"`{key}`",
        f"`{chart_name(chart)}`",
        chart.version,
        f"`{chart.namespace}`",
        chart.pod_security,
        kinds,
        chart.doubt or "read, not run",
    )
    return f"| {' | '.join(cells)} |"


def test_the_table_has_a_row_for_every_chart():
    text = PAGE.read_text(encoding="utf-8")
    for key, chart in CHARTS.items():
        assert row(key, chart) in text, f"docs/platform.md wants this row: {row(key, chart)}"


def test_every_chart_can_be_turned_on_by_its_key():
    keys = {field.alias for field in Platform.model_fields.values()}
    assert keys == set(CHARTS)
