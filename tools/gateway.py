"""What runs the gateway of the models on this machine, besides Envoy: Envoy Gateway's translator and a processor."""

from sandbox.engine import go
from tools.egctl import build as egctl
from tools.processor import build as processor


def obtain(say: go.Say) -> None:
    """Build both, if necessary. Raises `go.BuildError`, and EngineUnavailableError if the cache cannot be written."""
    egctl.obtain(say)
    processor.obtain(say)
