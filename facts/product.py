"""What this product is called, and its version, which stands in pyproject.toml alone."""

from importlib.metadata import version as installed_version

NAME = "genai-playground"
"""Of the distribution, the Pulumi project, the settings' prefix and the cache folder."""

PACKAGE = "genai"
"""Of the component package. It stands in every component's URN (docs/adr/0002), so it stays."""


def version() -> str:
    """The version that is installed, such as `0.1.0`."""
    return installed_version(NAME)
