from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, NodeGroup, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("security",), dialects=("eksctl", "cloudformation", "karpenter"))
def imds_v1_allowed(pool: NodeGroup | KarpenterPool) -> Iterator[Finding]:
    """Nodes answer IMDSv1 requests, which need no session token.

    ## Why is this bad?
    Whoever gets a pod to fetch a URL of his choice (SSRF) then reads the credentials of the node's role.

    ## When it stays silent
    `HttpTokens: required`; Auto Mode, which requires it; and managed node groups without a launch template on Amazon
    Linux 2023 and Bottlerocket, whose images require it. Advice for such groups on other images.

    ## References
    - EKS best practices guide, security, identity and access management: restrict access to the instance profile
    - Amazon EKS user guide, Amazon Linux 2023
    """
    if isinstance(pool, KarpenterPool):
        yield from _of_node_class(pool)
        return
    if pool.http_tokens != "optional":
        return
    place = pool.at("http_tokens")
    yield Finding(
        place,
        f"the nodes of {pool} answer IMDSv1: a pod that can be made to fetch a URL gives away the node's credentials",
        label=None if place.is_written else "allowed unless HttpTokens is required",
        help="leave disableIMDSv1 at true" if pool.dialect == "eksctl" else "set MetadataOptions.HttpTokens: required",
    )


def _of_node_class(pool: KarpenterPool) -> Iterator[Finding]:
    node_class = pool.node_class
    if pool.kind != "karpenter" or node_class is None:
        return
    if node_class.text("spec", "metadataOptions", "httpTokens") == "optional":
        yield Finding(
            node_class.at("spec", "metadataOptions", "httpTokens"),
            f"the nodes of {node_class} answer IMDSv1: a pod that can be made to fetch a URL gives away their credentials",
            label="IMDSv1 allowed",
            help="set httpTokens: required, Karpenter's default",
        )
