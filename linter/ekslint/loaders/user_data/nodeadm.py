"""NodeConfig objects of nodeadm, which starts the kubelet on Amazon Linux 2023 (amazon-eks-ami, `nodeadm/api`)."""

from collections.abc import Sequence

from ekslint.loaders.user_data.kubelet_flags import add_flags, number
from ekslint.loaders.user_data.start import FILLED_IN, NOT_FOLLOWED, NodeStart, is_filled_in_later
from ekslint.model.pool import Taint
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText
from ekslint.source.tree import child_of

NODE_CONFIG_MARKER = "node.eks.aws"
_CLUSTER_FIELDS = ("name", "apiServerEndpoint", "certificateAuthority", "cidr")


def read_node_config(start: NodeStart, text: str) -> None:
    """Take up one NodeConfig, or several in one YAML stream: nodeadm merges them."""
    start.bootstrapper = "nodeadm"
    documents = parse(SourceText("", text))
    if any(not isinstance(document.root, dict) and document.problems for document in documents):
        start.add_open_flags(NOT_FOLLOWED)
    for document in documents:
        root = document.root
        if isinstance(root, dict) and str(root.get("apiVersion", "")).startswith(NODE_CONFIG_MARKER):
            _spec(start, root.get("spec"))


def _spec(start: NodeStart, spec: object) -> None:
    if not isinstance(spec, dict):
        return
    cluster = spec.get("cluster")
    if isinstance(cluster, dict):
        start.cluster_fields.update(dict.fromkeys(name for name in _CLUSTER_FIELDS if cluster.get(name)))
        if isinstance(cluster.get("name"), str):
            start.cluster_name = cluster["name"]
        if isinstance(cluster.get("cidr"), str):
            start.service_cidr = cluster["cidr"]
    kubelet = spec.get("kubelet")
    if not isinstance(kubelet, dict):
        if isinstance(kubelet, str):
            start.add_open_flags(FILLED_IN)
        return
    flags = kubelet.get("flags")
    if isinstance(flags, list):
        add_flags(start, [flag for flag in flags if isinstance(flag, str)])
    elif flags is not None:
        start.add_open_flags(FILLED_IN)
    config = kubelet.get("config")
    if isinstance(config, dict):
        if config.get("maxPods") is not None:
            start.max_pods = number(config["maxPods"])
        taints = config.get("registerWithTaints")
        if isinstance(taints, list):
            _taints(start, taints)
        elif taints is not None:
            start.open_taints = FILLED_IN
    elif isinstance(config, str) and is_filled_in_later(config):
        start.open_taints = FILLED_IN
    if kubelet.get("maxPodsExpression") is not None and start.max_pods is None:
        start.max_pods = FILLED_IN


def _taints(start: NodeStart, taints: Sequence[object]) -> None:
    for taint in taints:
        key, value, effect = (child_of(taint, name) for name in ("key", "value", "effect"))  # type: ignore[arg-type]
        texts = [str(each) if each is not None else "" for each in (key, value, effect)]
        if any(is_filled_in_later(text) for text in texts):
            start.taints.append(FILLED_IN)
        elif texts[0]:
            start.taints.append(Taint(*texts))
