import re
from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Container, Finding, Place, Severity, kube_proxy, rule
from ekslint_rules.scaling._cluster_autoscaler import flags
from ekslint_rules.upgrades._skew import versions_ahead

_COMPONENT = "kube-proxy"
_CONFIGURATION = "kube-proxy-config"
_IMAGES = ("kube-proxy", "kube-proxy-amd64", "kube-proxy-arm64")
_IPVS = re.compile(r"""(?:^|[{,\s])(["']?mode["']?\s*:\s*["']?ipvs\b)""")


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation", "kubernetes"))
def ipvs_mode(subject: Cluster | ConfigMap | Container) -> Iterator[Finding]:
    """kube-proxy runs in IPVS mode, which Kubernetes is giving up.

    ## Why is this bad?
    Kubernetes has deprecated IPVS and mends no more faults in it; clusters from 1.35 on should have left it. nftables
    is as fast with many Services.

    ## When it stays silent
    Versions before 1.35, and versions that are not in the files.

    ## References
    - Amazon EKS user guide, review release notes for Kubernetes versions on standard support
    - Kubernetes enhancement proposal 5495, deprecate IPVS mode in kube-proxy
    """
    if isinstance(subject, Cluster):
        place = _of_addon(subject)
        cluster, who = subject, f"add-on {_COMPONENT} of {subject}"
    else:
        place = _of_container(subject) if isinstance(subject, Container) else _of_configuration(subject)
        candidate = subject.cluster if place is not None else None
        if candidate is None:
            return
        cluster, who = candidate, f"{_COMPONENT} of {candidate}"
    if place is not None and _is_late(cluster):
        yield Finding(
            place,
            f"{who} runs in IPVS mode, which Kubernetes is giving up",
            label="mode is ipvs",
            help="use nftables or iptables",
        )


def _of_addon(cluster: Cluster) -> Place | None:
    if _COMPONENT not in cluster.addons:
        return None
    addon = cluster.addons[_COMPONENT]
    piece = _setting(addon.configuration_values)
    return addon.at("configuration_values").within(piece) if piece is not None else None


def _of_configuration(config_map: ConfigMap) -> Place | None:
    if config_map.known_name != _CONFIGURATION or "config" not in config_map.mapping("data"):
        return None
    piece = _setting(config_map.text("data", "config"))
    return config_map.at("data", "config").within(piece) if piece is not None else None


def _of_container(container: Container) -> Place | None:
    image = container.image_reference
    if image is None or image.name not in _IMAGES:
        return None
    return next((each.place for each in flags(container) if (each.name, each.value) == ("proxy-mode", "ipvs")), None)


def _setting(text: str | None) -> str | None:
    """The words that ask for IPVS."""
    found = _IPVS.search(text) if text is not None else None
    return found[1] if found is not None else None


def _is_late(cluster: Cluster) -> bool:
    ahead = (
        versions_ahead(cluster.version, kube_proxy.FIRST_WITH_IPVS_DEPRECATED) if cluster.version is not None else None
    )
    return ahead is not None and ahead >= 0
