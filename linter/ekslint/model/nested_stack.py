"""A stack that is made of a template which stands elsewhere."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ekslint.model.entity import Entity


class NestedStack(Entity):
    """A stack within a stack: what it makes is in no file."""

    __slots__ = ("parameters", "template_url")
    defaults: ClassVar[Mapping[str, Any]] = {"parameters": {}, "template_url": None}
    template_url: str | None
    """What is filled in at deployment stands in it as `${Name}`."""
    parameters: Mapping[str, str]
    """What it is given, by the names of its parameters."""
