"""The tables of AWS managed IAM policies: all names, and the documents of those that matter to EKS."""

import json
import re
from collections.abc import Iterator

from facts_sources import RegistrySource
from facts_tables import render

_OF_INTEREST = re.compile(
    r"(?!ROSA|AWSElasticBeanstalk).*("
    r"EKS|ContainerRegistry|CSIDriver|SSMManaged|EC2RoleforSSM|CloudWatchAgent|XRayDaemon|XrayWrite|Prometheus|"
    r"ElasticLoadBalancing|AutoScaling(Full|ReadOnly)|FSxFull|FSxReadOnly|NetworkFlowMonitorAgent|"
    r"PrivateCAConnectorForKubernetes|ElasticFileSystem|S3Files)|(AdministratorAccess|PowerUserAccess)$"
)


def tables(source: RegistrySource) -> Iterator[tuple[str, str]]:
    """`iam_policies.tsv` and `iam_policy_documents.tsv`."""
    policies = source.policies()
    yield (
        "iam_policies.tsv",
        render(
            "AWS managed IAM policies. The ARN is arn:PARTITION:iam::aws:policy, path, name.",
            source.cite_iam(),
            ["name", "path"],
            ((name, policies[name]["Path"]) for name in sorted(policies)),
        ),
    )
    # roles of users cannot have policies of service-linked roles
    chosen = [
        name for name in sorted(policies) if _OF_INTEREST.match(name) if policies[name]["Path"] != "/aws-service-role/"
    ]
    yield (
        "iam_policy_documents.tsv",
        render(
            "Documents of the AWS managed IAM policies that roles of an EKS estate have.",
            source.cite_iam(),
            ["name", "version", "document"],
            (
                (
                    name,
                    policies[name]["DefaultVersionId"],
                    json.dumps(policies[name]["Document"], separators=(",", ":"), sort_keys=True),
                )
                for name in chosen
            ),
        ),
    )
