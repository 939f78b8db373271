import re
from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Finding, Severity, kube_proxy, rule
from ekslint_rules.upgrades._skew import versions_ahead

_ADDON = "kube-proxy"
_IPVS = re.compile(r"""(?:^|[{,\s])["']?mode["']?\s*:\s*["']?ipvs\b""")


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation", "kubernetes"))
def ipvs_mode(subject: Cluster | ConfigMap) -> Iterator[Finding]:
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
    if isinstance(subject, ConfigMap):
        if subject.known_name != "kube-proxy-config" or "config" not in subject.mapping("data"):
            return
        cluster = subject.cluster
        if cluster is not None and _is_ipvs(subject.text("data", "config")) and _is_late(cluster):
            yield Finding(
                subject.at("data", "config"),
                f"kube-proxy of {cluster} runs in IPVS mode, which Kubernetes is giving up",
                label="mode is ipvs",
                help="use nftables or iptables",
            )
    elif _ADDON in subject.addons and _is_late(subject):
        addon = subject.addons[_ADDON]
        if _is_ipvs(addon.configuration_values):
            yield Finding(
                addon.at("configuration_values"),
                f"{addon} of {subject} runs in IPVS mode, which Kubernetes is giving up",
                label="mode is ipvs",
                help="use nftables or iptables",
            )


def _is_ipvs(text: str | None) -> bool:
    return text is not None and _IPVS.search(text) is not None


def _is_late(cluster: Cluster) -> bool:
    ahead = (
        versions_ahead(cluster.version, kube_proxy.FIRST_WITH_IPVS_DEPRECATED) if cluster.version is not None else None
    )
    return ahead is not None and ahead >= 0
