"""The servers that the engine attaches to: the language host, and a provider for each cloud package."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import grpc
from pulumi.runtime.proto import ResourceProviderServicer, provider_pb2_grpc
from pulumi.runtime.proto.language_pb2_grpc import add_LanguageRuntimeServicer_to_server

from sandbox.engine_process import MESSAGE_BYTES, engine_environment
from sandbox.home import Home
from sandbox.host.language import LanguageHost

Providers = AbstractContextManager[dict[str, ResourceProviderServicer]]

WORKERS = 32
"""How many calls are answered at the same time. The engine sends one for each resource in progress."""


@dataclass(frozen=True)
class Servers:
    """The ports of the servers."""

    providers: dict[str, int]
    language: int

    def environment(self, *, own_language_host: bool) -> dict[str, str]:
        """The variables that make the engine attach to the servers instead of starting plugins."""
        told = {"PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in self.providers.items())}
        if own_language_host:
            told["PULUMI_DEBUG_LANGUAGES"] = f"python:{self.language}"
        return told


def _stand_ins(home: Home) -> Providers:
    from sandbox.providers import open_providers  # noqa: PLC0415 - the stand-ins take a second to load

    return open_providers(home)


@contextmanager
def serve(
    home: Home, open_providers: Callable[[Home], Providers] = _stand_ins, *, debug: bool = True
) -> Iterator[Servers]:
    """Serve the stand-ins on free loopback ports until the block ends.

    Without `debug`, programs do not send the engine their debug messages.
    """
    with open_providers(home) as providers:
        running = [_server() for _ in (*providers, "language")]
        ports: dict[str, int] = {}
        for server, (name, servicer) in zip(running, providers.items(), strict=False):
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
            ports[name] = server.add_insecure_port("127.0.0.1:0")
        host = LanguageHost(engine_environment(home), debug=debug)
        add_LanguageRuntimeServicer_to_server(host, running[-1])
        language = running[-1].add_insecure_port("127.0.0.1:0")
        for server in running:
            server.start()
        try:
            yield Servers(ports, language)
        finally:
            for stopping in [server.stop(grace=1) for server in running]:
                stopping.wait(5)


def _server() -> grpc.Server:
    return grpc.server(
        ThreadPoolExecutor(max_workers=WORKERS),
        options=[
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", MESSAGE_BYTES),
            ("grpc.so_reuseport", 0),
        ],
    )
