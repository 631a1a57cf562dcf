"""A collector of traces: it keeps what the parts of the path send to it by OTLP over gRPC.

It is a process of its own: the tests start processes, and gRPC does not serve beside a fork.
"""

import base64
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import grpc
from google.protobuf.json_format import MessageToDict, MessageToJson, Parse
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from tests.support.ports import free_port
from tests.support.processes import start_server
from tests.traffic.parts.fleet import wait_for


class Span(NamedTuple):
    """What a part did."""

    service: str
    """How the part calls itself."""

    name: str

    trace: str
    """The trace's id, in hexadecimal digits."""


@dataclass
class Collector:
    """A running collector."""

    port: int
    file: Path

    def shown(self) -> str:
        """Everything in the spans that have arrived. Bytes are encoded, texts are as they were sent."""
        return self.file.read_text(encoding="utf-8")

    def spans(self) -> list[Span]:
        """Each span."""
        found: list[Span] = []
        for line in self.shown().splitlines():
            batch: Any = MessageToDict(Parse(line, trace_service_pb2.ExportTraceServiceRequest()))
            for part in batch["resourceSpans"]:
                named = {each["key"]: each["value"] for each in part["resource"]["attributes"]}
                service = named["service.name"]["stringValue"]
                found += [
                    Span(service, span["name"], base64.b64decode(span["traceId"]).hex())
                    for scope in part["scopeSpans"]
                    for span in scope["spans"]
                ]
        return found


@contextmanager
def collector(folder: Path) -> Iterator[Collector]:
    """A collector on this machine, with its spans and its log in a folder."""
    made = Collector(free_port(), folder / "spans.jsonl")
    command = [sys.executable, "-m", __name__, str(made.port), str(made.file)]
    with (folder / "collector.log").open("wb") as log:
        process = start_server(command, output=log, errors=log)
    try:
        wait_for(lambda: made.file.exists() or process.poll() is not None)
        assert process.poll() is None, (folder / "collector.log").read_text()
        yield made
    finally:
        process.kill()
        process.wait()


class _Service(trace_service_pb2_grpc.TraceServiceServicer):
    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()

    def Export(self, request: Any, context: Any) -> Any:
        line = MessageToJson(request, indent=None)
        with self._lock, self._file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        return trace_service_pb2.ExportTraceServiceResponse()


def _serve(port: int, file: Path) -> None:
    server = grpc.server(ThreadPoolExecutor(4))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(_Service(file), server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    file.touch()
    server.wait_for_termination()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]))
