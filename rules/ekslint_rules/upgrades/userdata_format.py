import re
from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, UserData, rule
from ekslint_rules.upgrades._images import family_name

_AMAZON_LINUX = ("AmazonLinux2", "AmazonLinux2023")
_CONFIG_TYPE = "application/node.eks.aws"
_NODE_CONFIG = re.compile(r"^[ \t]*apiVersion:[ \t]*[\"']?node\.eks\.aws/", re.MULTILINE)


@rule(Severity.ERROR, since="0.1.0", dialects=("cloudformation",))
def userdata_format(group: NodeGroup) -> Iterator[Finding]:
    """The user data of a managed node group is not in the format that EKS can add to.

    ## Why is this bad?
    Where EKS picks the image it merges what the node needs into your user data. For Amazon Linux that has to be a MIME
    multipart text, with any NodeConfig in a part of type `application/node.eks.aws`; for Bottlerocket it has to be
    TOML. EKS refuses to create the node group with anything else, and nodeadm passes over a NodeConfig in another part.

    ## When it stays silent
    Launch templates with an image of their own, where EKS merges nothing; Windows; user data that is known only at
    deploy time.

    ## References
    - Amazon EKS user guide, customize managed nodes with launch templates
    """
    if group.kind != "managed" or group.dialect != "cloudformation":
        return
    template = group.launch_template
    if template is None or template.has_own_image:
        return
    user_data, family = template.user_data, family_name(group)
    if user_data is None or family is None:
        return
    text = (user_data.text or "").lstrip()
    if not text or text.startswith("${"):
        return
    if family in _AMAZON_LINUX:
        yield from _of_amazon_linux(group, user_data, text)
    elif family == "Bottlerocket" and user_data.format in ("shell", "mime", "nodeadm", "cloud-config", "powershell"):
        yield Finding(
            user_data.at("format"),
            f"the user data of {group} is not TOML, which is all that Bottlerocket reads",
            label="not TOML",
            help="write [settings.kubernetes] and its like",
            related=[(group.at("ami_type"), "Bottlerocket")],
        )


def _of_amazon_linux(group: NodeGroup, user_data: UserData, text: str) -> Iterator[Finding]:
    if user_data.format != "mime":
        yield Finding(
            user_data.at("format"),
            f"the user data of {group} is no MIME multipart text, so that EKS cannot add what nodes need",
            label="not MIME multipart",
            help="put it into a part of a multipart/mixed text, or name an image in the launch template",
            related=[(group.at("launch_template"), "without an image of its own")],
        )
    elif _NODE_CONFIG.search(text) and _CONFIG_TYPE not in text and "<<" not in text:
        yield Finding(
            user_data.at("bootstrapper"),
            f"the NodeConfig of {group} stands in a part that nodeadm does not look at",
            label=f"not in a part of type {_CONFIG_TYPE}",
            help=f"give its part the header Content-Type: {_CONFIG_TYPE}",
        )
