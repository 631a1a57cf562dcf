"""Oracle Cloud Agent: the plugins that it offers for an operating system.

Names: Oracle's table in Content/Compute/Tasks/manage-plugins.htm (High Performance Computing) and oci-hpc-oke, which
enables the two that came before it. That an image's agent runs a plugin is not known here.
"""

from typing import Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.listing import page
from sandbox.oci.api.request import Request, Response

PLUGINS: Final = (
    "Compute HPC RDMA Authentication",
    "Compute HPC RDMA Auto-Configuration",
    "Compute Instance Monitoring",
    "Compute Instance Run Command",
    "Compute RDMA GPU Monitoring",
    "Custom Logs Monitoring",
    "High Performance Computing",
)
_PLUGIN: Final = "oci:ComputeInstanceAgent/getInstanceAvailablePlugin:getInstanceAvailablePlugin"
"""The look-up whose faults hit the list."""
_ON_BY_DEFAULT: Final = frozenset({"Compute Instance Monitoring", "Custom Logs Monitoring"})


@answers(
    "compute_instance_agent.PluginconfigClient",
    "list_instanceagent_available_plugins",
    harmless=("compartmentId", "osName", "osVersion"),
    lists=True,
)
def available_plugins(request: Request) -> Response:
    """The plugins. They are the same for each operating system here."""
    request.meet_faults(_PLUGIN)
    rows = [
        {"name": name, "summary": name, "isSupported": True, "isEnabledByDefault": name in _ON_BY_DEFAULT}
        for name in PLUGINS
    ]
    return page(request, rows, ignored=("compartmentId", "osName", "osVersion"))
