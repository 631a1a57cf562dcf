"""When a version of vLLM came out, as far as figures are of it. Engines get faster from version to version.

Source: upload times of vLLM's source packages on PyPI (PEP 700, `upload-time`), read in November 2026.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from packaging.version import InvalidVersion, Version

RELEASED: Mapping[str, date] = MappingProxyType(
    {
        "0.4.3": date(2024, 6, 1),
        "0.6.3": date(2024, 10, 14),
        "0.6.4": date(2024, 11, 15),
        "0.6.5": date(2024, 12, 18),
        "0.6.6": date(2024, 12, 27),
        "0.7.3": date(2025, 2, 20),
        "0.8.5": date(2025, 4, 28),
        "0.9.0": date(2025, 5, 28),
        "0.9.1": date(2025, 6, 10),
        "0.10.0": date(2025, 7, 25),
        "0.10.1": date(2025, 8, 19),
        "0.10.2": date(2025, 9, 13),
        "0.11.1": date(2025, 11, 19),
        "0.26.0": date(2026, 7, 25),
    }
)
"""By its first three numbers: a build before a release counts as the release, and so does a later fourth number."""


def released(version: str) -> date | None:
    """The day of a version, or None: it has no number, or is not in the table."""
    try:
        parts = Version(version).release
    except InvalidVersion:
        return None
    return RELEASED.get(".".join(str(each) for each in parts[:3]))
