"""What OCI's Health Checks accept.

Source: the SDK's text of `CreateHttpMonitorDetails`, and Oracle's pages "Managing Health Checks" (methods, HTTP/1.1)
and "Listing Vantage Points" (their names and providers, which change; three or more at three providers are
recommended).
"""

INTERVALS = (10, 30, 60)
"""Seconds between two probes from one vantage point."""

BASIC_SECONDS = 30
"""Shortest interval of a basic check. Checks every 10 seconds are premium (Oracle's page on Health Checks)."""

TIMEOUTS = (10, 20, 30, 60)
"""Seconds for which a probe waits. The timeout must not be longer than the interval."""

METHODS = ("GET", "HEAD")
PROTOCOLS = ("HTTP", "HTTPS")

FORBIDDEN_HEADER = "authorization"
"""Monitors and probes do not support it: anyone who may read the monitor could read it."""

VANTAGE_POINTS = ("aws-iad", "azr-sat", "goo-chs")
"""Three points at three providers. The first is on Oracle's page, the third in the provider's own example, the second
only in public configurations. `oci health-checks vantage-point list` shows all; the list changes."""
