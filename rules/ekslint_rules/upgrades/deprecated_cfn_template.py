from collections.abc import Iterator

from ekslint import Finding, NestedStack, Severity, node_group_templates, rule

_OWN_IMAGE = "NodeImageId"


@rule(Severity.WARNING, since="0.1.0", tags=("ami",), dialects=("cloudformation",))
def deprecated_cfn_template(stack: NestedStack) -> Iterator[Finding]:
    """Nodes are made by an edition of AWS's node group template that is for Amazon Linux 2.

    ## Why is this bad?
    The editions before 2025 start nodes with bootstrap.sh, as Amazon Linux 2 wants it. EKS publishes no such images any
    more, and with one of Amazon Linux 2023 the same user data starts no kubelet.

    ## When it stays silent
    Newer editions; copies in other buckets, which nobody knows here; stacks that are given an image of one's own
    (`NodeImageId`). Templates that stand in the files are judged by what they say: see `al2-ami` and
    `launch-configuration-used`.

    ## References
    - Amazon EKS user guide, create self-managed Amazon Linux nodes
    - Amazon EKS user guide, EKS AL2 & AL2-accelerated AMIs transition to AL2023
    """
    address = stack.template_url
    template = node_group_templates.node_group_template(address) if address is not None else None
    if template is None or not template.starts_amazon_linux_2 or stack.parameters.get(_OWN_IMAGE):
        return
    yield Finding(
        stack.at("template_url"),
        f"{stack} makes nodes by the template of {template.day}, which is for Amazon Linux 2: "
        "there are no new images for it, and Amazon Linux 2023 does not start by it",
        label="an old edition",
        help=f"use {node_group_templates.LATEST}, or a managed node group",
    )
