"""How a node starts: user data, and what it tells of labels and taints."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ekslint.model.entity import Entity
from ekslint.model.pool import Taint


class UserData(Entity):
    """Decoded user data of a launch template, a launch configuration or an instance."""

    __slots__ = ("bootstrapper", "cluster_name", "format", "labels", "max_pods", "taints", "text")
    defaults: ClassVar[Mapping[str, Any]] = {
        "bootstrapper": None,
        "cluster_name": None,
        "format": None,
        "labels": {},
        "max_pods": None,
        "taints": (),
        "text": None,
    }
    text: str | None
    format: str | None
    """`shell`, `mime`, `nodeadm`, `toml` or `powershell`."""
    bootstrapper: str | None
    """`bootstrap.sh`, `nodeadm`, `bottlerocket` or `Start-EKSBootstrap`; None where it starts no known kubelet."""
    cluster_name: str | None
    labels: Mapping[str, str]
    taints: Sequence[Taint]
    max_pods: int | None
