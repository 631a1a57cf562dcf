"""A cluster that exists already."""

from infra.settings.base import Section


class ExistingCluster(Section):
    """An existing cluster. The program reads and checks it, adds node pools to it, and never changes or deletes it."""

    cluster_id: str
    """OCID of the cluster: an enhanced cluster with VCN-native pods, in the VCN of `network.existing`."""

    addons: tuple[str, ...] = ()
    """Names of the add-ons that the cluster has already, such as `AmdGpuPlugin`. The program leaves them as they are.
    It installs the other add-ons that the pools need, and an add-on that is there already is then refused."""
