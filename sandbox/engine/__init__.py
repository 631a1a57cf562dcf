"""The pinned Pulumi CLI: where it is found, and how it is had where it is not."""
