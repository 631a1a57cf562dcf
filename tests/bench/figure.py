"""One measured figure."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A figure with what was compared. `bound` is what it should not exceed; None where it is only reported."""

    name: str
    value: float
    unit: str
    compared: str
    bound: float | None = None

    @property
    def falls_short(self) -> bool:
        """Whether it is beyond its bound."""
        return self.bound is not None and self.value > self.bound

    def as_json(self) -> dict[str, object]:
        """The figure for `--json`."""
        return {**asdict(self), "falls_short": self.falls_short}
