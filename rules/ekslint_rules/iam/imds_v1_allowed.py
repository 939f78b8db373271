from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, rule
from ekslint_rules._instance_metadata import answers_nobody

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
    for managed node groups without a launch template, on whose other images nobody but EKS has a say. Nodes whose
    metadata service is off (`HttpEndpoint: disabled`).

    ## References
    - EKS best practices guide, security, identity and access management: restrict access to the instance profile
    - Amazon EKS user guide, Amazon Linux 2023
    """
    if isinstance(subject, EC2NodeClass):
        yield from _of_node_class(subject)
    elif subject.dialect == "eksctl":
        yield from _of_eksctl(subject)
    elif subject.has_metadata_service:
        yield from _of_template(subject)


def _of_eksctl(group: NodeGroup) -> Iterator[Finding]:
    if group.http_tokens == "optional":
        yield Finding(
            group.at("http_tokens"),
            f"the nodes of {group} answer IMDSv1: {_DANGER}",
            label="IMDSv1 is allowed",
            help="leave disableIMDSv1 at true, its default",
        )


def _of_template(group: NodeGroup) -> Iterator[Finding]:
    tokens = group.http_tokens
    has_template = group.kind != "managed" or group.unknown("launch_template") or group.launch_template is not None
    if not has_template and tokens == "optional":
        yield Finding(
            group.at("http_tokens"),
            f"the nodes of {group} answer IMDSv1, as EKS sets up {group.ami_family}: {_DANGER}",
            label="no launch template",
            help="move to Amazon Linux 2023 or Bottlerocket, or bring a launch template with HttpTokens: required",
            lower=1,
        )
    elif tokens == "optional":
        yield Finding(
            group.at("http_tokens"),
            f"the nodes of {group} answer IMDSv1: {_DANGER}",
            label="IMDSv1 is allowed",
            help="set HttpTokens: required",
        )
    elif tokens is None and has_template:
        yield from _by_image(group)


def _by_image(group: NodeGroup) -> Iterator[Finding]:
    """The launch template says nothing: then the image decides."""
    family = None if group.unknown("ami_family") else group.ami_family
    if family is not None and family.startswith(_REQUIRE_TOKENS):
        return
    how = f"as the images of {family} do" if family is not None else "unless their image says otherwise"
    yield Finding(
        group.at("http_tokens"),
        f"the nodes of {group} answer IMDSv1, {how}: {_DANGER}",
        label="nothing asks for IMDSv2",
        help="set MetadataOptions.HttpTokens: required in the launch template",
        lower=int(family is None),
    )


def _of_node_class(node_class: EC2NodeClass) -> Iterator[Finding]:
    tokens = ("spec", "metadataOptions", "httpTokens")
    if not answers_nobody(node_class) and node_class.text(*tokens) == "optional":
        yield Finding(
            node_class.at(*tokens),
            f"the nodes of {node_class} answer IMDSv1: {_DANGER}",
            label="IMDSv1 is allowed",
            help="set httpTokens: required, Karpenter's default",
        )
