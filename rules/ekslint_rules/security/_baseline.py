"""What the Pod Security Standard "baseline" forbids.

Source: Kubernetes documentation, Pod Security Standards; `k8s.io/pod-security-admission/policy/check_*.go`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ekslint import Container, Place, PodTemplate

_CAPABILITIES = frozenset(
    {
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"),
        *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    }
)
_SYSCTLS = frozenset(
    {
        *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"),
        *("net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout"),
        *("net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time"),
        *("net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem"),
    }
)
"""What the standard allows since its edition of 1.29, and tcp_rmem and tcp_wmem, safe to kubelets of 1.32 and later."""
_SELINUX_TYPES = frozenset({"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"})
_HOST_NAMESPACES = {"hostNetwork": "network", "hostPID": "processes", "hostIPC": "memory"}
_TAKES_OVER = frozenset({"ALL", "BPF", "NET_ADMIN", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"})
"""Capabilities by which a process gets out of its container, or at everybody's traffic."""
_SENSITIVE = (
    *("/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/proc", "/root", "/run", "/sys", "/usr", "/var/lib/docker"),
    *("/var/lib/kubelet", "/var/lib/containerd", "/var/run"),
)
_HARMLESS = (
    *("/dev/log", "/etc/localtime", "/etc/machine-id", "/etc/os-release", "/etc/pki", "/etc/resolv.conf"),
    *("/etc/ssl", "/etc/timezone", "/usr/lib/os-release", "/usr/local/share/ca-certificates", "/usr/share"),
)
_DOCKER = "/docker.sock"
_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
"""What begins the annotation that stood for `appArmorProfile` before 1.30, and still counts."""


class Violation(NamedTuple):
    """One thing that the standard forbids."""

    what: str
    """To follow "it": `shares the network of the host`."""
    place: Place
    takes_over: bool
    """Whether it leaves little between the pod and its node."""


def violations(pod: PodTemplate) -> Iterator[Violation]:
    """What the standard forbids in a pod, whichever edition of it a namespace enforces.

    The `host` of probes and hooks, which editions from 1.34 on forbid, is left out.
    """
    for field, what in _HOST_NAMESPACES.items():
        if pod.boolean(field) is True:
            yield Violation(f"shares the {what} of the host", pod.at(field), field != "hostNetwork")
    for container in (*pod.init_containers, *pod.containers):
        yield from _of_container(container, uses_host_network=pod.uses_host_network)
    for volume in pod.volumes:
        path = volume.host_path
        # Of the socket of Docker, which nodes of EKS have no more, `dockershim` speaks where the cluster is known.
        if path is not None and not (path.endswith(_DOCKER) and pod.cluster is not None):
            what = f"mounts {path} of the host"
            yield Violation(what, volume.at("hostPath", "path"), _is_sensitive(path))
    for index, name in enumerate(_sysctls(pod)):
        if name is not None and name not in _SYSCTLS:
            place = pod.at("securityContext", "sysctls", index, "name")
            yield Violation(f"sets the kernel parameter {name}", place, False)
    yield from _of_context(pod, "")
    for key in () if pod.unknown("annotations") else pod.annotations:
        if key.startswith(_APP_ARMOR) and not pod.unknown("annotations", key) and pod.annotations[key] == "unconfined":
            who = key.removeprefix(_APP_ARMOR)
            yield Violation(f"switches AppArmor off for container {who}", pod.at("annotations", key), False)


def _of_container(container: Container, *, uses_host_network: bool) -> Iterator[Violation]:
    if container.is_privileged:
        yield Violation(f"runs {container} privileged", container.at("securityContext", "privileged"), True)
    for index, written in enumerate(container.sequence("securityContext", "capabilities", "add")):
        name = str(written).upper().removeprefix("CAP_")
        if name not in _CAPABILITIES:
            place = container.at("securityContext", "capabilities", "add", index)
            yield Violation(f"gives {container} the capability {name}", place, name in _TAKES_OVER)
    for index, port in enumerate(container.ports):
        # With the host's network every port is one of the host's: that has been said.
        if port.host_port and not uses_host_network:
            place = container.at("ports", index, "hostPort")
            yield Violation(f"takes port {port.host_port} of the host", place, False)
    if container.text("securityContext", "procMount") not in {None, "Default"}:
        yield Violation(f"shows {container} all of /proc", container.at("securityContext", "procMount"), False)
    yield from _of_context(container, f" for {container}")


def _of_context(part: PodTemplate | Container, who: str) -> Iterator[Violation]:
    """What the security context of a pod or of a container says."""

    def found(what: str, *path: str, takes_over: bool = False) -> Violation:
        return Violation(f"{what}{who}", part.at("securityContext", *path), takes_over)

    for field, what in (("seccompProfile", "seccomp"), ("appArmorProfile", "AppArmor")):
        if part.text("securityContext", field, "type") == "Unconfined":
            yield found(f"switches {what} off", field, "type")
    if part.boolean("securityContext", "windowsOptions", "hostProcess") is True:
        yield found("is a process of the host", "windowsOptions", "hostProcess", takes_over=True)
    if (part.text("securityContext", "seLinuxOptions", "type") or "") not in _SELINUX_TYPES:
        yield found("sets an SELinux type", "seLinuxOptions", "type")
    for field in ("user", "role"):
        if part.text("securityContext", "seLinuxOptions", field):
            yield found(f"sets an SELinux {field}", "seLinuxOptions", field)


def _sysctls(pod: PodTemplate) -> Iterator[str | None]:
    """The names of the kernel parameters that a pod sets, in order; None for one that is not known."""
    path = ("securityContext", "sysctls")
    for index in range(0 if pod.unknown(*path) else len(pod.sequence(*path))):
        yield None if pod.unknown(*path, index, "name") else pod.text(*path, index, "name")


def _is_sensitive(path: str) -> bool:
    """Whether a path of the node, or what lies below it, gives away the node: its root, settings, sockets, devices."""
    plain = path.rstrip("/") or "/"
    if plain == "/":
        return True
    return _is_below(plain, _SENSITIVE) and not _is_below(plain, _HARMLESS)


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in folders)
