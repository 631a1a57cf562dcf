"""What the gateway's objects contain, from the args of the component."""

from collections.abc import Mapping, Sequence

from facts.charts import CHARTS
from serving.edge.edge_gateways import DEFAULT_ENVOYS
from serving.engine.options.arguments import PORT
from serving.traces import find_collector

from .entry_script import entry_script
from .gateway_rules import TENANT_HEADER
from .model_gateway_args import GatewayModelArgs, ModelGatewayArgs, TenantArgs
from .sizes import (
    DEFAULT_CONCURRENT,
    DEFAULT_STREAMS,
    ENVOY_COPIES,
    ENVOY_MIB,
    PROCESSOR_COPIES,
    PROCESSOR_MIB,
    body_bytes,
    memory_mib,
    request_seconds,
    silent_seconds,
)
from .specs import (
    GATEWAY,
    TLS_PORT,
    Listening,
    Spec,
    certificate_spec,
    client_policy,
    gateway_spec,
    key_policy,
    processor_spec,
    proxy_spec,
    script_policy,
)
from .tenant_route import traffic_spec


class GatewayPlan:
    """The derived values of one gateway."""

    def __init__(self, args: ModelGatewayArgs) -> None:
        self._args = args
        self.header = args.tenant_header or TENANT_HEADER
        self.limit_bytes = args.body_limit_bytes or max(body_bytes(args.models), 1)
        self.silent_seconds = silent_seconds(args.models)
        self.collector = find_collector(args.traces) if args.traces else None
        issued = f"{GATEWAY}-tls" if args.issuer is not None else None
        self.listening = Listening(
            host_name=args.host_name,
            port=args.port or TLS_PORT,
            tls_secret=args.tls_secret or issued,
            health_path=args.health_path,
            health_port=args.health_port,
        )

    @property
    def ports(self) -> Sequence[int]:
        """The ports of the listeners."""
        return sorted({self.listening.port, self.listening.health_port or self.listening.port})

    @property
    def target_ports(self) -> Mapping[str, Sequence[int]]:
        """The ports of the models' Services, by their namespaces."""
        found: dict[str, set[int]] = {}
        for model in self._args.models:
            for target in model.targets:
                found.setdefault(target.namespace, set()).add(target.port or PORT)
        return {namespace: sorted(ports) for namespace, ports in found.items()}

    def seconds(self, model: GatewayModelArgs) -> int:
        """Time limit of a request to a model."""
        return self._args.longest_request_seconds or request_seconds(model)

    def gateway(self) -> Spec:
        return gateway_spec(self.listening)

    def proxy(self) -> Spec:
        envoys = self._args.envoys or DEFAULT_ENVOYS
        memory = self._memory(ENVOY_MIB, ENVOY_COPIES)
        traced = self.collector is not None
        return proxy_spec(envoys, memory, self.silent_seconds, CHARTS["gateway"].namespace, traced=traced)

    def processor(self) -> Spec:
        return processor_spec(self._memory(PROCESSOR_MIB, PROCESSOR_COPIES))

    def certificate(self, issuer: str) -> Spec:
        return certificate_spec(self.listening.host_name, issuer, self.listening.tls_secret or "")

    def policies(self, secrets: Sequence[str]) -> Mapping[str, Spec]:
        """The policies of the whole gateway, by kind."""
        tenants = {tenant.name: (len(tenant.keys), tuple(tenant.models)) for tenant in self._args.tenants}
        found = {
            "ClientTrafficPolicy": client_policy(
                self.listening, self.limit_bytes, self.silent_seconds, self.header, self._streams()
            ),
            "EnvoyExtensionPolicy": script_policy(entry_script(tenants, self.header)),
        }
        return found | ({"SecurityPolicy": key_policy(secrets)} if secrets else {})

    def limits(self, tenant: TenantArgs) -> Spec:
        """The spec of a tenant's BackendTrafficPolicy."""
        return traffic_spec(
            tenant.name,
            requests_per_minute=tenant.requests_per_minute,
            tokens_per_minute=tenant.tokens_per_minute,
            concurrent=self.concurrent(tenant),
            silent_seconds=self.silent_seconds,
            limit_bytes=self.limit_bytes,
        )

    def concurrent(self, tenant: TenantArgs) -> int:
        """Requests of a tenant to one model at the same time."""
        return tenant.concurrent_requests or DEFAULT_CONCURRENT

    def _memory(self, base: int, copies: int) -> int:
        return memory_mib(sum(self._promised()), self.limit_bytes, base=base, copies=copies)

    def _streams(self) -> int:
        """All requests of a tenant may come through one connection."""
        return max([DEFAULT_STREAMS, *self._promised()])

    def _promised(self) -> Sequence[int]:
        """What each tenant may have at the same time, of all its models."""
        return [self.concurrent(tenant) * len(tenant.models) for tenant in self._args.tenants]
