from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule

_SWITCHED_OFF = "CONFIG_MAP"


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def access_entry_with_configmap_mode(cluster: Cluster) -> Iterator[Finding]:
    """Access entries are declared for a cluster that only looks at the ConfigMap aws-auth.

    ## Why is this bad?
    With the authentication mode CONFIG_MAP EKS refuses to make access entries. It is what a template gets that does not
    say anything: the console and eksctl choose API_AND_CONFIG_MAP, the API does not.

    ## When it stays silent
    Clusters that are declared elsewhere, Auto Mode (which needs access entries and is refused without them), and modes
    that are known only at deploy time. In ClusterConfigs `eksctl-access-entry` speaks.

    ## References
    - Amazon EKS user guide, change authentication mode to use access entries
    - Amazon EKS API reference, CreateAccessConfigRequest
    """
    if cluster.dialect != "cloudformation" or cluster.is_implicit:
        return
    mode = cluster.authentication_mode
    if mode not in (None, _SWITCHED_OFF) or (mode is None and cluster.auto_mode is not None):
        return
    entries = list(cluster.access_entries)
    if not entries:
        return
    said = (
        f"the authentication mode {_SWITCHED_OFF}" if mode else f"no authentication mode, which means {_SWITCHED_OFF}"
    )
    yield Finding(
        cluster.at("authentication_mode"),
        f"{cluster} has {said}: EKS refuses its access entries",
        label=f"{_SWITCHED_OFF}" if mode else "AccessConfig.AuthenticationMode is missing",
        help="set AccessConfig.AuthenticationMode: API (or API_AND_CONFIG_MAP)",
        related=[(entry.at("principal"), "this access entry") for entry in entries],
    )
