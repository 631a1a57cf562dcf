"""Who can reach whom, and pairs that must reach each other and cannot."""

from report.cluster_networks import as_node_pools
from report.document.model import Block, Section, Sentence, Value
from report.reach_endpoints import blocked_connections
from report.view import View


def reach(view: View) -> Section:
    """The section `reach`."""
    closed = blocked_connections(as_node_pools(view.after))
    blocks: list[Block] = [
        Sentence(parts=["CLOSED: ", Value(path=f"closed[{index}]")], level="alarm")
        for index in range(len(closed))
    ]
    return Section(
        key="reach",
        title="Reach",
        data={"closed": closed},
        blocks=blocks or [Sentence(parts=["Every pair that must connect can connect."])],
    )
