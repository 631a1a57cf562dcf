"""The processor of tools/processor, where AI Gateway has its own beside Envoy."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.processes import start_server
from tests.traffic.parts import ai_gateway
from tests.traffic.parts.fleet import wait_for
from tools.processor.build import program

LOG = "processor.log"


@contextmanager
def processor(objects: Iterable[dict[str, Any]], folder: Path) -> Iterator[Path]:
    """A running processor with the configuration of a gateway's objects. Returns its socket. Its log is in `folder`.

    In a cluster it is a sidecar of Envoy that ends after it (internal/controller/gateway_mutator.go of AI Gateway).
    """
    # The path of a socket has at most 107 bytes, and folders of tests are longer.
    with tempfile.TemporaryDirectory(prefix="processor-") as name, (folder / LOG).open("wb") as log:
        socket, config = Path(name) / "socket", folder / "processor.json"
        config.write_text(json.dumps(ai_gateway.processor_config(objects)), encoding="utf-8")
        command = [str(program()), "-socket", str(socket), "-config", str(config)]
        process = start_server(command, output=log, errors=log)
        try:
            wait_for(lambda: socket.exists() or process.poll() is not None)
            assert process.poll() is None, (folder / LOG).read_text()
            yield socket
        finally:
            process.terminate()
            process.wait(30)
