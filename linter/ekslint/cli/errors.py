"""What a person did wrong, and what to do about it."""

from collections.abc import Sequence

from ekslint.source.location import Location


class UserError(Exception):
    """The job cannot be done as asked: exit code 2, with help."""

    def __init__(
        self,
        message: str,
        *,
        help: Sequence[str] = (),  # noqa: A002
        location: Location | None = None,
        others: Sequence["UserError"] = (),
    ) -> None:
        super().__init__(message)
        self.others = tuple(others)
        """Further mistakes of the same kind, so that one run shows them all."""
        self.help = tuple(help)
        self.location = location
