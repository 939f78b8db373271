"""The three severities, and how they move."""

from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is: ordered, so that thresholds compare."""

    INFO = 1
    """Advice."""
    WARNING = 2
    """A production risk."""
    ERROR = 3
    """It will be rejected, or it cannot work."""

    def __str__(self) -> str:
        return self.name.lower()

    def lowered(self, steps: int) -> "Severity":
        """This severity, `steps` lower; never below INFO."""
        return Severity(max(Severity.INFO, self - steps))

    @classmethod
    def named(cls, name: str) -> "Severity":
        """The severity called `name` ("error", "warning", "info"); KeyError for any other word."""
        return cls[name.upper()]
