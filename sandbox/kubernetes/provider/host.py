"""Messages to the engine, and errors in the form that it expects from a provider."""

import contextlib
from collections.abc import Sequence
from typing import NoReturn

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import engine_pb2, provider_pb2, status_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineStub

_DETAILS = "grpc-status-details-bin"


class EngineLog:
    """Sends messages to the engine. Without an engine they are dropped."""

    def __init__(self, address: str = "") -> None:
        self._stub = EngineStub(grpc.insecure_channel(address)) if address else None

    def warn(self, urn: str, message: str) -> None:
        """Show a warning for a resource."""
        self._log(engine_pb2.WARNING, urn, message)

    def info(self, urn: str, message: str) -> None:
        """Show a message for a resource."""
        self._log(engine_pb2.INFO, urn, message)

    def _log(self, severity: "engine_pb2.LogSeverity.ValueType", urn: str, message: str) -> None:
        if self._stub is None:
            return
        with contextlib.suppress(grpc.RpcError):
            self._stub.Log(engine_pb2.LogRequest(severity=severity, urn=urn, message=message), timeout=5)


def fail(context: grpc.ServicerContext, message: str) -> NoReturn:
    """End the call with an error message."""
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort does not return")


def fail_partially(
    context: grpc.ServicerContext,
    message: str,
    *,
    id: str,  # noqa: A002 - as in the message
    properties: Struct,
    reasons: Sequence[str],
    inputs: Struct | None = None,
) -> NoReturn:
    """End the call with an error. The engine keeps the resource in its state, as not initialised."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=id, properties=properties, reasons=[message, *reasons], inputs=inputs
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    status.details.add().Pack(detail)
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort does not return")
