"""One measured figure."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A figure and what it was compared with. It must not exceed `bound`. Without a bound it is only reported."""

    name: str
    value: float
    unit: str
    compared: str
    bound: float | None = None

    @property
    def falls_short(self) -> bool:
        """Whether it exceeds its bound."""
        return self.bound is not None and self.value > self.bound

    @property
    def verdict(self) -> str:
        """`PASS` or `FAIL`. Empty without a bound."""
        return "" if self.bound is None else "FAIL" if self.falls_short else "PASS"

    def as_json(self) -> dict[str, object]:
        """The figure for `--json`."""
        return {**asdict(self), "falls_short": self.falls_short, "verdict": self.verdict}
