"""Checks of MI300X nodes for the node problem detector: each becomes a condition of the node.

The script reads only the kernel's files below /sys, so its image needs no driver. Nothing acts on a condition: a person
taints and drains the node (docs/platform.md). Sources: node-problem-detector's page on custom plugins
(docs/custom_plugin_monitor.md; exit 0, 1, 2: fine, problem, unknown), the kernel's pages on amdgpu (RAS error counts,
xgmi_error) and on PCI (link width), and the conditions of oci-hpc-oke. It is unverified that a container of the chart
sees all of them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from facts.shapes import Shape

SCRIPT = "mi300x.sh"
MONITOR = "mi300x-monitor.json"
FOLDER = "/custom-config"
"""Where the chart mounts its `settings.custom_monitor_definitions`."""

CONDITIONS: Mapping[str, tuple[str, str]] = {
    "GpuCount": ("gpu-count", "every GPU of the shape is there"),
    "GpuEcc": ("gpu-ras", "no GPU has uncorrectable memory errors"),
    "GpuPcie": ("gpu-pcie", "every GPU has its full PCIe width"),
    "GpuXgmi": ("gpu-xgmi", "no GPU reports an error of its XGMI links"),
    "RdmaLink": ("rdma-links", "every RDMA link is up"),
}
"""The name of the check of each condition, and what the condition says while all is well."""


def node_check_settings(shape: Shape) -> dict[str, object]:
    """The chart's settings for nodes of the shape: the script, the monitor and its place."""
    monitor = {
        "plugin": "custom",
        "pluginConfig": {
            "invoke_interval": "60s",
            "timeout": "30s",
            "max_output_length": 120,
            "concurrency": 2,
        },
        "source": "mi300x-monitor",
        "metricsReporting": True,
        "conditions": [
            {"type": name, "reason": f"{name}Fine", "message": fine} for name, (_, fine) in CONDITIONS.items()
        ],
        "rules": [*_rules(shape)],
    }
    script = (Path(__file__).parent / SCRIPT).read_text(encoding="utf-8")
    return {
        "custom_monitor_definitions": {MONITOR: json.dumps(monitor, indent=1), SCRIPT: script},
        "custom_plugin_monitors": [f"{FOLDER}/{MONITOR}"],
    }


def _rules(shape: Shape) -> Iterator[dict[str, object]]:
    for name, (check, _) in CONDITIONS.items():
        yield {
            "type": "permanent",
            "condition": name,
            "reason": f"{name}Problem",
            "path": "/bin/bash",
            "args": [f"{FOLDER}/{SCRIPT}", check, str(shape.gpus), str(len(shape.rdma_nics))],
            "timeout": "20s",
        }
