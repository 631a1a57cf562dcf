"""The real OCI provider on the sandbox's cloud: every call goes to the provider, and its requests come to our server.

Each connection of the engine is one configured provider, with one region. So each has a process of its own, and the
process gets the variables of its region (see `sandbox.wire.variables`). What they do not reach goes through the proxy
(see `sandbox.wire.proxy`), so that nothing leaves this machine. The provider logs in with the sandbox's profile: the
user's own login is not used.
"""

import os
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2

from sandbox.credentials import hide, with_credentials
from sandbox.oci.provider import DEFAULT_REGION
from sandbox.passthrough import Forwarder
from sandbox.variables import RealProviderError
from sandbox.wire.live import LiveServers
from sandbox.wire.variables import variables

_ALL_HOSTS = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_NO_HOSTS = ("NO_PROXY", "no_proxy")


def provider_environment(servers: LiveServers, region: str, home: Path) -> dict[str, str]:
    """The variables of a provider's process. It gets none of the user's own for OCI, and an empty home folder.

    TF_HOME_OVERRIDE: terraform-provider-oci 8.28.0, `GetHomeFolder` in internal/utils/helpers.go.
    """
    foreign = ("OCI_", "TF_VAR_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(foreign) and name not in (*_ALL_HOSTS, *_NO_HOSTS)
    }
    certificate = str(servers.certificate)
    return {
        **kept,
        **variables(servers.endpoint(region), servers.others, servers.profile, region),
        **dict.fromkeys(_ALL_HOSTS, servers.proxy),
        **dict.fromkeys(_NO_HOSTS, "127.0.0.1,localhost"),
        "TF_VAR_custom_cert_location": certificate,
        "SSL_CERT_FILE": certificate,
        "HOME": str(home),
        "TF_HOME_OVERRIDE": str(home),
    }


class OciForwarder(Forwarder):
    """Sends every call to the real OCI provider, configured with the sandbox's profile and its region's server."""

    def __init__(self, binary: Path, servers: LiveServers, home: Path) -> None:
        super().__init__(binary, provider_environment(servers, DEFAULT_REGION, home))
        self._servers = servers
        self._home = home

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> Any:
        sent = provider_pb2.CheckRequest()
        sent.CopyFrom(request)
        with_credentials(self._servers.profile, sent.news)
        answer = self.forward("CheckConfig", sent, context)
        hide(answer.inputs, request.news)
        return answer

    def Configure(self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext) -> Any:
        sent = provider_pb2.ConfigureRequest()
        sent.CopyFrom(request)
        region = with_credentials(self._servers.profile, sent.args, sent.variables)
        try:
            self.restart(context.peer(), provider_environment(self._servers, region, self._home))
        except RealProviderError as error:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        return self.forward("Configure", sent, context)
