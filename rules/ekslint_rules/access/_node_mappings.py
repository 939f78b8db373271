"""Lines of aws-auth that are meant for nodes."""

from ekslint import IdentityMapping

NODE_GROUPS = ("system:bootstrappers", "system:nodes")
_NAME_OF_A_NODE = "{{ec2privatednsname}}"
"""What the authenticator fills in for EC2 machines alone, in lower case."""


def is_for_nodes(mapping: IdentityMapping) -> bool:
    """Whether a group or the user name says that nodes have the role."""
    user = mapping.username or ""
    if user.startswith("system:node:") or _NAME_OF_A_NODE in user.lower():
        return True
    return any(group in NODE_GROUPS for group in mapping.groups)
