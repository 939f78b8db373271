"""The CloudFormation templates of AWS for self-managed nodes, by the date in their address.

Sources, 2026-11-21: the history of the EKS user guide (launch-workers), of which 2018-06-05 to 2022-12-23 start Amazon
Linux 2 with bootstrap.sh; 2025-11-26 is the newest edition that public guides and scripts use.
"""

import re
from datetime import date
from typing import NamedTuple

LATEST = "https://s3.us-west-2.amazonaws.com/amazon-eks/cloudformation/2025-11-26/amazon-eks-nodegroup.yaml"
_FIRST_BEYOND_AMAZON_LINUX_2 = date(2025, 1, 1)
_HOST = r"s3[.-](?:[a-z0-9-]+|\$\{AWS::Region\})\.(?:amazonaws\.com|\$\{AWS::URLSuffix\})"
_ADDRESS = re.compile(
    rf"https?://(?:amazon-eks\.{_HOST}|{_HOST}/amazon-eks)"
    r"/(?:cloudformation|[0-9.]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/amazon-eks-nodegroup\.yaml\Z"
)


class NodeGroupTemplate(NamedTuple):
    """One edition of `amazon-eks-nodegroup.yaml`."""

    day: date

    @property
    def starts_amazon_linux_2(self) -> bool:
        """Whether its nodes are started as those of Amazon Linux 2 are, whatever image they have."""
        return self.day < _FIRST_BEYOND_AMAZON_LINUX_2


def node_group_template(address: str) -> NodeGroupTemplate | None:
    """The edition at an address, of whichever region; None for anything else, copies in other buckets included."""
    found = _ADDRESS.match(address)
    if found is None:
        return None
    try:
        return NodeGroupTemplate(date.fromisoformat(found["day"]))
    except ValueError:
        return None
