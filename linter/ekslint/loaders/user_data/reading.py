"""Telling the formats of user data apart, and reading them."""

import re

from ekslint.loaders.user_data.bottlerocket import is_settings, read_settings
from ekslint.loaders.user_data.mime import LONGEST_USER_DATA, decoded, is_base64, is_multipart, parts
from ekslint.loaders.user_data.nodeadm import NODE_CONFIG_MARKER, read_node_config
from ekslint.loaders.user_data.powershell import is_powershell, read_powershell
from ekslint.loaders.user_data.shell import heredocs, read_shell
from ekslint.loaders.user_data.start import NOT_FOLLOWED, NodeStart

_ENCODED = re.compile(r"[A-Za-z0-9+/=\s]+\Z")
_NODE_CONFIG = re.compile(rf"^[ \t]*(?:apiVersion|\"apiVersion\")[ \t]*:[ \t]*\"?{NODE_CONFIG_MARKER}", re.MULTILINE)
_SHORTEST_ENCODED = 40
_CLOUD_CONFIG = "text/cloud-config"


def read_user_data(text: str) -> NodeStart:
    """What user data says of how the node starts its kubelet. Never raises; what cannot be followed is unknown."""
    text = text_of(text)
    start = NodeStart()
    if len(text) > LONGEST_USER_DATA or (_is_encoded(text) and is_base64(text)):
        start.bootstrapper = NOT_FOLLOWED
        start.add_open_flags(NOT_FOLLOWED)
    elif is_multipart(text):
        start.format = "mime"
        found = parts(text)
        if found is None:
            start.add_open_flags(NOT_FOLLOWED)
        for part in found or ():
            _part(start, part.content_type, part.text)
    elif is_powershell(text):
        read_powershell(start, text)
    elif text.lstrip().startswith("#cloud-config"):
        start.format = "cloud-config"
        _part(start, _CLOUD_CONFIG, text)
    elif text.lstrip().startswith("#!"):
        start.format = "shell"
        _script(start, text)
    elif is_settings(text):
        read_settings(start, text)
    elif _NODE_CONFIG.search(text):
        start.format = "nodeadm"
        read_node_config(start, text)
    else:
        # cloud-init does not run it without `#!`, but people forget that, and templates cut it off.
        _script(start, text)
    return start


def is_node_config(text: str) -> bool:
    """Whether a text is a NodeConfig and nothing else, such as a script that writes one."""
    return not text.lstrip().startswith("#!") and not is_multipart(text) and _NODE_CONFIG.search(text) is not None


def text_of(text: str) -> str:
    """User data as it was before somebody encoded it by hand."""
    return (decoded(text) or text) if _is_encoded(text) else text


def _is_encoded(text: str) -> bool:
    """Whether user data has the letters of base64 alone, and more than a word of them."""
    return len(text) > _SHORTEST_ENCODED and _ENCODED.match(text) is not None


def _part(start: NodeStart, content_type: str, text: str) -> None:
    if content_type == "application/node.eks.aws":
        read_node_config(start, text)
    elif content_type == _CLOUD_CONFIG:
        # The commands in it stand in YAML, in several notations: that they are there is all that is read of them.
        found = NodeStart()
        read_shell(found, text)
        if found.bootstrapper is not None:
            start.bootstrapper = start.bootstrapper or found.bootstrapper
            start.add_open_flags(NOT_FOLLOWED)
    elif content_type == "text/x-shellscript" or text.lstrip().startswith("#!"):
        _script(start, text)


def _script(start: NodeStart, text: str) -> None:
    configs = [each for each in heredocs(text) if _NODE_CONFIG.search(each)]
    rest = text
    for each in configs:
        read_node_config(start, each)
        rest = rest.replace(each, "")
    if _NODE_CONFIG.search(rest):
        start.bootstrapper = "nodeadm"
        start.add_open_flags(NOT_FOLLOWED)
    read_shell(start, rest)
