"""The language host that the engine attaches to. Each Run is a new Python process."""

import platform
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import (
    LanguageRuntimeServicer,
    engine_pb2,
    engine_pb2_grpc,
    language_pb2,
    plugin_pb2,
)

from sandbox.engine.pin import VERSION
from sandbox.host import program
from sandbox.host.environment import NoEnvironmentError, activated, interpreter
from sandbox.host.program import FAILED_AND_SAID_SO, ProgramRun

GRACE_SECONDS = 5
PROGRAM = Path(program.__file__)


class LanguageHost(LanguageRuntimeServicer):
    """Answers the engine's language calls for Python programs. Each program's environment must exist."""

    def __init__(self, environment: Mapping[str, str], *, debug: bool) -> None:
        """`environment` contains the environment variables of the programs. They send debug messages if `debug`."""
        self._environment = environment
        self._debug = debug
        self._engine_address = ""

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        self._engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def About(
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        return language_pb2.AboutResponse(executable=sys.executable, version=platform.python_version())

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetRequiredPlugins(
        self, request: language_pb2.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPluginsResponse:
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        return language_pb2.GetRequiredPackagesResponse()

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        environment = _environment(request)
        try:
            python = interpreter(environment)
        except NoEnvironmentError as missing:
            return self._refused(str(missing))
        process = subprocess.Popen(
            # Run as a file: the program's environment may not contain the sandbox, and must not see its folders.
            [python, "-u", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=activated(self._environment, environment),
            # Ctrl-C goes only to the engine, which cancels the run and so ends the program in order.
            start_new_session=True,
        )
        context.add_callback(lambda: _end(process))
        assert process.stdin  # noqa: S101 - all three are requested above
        assert process.stdout  # noqa: S101
        assert process.stderr  # noqa: S101
        process.stdin.write(self._order(request).to_line())
        process.stdin.flush()
        with grpc.insecure_channel(self._engine_address) as channel:
            engine = engine_pb2_grpc.EngineStub(channel)
            readers = [
                _forward(process.stdout, engine, engine_pb2.INFO),
                _forward(process.stderr, engine, engine_pb2.WARNING),
            ]
            status = process.wait()
            for reader in readers:
                reader.join()
        process.stdin.close()
        return _answer(status)

    def _refused(self, text: str) -> language_pb2.RunResponse:
        with grpc.insecure_channel(self._engine_address) as channel:
            message = engine_pb2.LogRequest(severity=engine_pb2.ERROR, message=text)
            engine_pb2_grpc.EngineStub(channel).Log(message)
        return language_pb2.RunResponse(bail=True)

    def _order(self, request: language_pb2.RunRequest) -> ProgramRun:
        return ProgramRun(
            monitor_address=request.monitor_address,
            engine_address=self._engine_address,
            project=request.project,
            stack=request.stack,
            organization=request.organization or "organization",
            root_directory=request.info.root_directory,
            program_directory=request.info.program_directory or request.pwd,
            entry_point=request.info.entry_point or request.program,
            parallel=request.parallel,
            dry_run=request.dryRun,
            debug=self._debug,
            config=dict(request.config),
            secret_keys=list(request.configSecretKeys),
        )


def _environment(request: language_pb2.RunRequest) -> str:
    """The full path of the program's environment, from the copy of its project; empty if it has none."""
    options = request.info.options
    return str(options["virtualenv"]) if "virtualenv" in options else ""


def _answer(status: int) -> language_pb2.RunResponse:
    if status == 0:
        return language_pb2.RunResponse()
    if status == FAILED_AND_SAID_SO:
        return language_pb2.RunResponse(bail=True)
    if status < 0:
        name = signal.Signals(-status).name
        return language_pb2.RunResponse(error=f"the program was stopped by {name}")
    return language_pb2.RunResponse(error=f"the program ended with status {status}")


def _end(process: "subprocess.Popen[str]") -> None:
    """Stop a program whose run has ended or was cancelled."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _forward(
    stream: IO[str], engine: engine_pb2_grpc.EngineStub, severity: "engine_pb2.LogSeverity.ValueType"
) -> threading.Thread:
    """Send each line that the program prints to the engine, which shows it under the stack."""

    def read() -> None:
        for line in stream:
            try:
                engine.Log(engine_pb2.LogRequest(severity=severity, message=line.rstrip("\n")))
            except grpc.RpcError:
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    return reader
