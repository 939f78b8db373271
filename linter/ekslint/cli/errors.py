"""What a person did wrong, and what to do about it."""

from collections.abc import Sequence

from ekslint.source.location import Location


class UserError(Exception):
    """The job cannot be done as asked: exit code 2, with help."""

    def __init__(self, message: str, *, help: Sequence[str] = (), location: Location | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.help = tuple(help)
        self.location = location
