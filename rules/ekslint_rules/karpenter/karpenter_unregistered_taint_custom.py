import re
from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, Severity, rule

_TAINT = "karpenter.sh/unregistered"
_STARTS_KUBELET = re.compile(
    r"bootstrap\.sh|nodeadm|NodeConfig|Start-EKSBootstrap|EKS-StartupScript|\[settings\.kubernetes[.\]]|\bkubelet\b"
)


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "ami"), dialects=("karpenter",))
def karpenter_unregistered_taint_custom(node_class: EC2NodeClass) -> Iterator[Finding]:
    """User data of the AMI family Custom starts a node without Karpenter's startup taint.

    ## Why is this bad?
    With `amiFamily: Custom` Karpenter adds nothing to the user data, and the kubelet itself must register its node with
    the taint `karpenter.sh/unregistered:NoExecute`. Karpenter does not register nodes that lack it: it takes them for
    failed and ends them, while pods may already have landed there.

    ## When it stays silent
    The other AMI families, whose user data Karpenter writes. Custom without user data, or with user data that starts no
    kubelet: then the image does. User data that a template fills in.

    ## References
    - Karpenter documentation, NodeClasses, spec.amiFamily (Custom)
    """
    if node_class.text("spec", "amiFamily") != "Custom":
        return
    user_data = node_class.text("spec", "userData")
    if user_data is None or _TAINT in user_data or not _STARTS_KUBELET.search(user_data):
        return
    yield Finding(
        node_class.at("spec", "userData", key=True),
        f"the user data of {node_class} starts nodes without the taint {_TAINT}: Karpenter does not register them",
        label="no startup taint",
        help=f"register the node with the taint {_TAINT}:NoExecute",
    )
