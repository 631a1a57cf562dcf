"""A copy of the cloud in which the steps of a preview are done.

Each step is judged on the copy. In the cloud itself every judgment would have to be undone, which takes longer the more
resources there are.
"""

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry


class PlannedCloud:
    """The cloud after some planned creates and updates. It is copied at the first use and after each `drop`."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._copy: Cloud | None = None

    def of(self, cloud: Cloud) -> Cloud:
        """The copy of `cloud`, with every planned entry in it."""
        if self._copy is None:
            self._copy = Cloud(cloud.store.copied())
            for entry in self._entries.values():
                self._copy.save(entry)
        return self._copy

    def save(self, cloud: Cloud, entry: Entry) -> None:
        """Plan a resource as it will be."""
        self.of(cloud).save(entry)
        self._entries[entry.id] = entry

    def remove(self, cloud: Cloud, id: str) -> None:  # noqa: A002
        """Plan a resource no longer; one that exists is as it is in the cloud."""
        if self._entries.pop(id, None) is not None:
            existing = cloud.find(id)
            if existing is None:
                self.of(cloud).remove(id)
            else:
                self.of(cloud).save(existing)

    def drop(self, id: str) -> None:  # noqa: A002
        """A planned step was carried out: the next copy is of the cloud that has it."""
        self._entries.pop(id, None)
        self._copy = None
