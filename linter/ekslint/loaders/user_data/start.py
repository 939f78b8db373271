"""The result of reading user data."""

import re
from dataclasses import dataclass, field

from ekslint.model.pool import Taint
from ekslint.model.reading import Unknown

# What the shell, PowerShell or a template fills in later: `$NAME`, `${NAME}`, `$(command)`, a backquoted command.
_EXPANSION = re.compile(r"\$[A-Za-z_{(0-9@*]|`")

NOT_FOLLOWED = Unknown("user data sets flags of the kubelet in a way that cannot be followed")
FILLED_IN = Unknown("it is filled in when the node starts, or at deployment")
SEVERAL_WAYS = Unknown("user data starts the kubelet in several ways")


@dataclass(slots=True)
class NodeStart:
    """How a node starts its kubelet, as far as its user data says."""

    format: str | None = None
    """See `UserData.format`."""
    bootstrapper: str | Unknown | None = None
    """See `UserData.bootstrapper`; Unknown where something that is not in the text may start a kubelet."""
    cluster_name: str | Unknown | None = None
    """As written, with `${Name}` for what is filled in later."""
    service_cidr: str | None = None
    """As written, like the name."""
    cluster_fields: dict[str, None] = field(default_factory=dict)
    labels: dict[str, str | Unknown] = field(default_factory=dict)
    open_labels: Unknown | None = None
    """Why there may be further labels."""
    taints: list[Taint | Unknown] = field(default_factory=list)
    open_taints: Unknown | None = None
    max_pods: int | Unknown | None = None
    kubelet_flags: dict[str, str] = field(default_factory=dict)
    open_flags: Unknown | None = None
    script_arguments: dict[str, str] = field(default_factory=dict)

    def add_open_flags(self, why: Unknown) -> None:
        """There are flags that cannot be read: labels and taints among them, as far as anybody knows."""
        self.open_flags = self.open_flags or why
        self.open_labels = self.open_labels or why
        self.open_taints = self.open_taints or why
        if self.max_pods is None:
            self.max_pods = why


def is_filled_in_later(text: str) -> bool:
    """Whether a part of the text is only known once the node starts, or the stack is deployed."""
    return _EXPANSION.search(text) is not None
