"""What EKS demands of the ranges of addresses around a cluster.

Source: EKS API (KubernetesNetworkConfigRequest, RemoteNetworkConfigRequest), EKS user guide (network-reqs,
hybrid-nodes-networking, alb-ingress, lbc-requirements for subnet tags).
"""

PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""RFC 1918: where the range of services must lie."""
SHARED_RANGE = "100.64.0.0/10"
"""RFC 6598, for carriers: allowed for hybrid nodes and their pods, besides the private ranges."""
SERVICE_RANGE_SHORTEST_PREFIX = 12
SERVICE_RANGE_LONGEST_PREFIX = 24
PUBLIC_SUBNET_TAG = "kubernetes.io/role/elb"
PRIVATE_SUBNET_TAG = "kubernetes.io/role/internal-elb"
ZONES_OF_APPLICATION_LOAD_BALANCER = 2
"""How many availability zones an Application Load Balancer needs."""
MAX_SECURITY_GROUPS_PER_POD = 5
