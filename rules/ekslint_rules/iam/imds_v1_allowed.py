from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, rule

_REQUIRE_TOKENS = ("AmazonLinux2023", "Bottlerocket")
"""Families whose images ask for IMDSv2 unless whoever launches them says otherwise."""
_DANGER = "whoever gets a pod to fetch a URL can read the node's credentials"


@rule(Severity.WARNING, since="0.1.0", tags=("security",), dialects=("eksctl", "cloudformation", "karpenter"))
def imds_v1_allowed(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Nodes answer IMDSv1 requests, which need no session token.

    ## Why is this bad?
    Whoever gets a pod to fetch a URL of his choice (SSRF) then reads the credentials of the node's role.

    ## When it stays silent
    `HttpTokens: required`, which is the default of eksctl, Karpenter and Auto Mode; and where nothing is said, images
    of Amazon Linux 2023 and Bottlerocket, which require it. Advice where nothing is said and the image is unknown, and
    for managed node groups of Amazon Linux 2 without a launch template.

    ## References
    - EKS best practices guide, security, identity and access management: restrict access to the instance profile
    - Amazon EKS user guide, Amazon Linux 2023
    """
    if isinstance(subject, EC2NodeClass):
        yield from _of_node_class(subject)
        return
    if subject.http_tokens == "optional":
        yield Finding(
            subject.at("http_tokens"),
            f"the nodes of {subject} answer IMDSv1: {_DANGER}",
            label="IMDSv1 is allowed",
            help="leave disableIMDSv1 at true" if subject.dialect == "eksctl" else "set HttpTokens: required",
        )
    elif subject.http_tokens is None:
        yield from _by_image(subject)


def _by_image(group: NodeGroup) -> Iterator[Finding]:
    """Nobody says anything: then the image decides."""
    family = None if group.unknown("ami_family") else group.ami_family
    if family is not None and family.startswith(_REQUIRE_TOKENS):
        return
    has_template = group.kind != "managed" or group.unknown("launch_template") or group.launch_template is not None
    if family is None and not has_template:
        return
    image = f"images of {family} do" if family is not None else "unless its image says otherwise"
    yield Finding(
        group.at("http_tokens"),
        f"the nodes of {group} answer IMDSv1, as {image}: {_DANGER}"
        if family is not None
        else f"the nodes of {group} answer IMDSv1 {image}: {_DANGER}",
        label="nothing asks for IMDSv2",
        help="set MetadataOptions.HttpTokens: required in the launch template",
        lower=int(family is None or not has_template),
    )


def _of_node_class(node_class: EC2NodeClass) -> Iterator[Finding]:
    if node_class.text("spec", "metadataOptions", "httpTokens") == "optional":
        yield Finding(
            node_class.at("spec", "metadataOptions", "httpTokens"),
            f"the nodes of {node_class} answer IMDSv1: {_DANGER}",
            label="IMDSv1 is allowed",
            help="set httpTokens: required, Karpenter's default",
        )
