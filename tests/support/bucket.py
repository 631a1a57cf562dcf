"""A bucket on this machine: an S3-compatible server, and rclone configured for it."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from tests.support.ports import free_port
from tests.support.processes import start_server
from tools.system_tools import BIN

BUCKET = "models"


def path_with_rclone() -> str:
    """PATH with the pinned rclone of the environment first. The system's may be years older."""
    return f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"


def rclone_variables(port: int) -> dict[str, str]:
    """Environment variables that define rclone's remote `weights` as the server at a port."""
    prefix = "RCLONE_CONFIG_WEIGHTS_"
    return {
        f"{prefix}TYPE": "s3",
        f"{prefix}PROVIDER": "Other",
        f"{prefix}ENDPOINT": f"http://127.0.0.1:{port}",
        f"{prefix}ACCESS_KEY_ID": "test",
        f"{prefix}SECRET_ACCESS_KEY": "test",
    }


def clean_environment(port: int) -> dict[str, str]:
    """This process's environment without variables that redirect S3 clients, and with the remote."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_"))}
    quiet = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "")
    return {**kept, **quiet, **rclone_variables(port), "PATH": path_with_rclone()}


def s3_client(port: int, region: str = "us-east-1") -> Any:
    """A boto3 client for the server at a port."""
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name=region,
    )


@contextmanager
def s3_server(folder: Path) -> Iterator[int]:
    """An S3-compatible server with the empty bucket BUCKET; yields its port."""
    port = free_port()
    process = start_server(
        [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
        folder=folder,
        output=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        rclone(port, "mkdir", f"weights:{BUCKET}")
        yield port
    finally:
        process.kill()
        process.wait()


def rclone(port: int, *words: str, content: bytes | None = None) -> bytes:
    """Run an rclone command against the server. Returns its output."""
    command = ["rclone", *words, "--config", ""]
    done = subprocess.run(
        command, input=content, env=clean_environment(port), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _wait_for(port: int, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
