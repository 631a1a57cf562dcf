"""The REST API: its start, requests a second against a plain handler of the same framework, and what it answers."""

import http.client
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from facts.oci_api import operations
from sandbox.home import HOME_VARIABLE
from sandbox.oci.api.router import handlers
from sandbox.oci.operations import Operations
from sandbox.store import open_store
from sandbox.wire.app import Region, application
from sandbox.wire.server import bind
from tests.bench.figure import Figure
from tests.bench.memory import peak_of_this_process

CALLS = 300
LISTED = 1000
COMPARTMENT = "ocid1.compartment.oc1..aaaabench"
TENANCY = "ocid1.tenancy.oc1..aaaabench"
VCNS = "/20160918/vcns"
VCN = json.dumps({"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]}).encode()
LIST = f"{VCNS}?compartmentId={COMPARTMENT}&limit={LISTED}"


@contextmanager
def serving(app: Starlette) -> Iterator[http.client.HTTPConnection]:
    """A connection to an application on a free port."""
    bound = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield http.client.HTTPConnection("127.0.0.1", bound.getsockname()[1], timeout=60)
    finally:
        server.should_exit = True
        thread.join(10)


def sent(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> Any:
    """The answer to one call."""
    connection.request(method, path, body, {"content-type": "application/json"})
    text = connection.getresponse().read()
    return json.loads(text) if text else None


def a_second(call: Callable[[], object], times: int) -> float:
    """How many calls a second."""
    begun = time.perf_counter()
    for _ in range(times):
        call()
    return times / (time.perf_counter() - begun)


def plain(content: bytes) -> Starlette:
    """An application that answers each call with the same bytes, from a thread as the sandbox does."""

    async def answer(request: Request) -> Response:
        await request.body()
        return await run_in_threadpool(Response, content, 200, {"content-type": "application/json"})

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


def start() -> tuple[float, float]:
    """Seconds of the clock and of the processor, from the start of `sandbox serve` until it says its address.

    Its home is new. The processor's seconds are those of the whole process.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.yaml").touch()
        begun, used = time.perf_counter(), _processor_of_children()
        command = [str(Path(sys.executable).parent / "sandbox"), "serve", "--json"]
        environment = {**os.environ, HOME_VARIABLE: str(Path(folder) / "home")}
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            told = process.stdout.readline()
            took = time.perf_counter() - begun
            process.terminate()
        if not told or process.returncode:
            raise RuntimeError(f"`sandbox serve` ended with {process.returncode} and said {told!r}")
        return took, _processor_of_children() - used


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rates() -> Iterator[Figure]:
    """Calls a second of get, create and a list of a thousand."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "cloud.db") as store:
        region = Region(Operations(store), "us-ashburn-1", TENANCY)
        region.operations.cloud.set_limit("vcn-count", 2 * LISTED)
        with serving(application(region)) as connection:
            made = [sent(connection, "POST", VCNS, VCN)["id"] for _ in range(LISTED - CALLS)]
            create = a_second(lambda: sent(connection, "POST", VCNS, VCN), CALLS)
            one = f"{VCNS}/{made[0]}"
            get = a_second(lambda: sent(connection, "GET", one), CALLS)
            many = a_second(lambda: sent(connection, "GET", LIST), 5)
            bodies = {name: json.dumps(sent(connection, "GET", path)).encode() for name, path in
                      (("get", one), ("list", LIST))}  # fmt: skip
    for name, rate, content, times in (
        ("get", get, bodies["get"], CALLS),
        ("create", create, bodies["get"], CALLS),
        (f"list of {LISTED}", many, bodies["list"], 5),
    ):
        with serving(plain(content)) as connection:
            method, body = ("POST", VCN) if name == "create" else ("GET", None)
            beside = a_second(lambda m=method, b=body, c=connection: sent(c, m, "/", b), times)
        yield Figure(f"wire: {name}", rate, "/s", f"{beside:.0f}/s of a plain handler with the same bytes")


def modelled() -> Iterator[Figure]:
    """How many of the operations are answered, by package of the SDK."""
    answered = Counter(client.partition(".")[0] for client, _ in handlers())
    known = Counter(each.package for each in operations())
    for package, count in sorted(known.items()):
        yield Figure(f"wire: {package}", answered[package], "operations", f"{count} in the table")
    yield Figure(
        "wire: all services", sum(answered.values()), "operations", f"{sum(known.values())} in the table"
    )


def figures() -> list[Figure]:
    """All figures of the REST API."""
    took, used = start()
    compared = f"until `sandbox serve` says its address; {used:.2f} s of the processor"
    begun = Figure("wire: start", took, "s", compared)
    rated = list(rates())
    memory = Figure(
        "wire: memory",
        peak_of_this_process(),
        "MiB",
        "of this process, the client and the plain handler in it",
    )
    return [begun, *rated, memory, *modelled()]
