"""DNS: zones in OCI's REST API."""

from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.services.dns.zones import ZONE

endpoint(ZONE, "dns.DnsClient", "zone", also_by="name")
