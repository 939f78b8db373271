"""What is wrong with a configuration."""

from collections.abc import Iterable, Sequence

from ekslint.source.location import Location


class ConfigurationError(Exception):
    """The configuration cannot be used: the job cannot be done as asked.

    The message is one line, a full sentence without a closing period; it may contain anything that stands in the file.
    """

    def __init__(self, message: str, location: Location | None = None, help: Sequence[str] = ()) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.location = location
        """Where it stands; None for what stands in no file, or in one that cannot be read."""
        self.help = list(help)
        """What to do, one line each."""
        self.all: tuple[ConfigurationError, ...] = (self,)
        """This error, and further ones of the same file in order."""


MOST_ERRORS = 50
"""As many are told: a thousand errors have one reason."""


def raise_all(errors: Iterable[ConfigurationError]) -> None:
    """Raise the first error in order of place, with all others in its `all`; nothing if there is none."""
    unique = {(error.location, error.message): error for error in errors}
    ordered = sorted(unique.values(), key=lambda error: (error.location or (), error.message))[:MOST_ERRORS]
    if ordered:
        ordered[0].all = tuple(ordered)
        raise ordered[0]
