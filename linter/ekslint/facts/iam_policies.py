"""AWS managed IAM policies: which exist, under which path, and what those of an EKS estate allow.

The tables are `data/iam_policies.tsv` and `data/iam_policy_documents.tsv`, as IAM has them (see their heads).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from ._tables import row, rows
from .node_policies import policy_name


class ManagedPolicy(NamedTuple):
    """An AWS managed policy."""

    name: str
    path: str
    """`/`, `/service-role/`, `/job-function/`, …"""

    def arn(self, partition: str = "aws") -> str:
        """Its ARN in a partition."""
        return f"arn:{partition}:iam::aws:policy{self.path}{self.name}"


def managed_policy(policy: str) -> ManagedPolicy | None:
    """The managed policy with this name or ARN, whatever path the ARN has; None if AWS has none of that name."""
    found = row("iam_policies.tsv", policy_name(policy))
    return ManagedPolicy(*found) if found else None


@cache
def managed_policy_names() -> tuple[str, ...]:
    """The name of every managed policy, sorted."""
    return tuple(name for name, _ in rows("iam_policies.tsv"))


@cache
def policy_document(policy: str) -> Mapping[str, Any] | None:
    """The document of a managed policy, by name or ARN, as IAM writes it; None where the tables do not have it.

    They have the policies that roles of clusters, nodes and common add-ons have.
    """
    found = row("iam_policy_documents.tsv", policy_name(policy))
    if found is None:
        return None
    import json  # most runs never look into a document

    document: Mapping[str, Any] = json.loads(found[2])
    return document


def documented_policies() -> tuple[str, ...]:
    """The names of the policies that `policy_document` knows, sorted."""
    return tuple(name for name, *_ in rows("iam_policy_documents.tsv"))


def allowed_actions(policy: str) -> tuple[str, ...] | None:
    """The action patterns that a managed policy allows on some resource under some condition, sorted.

    None where the document is not known. NotAction statements (`PowerUserAccess`) count as `*`.
    """
    document = policy_document(policy)
    if document is None:
        return None
    statements = document["Statement"]
    found: set[str] = set()
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement["Effect"] == "Allow":
            actions = statement.get("Action", "*")
            found.update([actions] if isinstance(actions, str) else actions)
    return tuple(sorted(found))


def action_matches(pattern: str, action: str) -> bool:
    """Whether an IAM action pattern (`ec2:Describe*`, any case) covers `action`.

    Takes time in proportion to the product of both lengths, whatever the pattern: a regular expression would not.
    """
    pattern, action = pattern.lower(), action.lower()
    at = here = 0
    star = resume = -1
    while here < len(action):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, here
            at += 1
        elif at < len(pattern) and pattern[at] in {"?", action[here]}:
            at += 1
            here += 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")
