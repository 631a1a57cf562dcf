"""Staging of weights compared with rclone and its defaults, from the same server to the same disk, and with `cat`.

Each measurement ends when the bytes are on the disk: ours flushes itself, the others are followed by a flush. Ours
also checks SHA-256. rclone checks MD5 if the server gives it.
"""

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from serving.weights.node.disk import flush
from serving.weights.node.manifest import MANIFEST, Manifest, ModelId, WeightFile
from tests.bench.figure import Figure
from tests.support.bucket import BUCKET, clean_environment, s3_client, s3_server

FILES = 6
FILE_BYTES = 512 << 20
STREAMS = 4
"""rclone's default number of transfers. The server is one Python process."""

ROUNDS = 3
WANTED = ModelId("bench", "0" * 40)


def figures() -> list[Figure]:
    """Our time divided by that of the others: median of alternating rounds."""
    with tempfile.TemporaryDirectory(prefix="weights-bench-") as scratch:
        folder = Path(scratch)
        files = _source(folder / "source")
        with s3_server(folder) as port:
            _fill(port, files)
            ways = _ways(folder, port, files)
            for way in ways.values():
                _seconds(folder, way)
            rounds = [{name: _seconds(folder, way) for name, way in ways.items()} for _ in range(ROUNDS)]
    return [
        _figure("rclone with its defaults", rounds, "rclone", 1.0),
        _figure("cat of the same bytes", rounds, "cat", None),
    ]


def _figure(other: str, rounds: list[dict[str, float]], key: str, bound: float | None) -> Figure:
    ratio = statistics.median(each["ours"] / each[key] for each in rounds)
    mine, others = (statistics.median(each[name] for each in rounds) for name in ("ours", key))
    size = FILES * FILE_BYTES
    compared = (
        f"{size / 1e9:.1f} GB in {FILES} files, median of {ROUNDS} pairs: {mine:.1f} s ({size / mine / 1e6:.0f} MB/s) "
        f"against {others:.1f} s ({size / others / 1e6:.0f} MB/s)"
    )
    return Figure(f"weights from a local S3 server to disk against {other}", ratio, "x", compared, bound)


def _ways(folder: Path, port: int, files: list[Path]) -> dict[str, Callable[[Path], None]]:
    environment = clean_environment(port)
    wanted = folder / "wanted.json"
    wanted.write_text(json.dumps([vars(WANTED)]))

    def ours(target: Path) -> None:
        words = ["--signs", str(target), "run", "--root", str(target / "disk"), "--bucket", BUCKET, "--once"]
        words += [
            "--wanted",
            str(wanted),
            "--disk-share",
            "0.99",
            "--streams",
            str(STREAMS),
            "--hashers",
            "2",
        ]
        command = [sys.executable, "-m", "serving.weights.node.agent", *words]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

    def rclone(target: Path) -> None:
        command = ["rclone", "copy", f"weights:{BUCKET}/{WANTED.prefix}", str(target), "--config", ""]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        _flush_all(target)

    def cat(target: Path) -> None:
        for file in files:
            with (target / file.name).open("wb") as out:
                subprocess.run(["cat", str(file)], stdout=out, check=True)
        _flush_all(target)

    return {"ours": ours, "rclone": rclone, "cat": cat}


def _seconds(folder: Path, way: Callable[[Path], None]) -> float:
    target = folder / "target"
    target.mkdir()
    os.sync()
    begun = time.perf_counter()
    way(target)
    taken = time.perf_counter() - begun
    copied = sum(file.stat().st_size for file in target.rglob("model-*"))
    if copied != FILES * FILE_BYTES:
        raise RuntimeError(f"{copied} bytes were copied, not {FILES * FILE_BYTES}")
    shutil.rmtree(target)
    return taken


def _flush_all(folder: Path) -> None:
    for file in folder.rglob("*"):
        flush(file)


def _source(folder: Path) -> list[Path]:
    folder.mkdir()
    files = [folder / f"model-{index:05}.safetensors" for index in range(FILES)]
    block = os.urandom(1 << 20)
    for index, file in enumerate(files):
        with file.open("wb") as opened:
            for part in range(FILE_BYTES >> 20):
                opened.write(index.to_bytes(8, "big") + part.to_bytes(8, "big") + block[16:])
    return files


def _fill(port: int, files: list[Path]) -> None:
    client = s3_client(port)
    listed: list[WeightFile] = []
    for file in files:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            client.put_object(Bucket=BUCKET, Key=f"{WANTED.prefix}/{file.name}", Body=opened)
        listed.append(WeightFile(file.name, file.stat().st_size, digest))
    text = Manifest(WANTED.model, WANTED.revision, "someone/bench", tuple(listed)).text()
    client.put_object(Bucket=BUCKET, Key=f"{WANTED.prefix}/{MANIFEST}", Body=text.encode())
