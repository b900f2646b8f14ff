"""Who started a process, where the spelling of an event names nobody: service managers, shells, container engines."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from studio.behaviours.words import names

SHELLS = frozenset({"bash", "sh", "dash", "zsh", "ksh", "fish", "ash"})
_FIRST = frozenset({"systemd", "init", "kthreadd"})
_ENGINES = frozenset({"containerd-shim", "runc", "conmon", "crun"})
#: What gives a shell a terminal.
_OPENERS = _ENGINES | {"sshd", "sshd-session", "login", "gnome-terminal", "gnome-terminal-", "tmux", "screen"}
#: Whoever descends from these has no terminal.
_WITHOUT_TERMINAL = frozenset({"cron", "crond", "atd", "anacron", "kubelet", "kthreadd"})
#: Programs that the service manager starts, the system's or the user's (with a desktop).
_SERVICES = names(
    """
    NetworkManager Xorg accounts-daemon agetty ansible-pull apache2 app atd auditd avahi-daemon backup
    bluetoothd borgmatic chrome chronyd chrome-gnome- cilium-agent code colord cron crond cupsd dbus-daemon
    dhclient dnsmasq dockerd containerd containerd-shim dovecot evince etcd exim4 falco firefox firefox-esr
    fluent-bit fwupd gitlab-runner gnome-shell gnome-terminal gnome-terminal- gunicorn haproxy httpd java
    kea-dhcp4 keepassxc keyd kube-apiserver kubelet kwin_wayland libvirtd lightdm mariadbd master mongod
    mysqld named nautilus nginx node_exporter nrpe ntpd openvpn php-fpm php-fpm8.2 pipewire polkitd postgres
    pulseaudio redis-server rngd rpcbind rsyslogd salt-minion samba slack slapd smartd smbd snapd
    soffice.bin sshd squid sssd sssd_be systemd systemd-binfmt systemd-journal systemd-logind
    systemd-network systemd-resolve systemd-resolved systemd-shutdow systemd-timesyn systemd-timesyncd
    systemd-tmpfile systemd-udevd teleport telegraf tetragon tuned udisksd udisksctl unattended-upgr
    usbguard-daemon xdg-desktop-por xrdp zabbix_agentd winbindd pppd amazon-ssm-agen amazon-ssm-agent celery
    prometheus metrics-server server controller aws-ebs-csi-dri aws-ebs-csi-driver
    """
)

#: Accounts of services: the shell of their commands, and the service from which it descends.
_OF_SERVICES = {
    "www-data": ("sh", "php-fpm"),
    "nginx": ("sh", "nginx"),
    "apache": ("sh", "httpd"),
    "tomcat": ("sh", "java"),
    "postgres": ("sh", "postgres"),
    "mysql": ("sh", "mysqld"),
    "redis": ("sh", "redis-server"),
    "gitlab-runner": ("bash", "gitlab-runner"),
}


def parent_of(name: str, person: str, *, contained: bool) -> str:
    """Who usually starts `name` for the user `person`."""
    if contained:
        return "containerd-shim" if name in SHELLS | _SERVICES else "sh"
    if name in _SERVICES:
        return "systemd"
    return _OF_SERVICES[person][0] if person in _OF_SERVICES else "bash"


def ancestry(parent: str, given: Sequence[str] | None, person: str, *, contained: bool) -> tuple[str, ...]:
    """`parent`, then the ancestors that were given, then whom the last of them usually descends from."""
    chain = [parent, *(given or ())]
    if len(chain) > 1 and chain[0] == chain[1]:
        del chain[0]
    return (*chain, *_above(chain[-1], person, contained=contained))


def _above(name: str, person: str, *, contained: bool) -> tuple[str, ...]:
    if name in _FIRST:
        return ()
    if name in _ENGINES or (name in _SERVICES and not contained):
        return ("systemd",)
    if contained:
        return ("containerd-shim", "systemd") if name in SHELLS | _SERVICES else ("sh", "containerd-shim", "systemd")
    if person in _OF_SERVICES:
        return (*_OF_SERVICES[person][name in SHELLS :], "systemd")
    return ("sshd", "systemd") if name in SHELLS else ("bash", "sshd", "systemd")


def has_terminal(name: str, ancestors: Sequence[str]) -> bool:
    """Whether a process with these ancestors usually sits at a terminal: a shell, and something that opened it one."""
    line = {name, *ancestors}
    return not (SHELLS.isdisjoint(line) or _OPENERS.isdisjoint(ancestors)) and _WITHOUT_TERMINAL.isdisjoint(line)


def session_leader(name: str, ancestors: Sequence[str]) -> str:
    """The shell of the session, or the service that the service manager started."""
    shell = next((one for one in ancestors if one in SHELLS), "")
    if shell or name in SHELLS:
        return shell or name
    below = [one for one in (name, *ancestors) if one not in _FIRST]
    return below[-1] if below else name


def short(command: str) -> str:
    """The name that the kernel keeps of a program: the end of its path, 15 bytes."""
    return posixpath.basename(command.lstrip("-")).encode()[:15].decode(errors="ignore")
