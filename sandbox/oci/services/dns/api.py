"""DNS: zones in OCI's REST API."""

from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.services.dns.zones import ZONE

# The SDK's CreateZoneDetails always has a migrationSource.
endpoint(ZONE, "dns.DnsClient", "zone", also_by="name", unset={"migrationSource": "NONE"})
