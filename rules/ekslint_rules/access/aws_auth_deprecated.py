from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Finding, HybridNodes, Severity, known, rule

_ONLY_CONFIG_MAP = "CONFIG_MAP"


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("kubernetes", "eksctl", "cloudformation"))
def aws_auth_deprecated(subject: Cluster | ConfigMap) -> Iterator[Finding]:
    """Access to the cluster hangs on the ConfigMap aws-auth, which is deprecated.

    ## Why is this bad?
    Everybody who may write into one ConfigMap can make himself administrator, and a typing error in it locks everybody
    out. Access entries are checked by the EKS API, are in CloudTrail, and cannot lock their owner out.

    ## When it stays silent
    The authentication mode API, and local clusters on Outposts, which know nothing else. Clusters that need access
    entries (for Auto Mode, hybrid nodes, or entries of the files), of whose mode `auto-auth-mode`,
    `access-entry-with-configmap-mode`, `eksctl-access-entry` and `hybrid-nodes-config` speak. Advice for mappings in a
    cluster that takes access entries too, and where nothing is known of the cluster: a migration may be under way.

    ## References
    - Amazon EKS user guide, migrating existing aws-auth ConfigMap entries to access entries
    """
    if isinstance(subject, Cluster):
        if subject.is_implicit or subject.is_on_outpost:
            return
        if not subject.unknown("authentication_mode") and subject.authentication_mode == _ONLY_CONFIG_MAP:
            if _needs_access_entries(subject):
                return
            yield Finding(
                subject.at("authentication_mode"),
                f"{subject} looks at nothing but the ConfigMap aws-auth, which is deprecated",
                label="deprecated",
                help="use API_AND_CONFIG_MAP, move the mappings to access entries, then use API",
            )
        elif subject.identity_mappings:
            first = subject.identity_mappings[0]
            yield Finding(
                first.at("arn"),
                f"{subject} lets people and roles in through the ConfigMap aws-auth, which is deprecated",
                label="becomes a line of aws-auth",
                help="use accessConfig.accessEntries",
                severity=Severity.INFO,
            )
    elif subject.is_aws_auth and subject.namespace == "kube-system":
        telling = [each for each in subject.clusters if not each.unknown("authentication_mode")]
        if any(each.authentication_mode == _ONLY_CONFIG_MAP for each in telling):
            return  # said of the cluster
        yield Finding(
            subject.at("name"),
            "the ConfigMap aws-auth is deprecated: access entries do the same, and cannot lock their owner out",
            label="deprecated",
            help="move the mappings to access entries",
            severity=Severity.INFO,
        )


def _needs_access_entries(cluster: Cluster) -> bool:
    """Whether the mode CONFIG_MAP is refused, or keeps nodes out: more than that the ConfigMap is deprecated."""
    if not cluster.unknown("auto_mode") and cluster.auto_mode is not None:
        return True
    if not cluster.unknown("access_entries") and any(True for _ in known(cluster.access_entries)):
        return True
    return any(isinstance(pool, HybridNodes) for pool in cluster.pools)
