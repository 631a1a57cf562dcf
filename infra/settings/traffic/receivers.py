"""Who is told of alerts."""

from infra.settings.base import Section


class AlertReceiver(Section):
    """One receiver of alerts. What it needs depends on its kind (docs/watching.md)."""

    name: str
    """Name that you choose: 2 to 40 characters of a-z, 0-9 and -, starting with a letter."""

    kind: str
    """`pagerDuty`, `slack`, `email`, `topic`, or `heartbeat`, which gets a message every minute and no alert."""

    severities: tuple[str, ...] = ()
    """Severities that it gets: `P1` to `P4`. None for a heartbeat."""

    in_vault: str | None = None
    """Name of the vault's secret: PagerDuty's integration key (Events API v2), Slack's webhook, the password of the
    e-mail user, or the address of the heartbeat. Never the secret itself."""

    channel: str | None = None
    """Channel of Slack, e.g. `#alerts`. Default: the webhook's own."""

    to: str | None = None
    """E-mail address that gets the alerts."""

    sender: str | None = None
    """E-mail address that sends them. OCI Email Delivery must have approved it."""

    smart_host: str | None = None
    """Mail server with port, which must offer TLS, e.g. `smtp.email.us-ashburn-1.oci.oraclecloud.com:587`."""

    user: str | None = None
    """User name at the mail server."""

    topic: str | None = None
    """Name of a topic in `observability.topics`."""


class AlertRelay(Section):
    """The relay that publishes alerts to topics of OCI Notifications: Alertmanager has no receiver for them."""

    image: str
    """Repository of an image with the relay, e.g. `iad.ocir.io/NAMESPACE/alert-relay`: docs/watching.md says how to
    build one."""

    image_digest: str
    """Digest of the image: `sha256:` and 64 hexadecimal digits."""
