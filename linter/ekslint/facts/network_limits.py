"""What EKS demands of the ranges of addresses around a cluster.

Source: EKS API (KubernetesNetworkConfigRequest, RemoteNetworkConfigRequest), EKS user guide (network-reqs,
hybrid-nodes-networking, alb-ingress, lbc-requirements for subnet tags, private-clusters).
"""

PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""RFC 1918: where the range of services must lie."""
SHARED_RANGE = "100.64.0.0/10"
"""RFC 6598, for carriers: allowed for hybrid nodes and their pods, besides the private ranges."""
SERVICE_RANGE_SHORTEST_PREFIX = 12
SERVICE_RANGE_LONGEST_PREFIX = 24
SERVICE_RANGES_BY_DEFAULT = ("10.100.0.0/16", "172.20.0.0/16")
"""One of which EKS takes where a cluster names none."""
PUBLIC_SUBNET_TAG = "kubernetes.io/role/elb"
PRIVATE_SUBNET_TAG = "kubernetes.io/role/internal-elb"
ZONES_OF_APPLICATION_LOAD_BALANCER = 2
"""How many availability zones an Application Load Balancer needs."""
MAX_SECURITY_GROUPS_PER_POD = 5
ENDPOINTS_OF_IMAGES = ("ecr.api", "ecr.dkr", "s3")
"""Services that images come from: without a way to the internet a VPC needs endpoints for them."""
ENDPOINTS_OF_NODES = ("ec2", *ENDPOINTS_OF_IMAGES)
"""The same for EC2 nodes, which ask EC2 for their name and their network interfaces before they are ready."""
RESERVED_ADDRESSES_OF_SUBNET = 5
"""Addresses of every subnet that AWS keeps: network, router, DNS, future use, broadcast."""
ADDRESSES_OF_CONTROL_PLANE = 6
"""Free addresses that a subnet of the control plane needs, as during an upgrade; 16 are advised."""
