"""A dashboard of Management Dashboard, as one JSON document of charts with metrics.

The form of the document: `facts/dashboards.py`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_oci import managementdashboard

from components.options import child
from facts.checked_args import CheckedArgs
from facts.dashboards import COLUMNS
from facts.problem import Problem, refuse

from .panels import Panel, panels

_PROVIDER = {
    "providerId": "log-analytics",
    "providerName": "Logging Analytics",
    "providerVersion": "3.0.0",
    "metadataVersion": "2.0",
}
_HEIGHT, _WIDTH = 4, COLUMNS // 2
_TIME = {
    "name": "time",
    "displayName": "$(bundle.globalSavedSearch.TIME)",
    "required": True,
    "hidden": True,
}
_SERVICES = {"crossService": {"shared": True}, "serviceTypes": ["log-analytics", "management-dashboard"]}


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    """Arguments of a Dashboard."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the dashboard, which has the metrics too."""

    region: str
    """Region of the metrics, e.g. `us-ashburn-1`."""

    title: str
    """Title of the dashboard. A dashboard with the same title in the compartment is replaced."""

    panels: Sequence[str]
    """Names of the panels in panels.yaml, at least one. They are shown in the file's order."""

    description: str | None = None
    """What the dashboard shows. Default: none."""


class Dashboard(CheckedArgs, pulumi.ComponentResource):
    """A dashboard. Every change imports it again, over the old one of the same title.

    The provider deletes nothing: a removed dashboard stays in the Console until somebody deletes it there.
    """

    document: pulumi.Output[str]
    """The document that was imported."""

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(dashboard_problems(args.panels, path=name), f"the dashboard {name}")
        super().__init__("genai:index:Dashboard", name, {}, opts)
        chosen = {key: panel for key, panel in panels().items() if key in args.panels}
        document = pulumi.Output.from_input(args.compartment_id).apply(
            lambda compartment: _document(name, compartment, args, chosen)
        )
        managementdashboard.ManagementDashboardsImport(
            f"{name}-import",
            managementdashboard.ManagementDashboardsImportArgs(
                import_details=document, override_same_name="true"
            ),
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        self.document = document
        self.register_outputs({"document": self.document})


def dashboard_problems(chosen: Sequence[str], *, path: str) -> Iterator[Problem]:
    """No panels, or unknown ones."""
    if not chosen:
        yield Problem(f"{path}.panels", [], "must name a panel")
    for index, each in enumerate(chosen):
        if each not in panels():
            yield Problem.not_one_of(f"{path}.panels[{index}]", each, panels())


def _document(name: str, compartment: str, args: DashboardArgs, chosen: Mapping[str, Panel]) -> str:
    place = {"compartmentId": compartment}
    dashboard = {
        **_PROVIDER,
        **place,
        "dashboardId": name,
        "displayName": args.title,
        "description": args.description or "",
        "isOobDashboard": False,
        "isShowInHome": False,
        "isShowDescription": True,
        "isFavorite": False,
        "type": "normal",
        "screenImage": " ",
        "nls": {},
        "uiConfig": {"isFilteringEnabled": False, "isTimeRangeEnabled": True, "isRefreshEnabled": True},
        "dataConfig": [],
        "drilldownConfig": [],
        "featuresConfig": _SERVICES,
        "parametersConfig": [{"name": "time", "displayName": _TIME["displayName"], "src": "$(context.time)"}],
        "tiles": [_tile(name, index, key, panel) for index, (key, panel) in enumerate(chosen.items())],
        "savedSearches": [_search(name, key, panel, place, args.region) for key, panel in chosen.items()],
        "freeformTags": {},
        "definedTags": {},
    }
    return json.dumps({"dashboards": [dashboard]}, sort_keys=True)


def _tile(name: str, index: int, key: str, panel: Panel) -> dict[str, Any]:
    row, column = divmod(index, 2)
    return {
        "displayName": panel.title,
        "savedSearchId": f"{name}-{key}",
        "row": row * _HEIGHT,
        "column": column * _WIDTH,
        "height": _HEIGHT,
        "width": _WIDTH,
        "nls": {},
        "uiConfig": {},
        "dataConfig": [],
        "state": "DEFAULT",
        "drilldownConfig": [],
        "parametersMap": {"time": "$(dashboard.params.time)"},
    }


def _source(panel: Panel, place: Mapping[str, str], region: str) -> dict[str, str]:
    return {
        **place,
        "regionName": region,
        "startTime": "$(params.time.start)",
        "endTime": "$(params.time.end)",
        "namespace": panel.namespace,
        "mql": panel.query,
    }


def _search(name: str, key: str, panel: Panel, place: Mapping[str, str], region: str) -> dict[str, Any]:
    series = f"dimensions.{panel.series}"
    lines = {
        "jetConfig": {
            "type": "line",
            "timeAxisType": "enabled",
            "xAxis": {"viewportMin": "$(params.time.start)", "viewportMax": "$(params.time.end)"},
            "legend": {"rendered": True, "position": "top"},
        },
        "value": "aggregatedDatapoints.value",
        "group": "aggregatedDatapoints.timestamp",
        "colorBy": series,
        "series": series,
    }
    return {
        **_PROVIDER,
        **place,
        "id": f"{name}-{key}",
        "displayName": f"{name}: {panel.title}",
        "description": panel.title,
        "isOobSavedSearch": False,
        "type": "WIDGET_SHOW_IN_DASHBOARD",
        "nls": {},
        "uiConfig": {"vizType": "chart", "defaultDataSource": key, "chartInfo": lines},
        "dataConfig": [
            {"name": key, "type": "monitoringDataSource", "parameters": _source(panel, place, region)}
        ],
        "drilldownConfig": [],
        "parametersConfig": [_TIME],
        "featuresConfig": _SERVICES,
        "screenImage": " ",
        "widgetTemplate": "visualizations/chartWidgetTemplate.html",
        "widgetVM": "visualizations/chartWidget",
        "freeformTags": {},
        "definedTags": {},
    }
