"""File systems of AWS that a template makes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ekslint.model.entity import Entity


class FileSystem(Entity):
    """An EFS file system."""

    __slots__ = ("is_encrypted",)
    defaults: ClassVar[Mapping[str, Any]] = {"is_encrypted": False}
    is_encrypted: bool
    """Whether what it stores is encrypted; the API's default is no (EFS API reference, CreateFileSystem)."""
