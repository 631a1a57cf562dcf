"""The name and version of this product. Only pyproject.toml contains the version."""

NAME = "genai-playground"
"""Name of the distribution, the Pulumi project, the settings' prefix and the cache folder."""

CREATOR_TAG = (NAME, "CreatedBy")
"""Tag namespace and key of the tenancy's own tag of creators. Every stack's provider must know it, so that it leaves it
alone. So the name is fixed."""

PACKAGE = "genai"
"""Name of the component package. It is part of every component's URN (docs/adr/0002), so it must not change."""


def version() -> str:
    """The installed version, such as `0.1.0`."""
    from importlib.metadata import version as installed  # noqa: PLC0415 - it loads the parser of e-mails

    return installed(NAME)
