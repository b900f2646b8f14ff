"""Which events fill a field. Written by scripts/falco_facts.py; do not edit."""

from __future__ import annotations

FIELD_EVENTS: dict[str, str] = {
    "fd.": (
        "accept accept4 bind bpf close connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 "
        "eventfd eventfd2 fchdir fchmod fchmodat fchown fchownat fcntl finit_module flock fsconfig fstat getdents "
        "getdents64 getsockopt inotify_init inotify_init1 io_uring_enter io_uring_register io_uring_setup ioctl "
        "listen llseek lseek memfd_create mkdirat mknodat mmap mmap2 newfstatat open open_by_handle_at openat "
        "openat2 pidfd_getfd pidfd_open pipe pipe2 pread preadv pwrite pwritev read readv recv recvfrom recvmmsg "
        "recvmsg send sendfile sendmmsg sendmsg sendto setns setsockopt shutdown signalfd signalfd4 socket "
        "socketpair splice symlinkat timerfd_create unlinkat userfaultfd write writev"
    ),
    "fs.path.name": (
        "chmod chown fchmod fchmodat fchown fchownat lchown mkdir mkdirat open openat openat2 quotactl rmdir "
        "umount umount2 unlink unlinkat"
    ),
    "fs.path.source": "link linkat mount rename renameat renameat2 symlink symlinkat",
    "fs.path.target": "link linkat mount rename renameat renameat2 symlink symlinkat",
    "evt.is_open_read": "open open_by_handle_at openat openat2",
    "evt.is_open_write": "open open_by_handle_at openat openat2",
    "fs.path.nameraw": (
        "chmod chown fchmod fchmodat fchown fchownat lchown mkdir mkdirat open openat openat2 quotactl rmdir "
        "umount umount2 unlink unlinkat"
    ),
    "fs.path.sourceraw": "link linkat mount rename renameat renameat2 symlink symlinkat",
    "fs.path.targetraw": "link linkat mount rename renameat renameat2 symlink symlinkat",
}
