"""Windows nodes: the call of `Start-EKSBootstrap.ps1` (EKS user guide, Windows AMIs, bootstrap configuration)."""

import re
from itertools import islice
from typing import NamedTuple

from ekslint.loaders.user_data.kubelet_flags import add_flags
from ekslint.loaders.user_data.start import (
    FILLED_IN,
    NOT_FOLLOWED,
    SEVERAL_WAYS,
    NodeStart,
    is_filled_in_later,
)

_MARKER = re.compile(r"<powershell>|Start-EKSBootstrap", re.IGNORECASE)
_BOOTSTRAP = re.compile(r"Start-EKSBootstrap", re.IGNORECASE)
_CALL = re.compile(r"-EKSClusterName\b", re.IGNORECASE)
_ARGUMENT = re.compile(r"-([A-Za-z]\w*)(?:[ \t]+|:)(\"(?:[^\"`]|`.)*\"|'(?:[^']|'')*'|(?!-)[^\s\"'|;>]+)", re.DOTALL)
_BARE = re.compile(r"(?:^|\s)(\$\{[^}]*\}|@\w+)(?=\s|$)")
_CLUSTER_FIELDS = {"apiserverendpoint": "apiServerEndpoint", "base64clusterca": "certificateAuthority"}
_LONGEST_CALL = 16_000
_MAXIMUM_CALLS = 20


def is_powershell(text: str) -> bool:
    """Whether user data is for Windows."""
    return _MARKER.search(text) is not None


def read_powershell(start: NodeStart, text: str) -> None:
    """Take up what a PowerShell script does."""
    start.format = "powershell"
    calls = [_call(_command(text, match.start())) for match in islice(_CALL.finditer(text), _MAXIMUM_CALLS)]
    if not calls:
        if _BOOTSTRAP.search(text):
            start.bootstrapper = "Start-EKSBootstrap"
            start.add_open_flags(NOT_FOLLOWED)
        return
    start.bootstrapper = "Start-EKSBootstrap"
    if any(call != calls[0] for call in calls):
        start.cluster_name = SEVERAL_WAYS
        start.add_open_flags(SEVERAL_WAYS)
        return
    call = calls[0]
    for name, value in call.arguments:
        start.script_arguments[name] = value
        if name.lower() == "eksclustername":
            start.cluster_name = value
            start.cluster_fields["name"] = None
        elif name.lower() == "kubeletextraargs":
            add_flags(start, value.split())
        elif name.lower() in _CLUSTER_FIELDS:
            start.cluster_fields[_CLUSTER_FIELDS[name.lower()]] = None
    if call.is_open:
        start.add_open_flags(FILLED_IN)


class _Call(NamedTuple):
    arguments: tuple[tuple[str, str], ...]
    is_open: bool
    """Whether something that is filled in later, or splatted, may add arguments."""


def _call(command: str) -> _Call:
    arguments = tuple(
        (match[1], match[2][1:-1] if match[2][0] in "\"'" else match[2]) for match in _ARGUMENT.finditer(command)
    )
    others = _BARE.findall(_ARGUMENT.sub(" ", command))
    return _Call(arguments, any(is_filled_in_later(word) or word.startswith("@") for word in others))


def _command(text: str, position: int) -> str:
    """The rest of the line, and of those that a backquote continues."""
    lines: list[str] = []
    for line in text[position : position + _LONGEST_CALL].split("\n"):
        stripped = line.rstrip()
        lines.append(stripped.removesuffix("`"))
        if not stripped.endswith("`"):
            break
    return " ".join(lines)
