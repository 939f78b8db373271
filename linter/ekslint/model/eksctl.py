"""An eksctl ClusterConfig as it was written, for rules about the file itself."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ekslint.model.cluster import Cluster
from ekslint.model.kubernetes.manifest import View


class ClusterConfig(View):
    """One ClusterConfig document: `get()` reads what was written, `cluster` is what it means with eksctl's defaults."""

    __slots__ = ("cluster",)
    defaults: ClassVar[Mapping[str, Any]] = {"cluster": None}
    cluster: Cluster
