"""Which release of Falco knows what. Written by scripts/falco_facts.py; do not edit.

Each kind maps a release to the names that came (SINCE) or went (REMOVED) with it, separated by blanks. What already was
in 0.35 is listed there, though it may be older.
"""

from __future__ import annotations

RELEASES: tuple[tuple[str, str, str, str], ...] = (
    ("0.35", "0.17.0", "", "2023-06-29"),
    ("0.36", "0.26.0", "", "2023-10-27"),
    ("0.37", "0.31.0", "", "2024-02-13"),
    ("0.38", "0.40.0", "", "2024-08-19"),
    ("0.39", "0.43.0", "", "2024-11-21"),
    ("0.40", "0.46.0", "", "2025-01-27"),
    ("0.41", "0.50.0", "0.2.4", "2025-07-01"),
    ("0.42", "0.57.0", "0.4.0", "2025-11-06"),
    ("0.43", "0.58.0", "0.6.1", "2026-04-09"),
    ("0.44", "0.62.0", "0.6.4", "2026-06-10"),
    ("0.45", "0.63.0", "0.7.1", "2026-07-31"),
)

SINCE: dict[str, dict[str, str]] = {
    "field": {
        "0.35": (
            "container.cni.json container.duration container.healthcheck container.id container.image "
            "container.image.digest container.image.id container.image.repository container.image.tag "
            "container.ip container.liveness_probe container.mount container.mount.dest container.mount.mode "
            "container.mount.propagation container.mount.rdwr container.mount.source container.mounts "
            "container.name container.privileged container.readiness_probe container.start_ts container.type "
            "evt.abspath evt.arg evt.args evt.around evt.asynctype evt.buffer evt.buflen evt.buflen.file "
            "evt.buflen.file.in evt.buflen.file.out evt.buflen.in evt.buflen.net evt.buflen.net.in "
            "evt.buflen.net.out evt.buflen.out evt.category evt.count evt.count.error evt.count.error.file "
            "evt.count.error.memory evt.count.error.net evt.count.error.other evt.count.exit evt.count.procinfo "
            "evt.count.threadinfo evt.cpu evt.datetime evt.datetime.s evt.deltatime evt.deltatime.ns "
            "evt.deltatime.s evt.dir evt.failed evt.info evt.infra.docker.container.id "
            "evt.infra.docker.container.image evt.infra.docker.container.name evt.infra.docker.name evt.io_dir "
            "evt.is_async evt.is_io evt.is_io_read evt.is_io_write evt.is_open_exec evt.is_open_read "
            "evt.is_open_write evt.is_syslog evt.is_wait evt.latency evt.latency.human evt.latency.ns "
            "evt.latency.quantized evt.latency.s evt.num evt.outputtime evt.plugininfo evt.pluginname evt.rawarg "
            "evt.rawres evt.rawtime evt.rawtime.ns evt.rawtime.s evt.reltime evt.reltime.ns evt.reltime.s evt.res "
            "evt.source evt.time evt.time.iso8601 evt.time.s evt.type evt.type.is evt.wait_latency evtin.span.arg "
            "evtin.span.args evtin.span.id evtin.span.m.arg evtin.span.m.args evtin.span.m.id evtin.span.m.nargs "
            "evtin.span.m.ntags evtin.span.m.tag evtin.span.m.tags evtin.span.nargs evtin.span.ntags "
            "evtin.span.p.arg evtin.span.p.args evtin.span.p.id evtin.span.p.nargs evtin.span.p.ntags "
            "evtin.span.p.tag evtin.span.p.tags evtin.span.s.arg evtin.span.s.args evtin.span.s.id "
            "evtin.span.s.nargs evtin.span.s.ntags evtin.span.s.tag evtin.span.s.tags evtin.span.tag "
            "evtin.span.tags fd.cip fd.cip.name fd.cnet fd.connected fd.containerdirectory fd.containername "
            "fd.cport fd.cproto fd.dev fd.dev.major fd.dev.minor fd.directory fd.filename fd.ino fd.ip "
            "fd.is_server fd.l4proto fd.lip fd.lip.name fd.lnet fd.lport fd.lproto fd.name fd.name_changed "
            "fd.nameraw fd.net fd.num fd.port fd.proto fd.rip fd.rip.name fd.rnet fd.rport fd.rproto fd.sip "
            "fd.sip.name fd.snet fd.sockfamily fd.sport fd.sproto fd.type fd.typechar fd.uid fdlist.cips "
            "fdlist.cports fdlist.names fdlist.nums fdlist.sips fdlist.sports group.gid group.name "
            "k8s.deployment.id k8s.deployment.label k8s.deployment.labels k8s.deployment.name k8s.ns.id "
            "k8s.ns.label k8s.ns.labels k8s.ns.name k8s.pod.cni.json k8s.pod.id k8s.pod.ip k8s.pod.label "
            "k8s.pod.labels k8s.pod.name k8s.rc.id k8s.rc.label k8s.rc.labels k8s.rc.name k8s.rs.id k8s.rs.label "
            "k8s.rs.labels k8s.rs.name k8s.svc.id k8s.svc.label k8s.svc.labels k8s.svc.name marathon.app.id "
            "marathon.app.label marathon.app.labels marathon.app.name marathon.group.id marathon.group.name "
            "mesos.framework.id mesos.framework.name mesos.task.id mesos.task.label mesos.task.labels "
            "mesos.task.name proc.acmdline proc.aexe proc.aexepath proc.aname proc.apid proc.args proc.cmdlenargs "
            "proc.cmdline proc.cmdnargs proc.cwd proc.duration proc.env proc.exe proc.exe_ino proc.exe_ino.ctime "
            "proc.exe_ino.ctime_duration_pidns_start proc.exe_ino.ctime_duration_proc_start proc.exe_ino.mtime "
            "proc.exeline proc.exepath proc.fdlimit proc.fdopencount proc.fdusage proc.is_container_healthcheck "
            "proc.is_container_liveness_probe proc.is_container_readiness_probe proc.is_exe_upper_layer "
            "proc.is_exe_writable proc.loginshellid proc.name proc.nchilds proc.nthreads proc.pcmdline proc.pexe "
            "proc.pexepath proc.pid proc.pid.ts proc.pidns_init_start_ts proc.pname proc.ppid proc.ppid.duration "
            "proc.ppid.ts proc.pvpid proc.sid proc.sid.exe proc.sid.exepath proc.sname proc.tty proc.vmrss "
            "proc.vmsize proc.vmswap proc.vpgid proc.vpid span.arg span.args span.childcount.fortag span.count "
            "span.count.fortag span.duration span.duration.fortag span.duration.human span.duration.quantized "
            "span.enterarg span.enterargs span.id span.idtag span.nargs span.ntags span.rawparenttime "
            "span.rawtime span.tag span.tags span.time syscall.type syslog.facility syslog.facility.str "
            "syslog.message syslog.severity syslog.severity.str thread.cap_effective thread.cap_inheritable "
            "thread.cap_permitted thread.cgroup thread.cgroups thread.cpu thread.cpu.system thread.cpu.user "
            "thread.exectime thread.ismain thread.nametid thread.pfmajor thread.pfminor thread.tid "
            "thread.totexectime thread.vmrss thread.vmrss.b thread.vmsize thread.vmsize.b thread.vtid "
            "user.homedir user.loginname user.loginuid user.name user.shell user.uid util.cnt"
        ),
        "0.36": (
            "evt.hostname evt.is_open_create fd.types fs.path.name fs.path.nameraw fs.path.source "
            "fs.path.sourceraw fs.path.target fs.path.targetraw proc.is_exe_from_memfd proc.is_sid_leader "
            "proc.is_vpgid_leader proc.vpgid.exe proc.vpgid.exepath proc.vpgid.name"
        ),
        "0.37": "container.full_id k8s.pod.full_sandbox_id k8s.pod.sandbox_id k8s.pod.uid proc.aenv",
        "0.39": (
            "fd.is_lower_layer fd.is_upper_layer proc.is_exe_lower_layer proc.stderr.name proc.stderr.type "
            "proc.stdin.name proc.stdin.type proc.stdout.name proc.stdout.type"
        ),
        "0.40": (
            "container.host_ipc container.host_network container.host_pid proc.is_pgid_leader proc.pgid "
            "proc.pgid.exe proc.pgid.exepath proc.pgid.name"
        ),
        "0.41": "container.label container.labels proc.aargs",
    },
    "operator": {
        "0.35": (
            "!= < <= = == > >= bcontains bstartswith contains endswith exists glob icontains in intersects pmatch "
            "startswith"
        ),
        "0.38": "iglob",
        "0.39": "regex",
    },
    "modifier": {
        "0.44": "allof anyof oneof",
    },
    "transformer": {
        "0.38": "b64 tolower toupper",
        "0.39": "basename",
        "0.40": "len",
        "0.44": "concat getopt join",
    },
    "syntax": {
        "0.37": "required_engine_version_semver",
        "0.38": "output_transformers val()",
        "0.44": "exception_comps_modifier transformer_multi_arg unknown_key_warning",
    },
    "event_type": {
        "0.35": (
            "NA _llseek _newselect _sysctl accept accept4 access acct add_key adjtimex alarm arch_prctl "
            "asyncevent bdflush bind bpf brk capget capset chdir chmod chown chroot clock_adjtime clock_getres "
            "clock_gettime clock_nanosleep clock_settime clone clone3 close close_range connect container "
            "copy_file_range cpu_hotplug creat create_module delete_module drop dup dup2 dup3 epoll_create "
            "epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd "
            "eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fanotify_init "
            "fanotify_mark fchdir fchmod fchmodat fchown fchownat fcntl fcntl64 fdatasync fgetxattr finit_module "
            "flistxattr flock fork fremovexattr fsconfig fsetxattr fsmount fsopen fspick fstat fstat64 fstatat64 "
            "fstatfs fstatfs64 fsync ftruncate futex futex_waitv futimesat get_kernel_syms get_mempolicy "
            "get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid getegid32 geteuid "
            "geteuid32 getgid getgid32 getgroups getitimer getpeername getpgid getpgrp getpid getpmsg getppid "
            "getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit getrusage getsid "
            "getsockname getsockopt gettid gettimeofday getuid getuid32 getxattr groupadded groupdeleted idle "
            "infra init_module inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy "
            "io_getevents io_pgetevents io_setup io_submit io_uring_enter io_uring_register io_uring_setup ioctl "
            "ioperm iopl ioprio_get ioprio_set ipc k8s kcmp kexec_file_load kexec_load keyctl kill "
            "landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat listen "
            "listxattr llistxattr llseek lookup_dcookie lremovexattr lseek lsetxattr lstat lstat64 madvise mbind "
            "membarrier memfd_create memfd_secret mesos migrate_pages mincore mkdir mkdirat mknod mknodat mlock "
            "mlock2 mlockall mmap mmap2 modify_ldt mount mount_setattr move_mount move_pages mprotect "
            "mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap msgctl msgget msgrcv "
            "msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat nfsservctl nice "
            "notification olduname open open_by_handle_at open_tree openat openat2 page_fault page_fault_kernel "
            "page_fault_user pause perf_event_open personality pidfd_getfd pidfd_open pidfd_send_signal pipe "
            "pipe2 pivot_root pkey_alloc pkey_free pkey_mprotect pluginevent poll ppoll prctl pread pread64 "
            "preadv preadv2 prlimit prlimit64 process_madvise process_mrelease process_vm_readv process_vm_writev "
            "procexit procinfo pselect6 ptrace pwrite pwrite64 pwritev pwritev2 query_module quotactl quotactl_fd "
            "read readahead readdir readlink readlinkat readv reboot recv recvfrom recvmmsg recvmsg "
            "remap_file_pages removexattr rename renameat renameat2 request_key restart_syscall rmdir rseq "
            "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait "
            "rt_tgsigqueueinfo s390_guarded_storage s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr "
            "s390_sthyi scapevent sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr "
            "sched_getparam sched_getscheduler sched_process_exit sched_rr_get_interval sched_setaffinity "
            "sched_setattr sched_setparam sched_setscheduler sched_switch sched_yield seccomp select semctl "
            "semget semop semtimedop send sendfile sendfile64 sendmmsg sendmsg sendto set_mempolicy "
            "set_mempolicy_home_node set_robust_list set_thread_area set_tid_address setdomainname setfsgid "
            "setfsuid setgid setgid32 setgroups sethostname setitimer setns setpgid setpriority setregid "
            "setresgid setresgid32 setresuid setresuid32 setreuid setrlimit setsid setsockopt settimeofday setuid "
            "setuid32 setxattr sgetmask shmat shmctl shmdt shmget shutdown sigaction sigaltstack signal "
            "signal_deliver signaldeliver signalfd signalfd4 sigpending sigprocmask sigreturn sigsuspend socket "
            "socketcall socketpair splice ssetmask stat stat64 statfs statfs64 statx stime swapoff swapon switch "
            "symlink symlinkat sync sync_file_range syncfs syscall sysfs sysinfo syslog tee tgkill time "
            "timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd timerfd_create "
            "timerfd_gettime timerfd_settime times tkill tracer truncate ugetrlimit umask umount umount2 uname "
            "unknown unlink unlinkat unshare uselib useradded userdeleted userfaultfd ustat utime utimensat "
            "utimes vfork vhangup vmsplice wait4 waitid waitpid write writev"
        ),
        "0.36": "cachestat",
        "0.37": (
            "fchmodat2 futex_requeue futex_wait futex_wake map_shadow_stack multiplexer oldfstat oldlstat "
            "oldolduname oldstat pciconfig_iobase pciconfig_read pciconfig_write riscv_flush_icache riscv_hwprobe "
            "rtas spu_create spu_run subpage_prot swapcontext switch_endian sync_file_range2 sys_debug_setcontext "
            "vm86"
        ),
        "0.38": "listmount lsm_get_self_attr lsm_list_modules lsm_set_self_attr statmount",
        "0.39": "mseal uretprobe",
        "0.40": "getxattrat listxattrat removexattrat setxattrat",
        "0.41": "container_removed open_tree_attr",
        "0.42": "file_getattr file_setattr",
        "0.44": (
            "listns rseq_slice_yield task task_file_anon_inode task_file_directory task_file_memfd task_file_pipe "
            "task_file_regular task_file_socket_inet task_file_socket_inet6 task_file_socket_netlink "
            "task_file_socket_unix uprobe"
        ),
    },
    "event_arg": {
        "0.35": (
            "ID action addr arg arg2_int arg2_str args argument aux backlog cap_effective cap_inheritable "
            "cap_permitted cgroups clockid cmd comm container_id core cpu cpu_sys cpu_usr cq_entries cur cwd data "
            "desc description dev dir dirfd domain dpid dqb_bhardlimit dqb_bsoftlimit dqb_btime dqb_curspace "
            "dqb_ihardlimit dqb_isoftlimit dqb_itime dqi_bgrace dqi_flags dqi_igrace egid entries env error euid "
            "event_data event_type exe exe_ino exe_ino_ctime exe_ino_mtime fd fd1 fd2 fd_in fd_out fdin fdlimit "
            "fdout fds features filename flags gid home how id image in_fd initval ino interval ip json key len "
            "length level linkdirfd linkpath loginuid mask max maxevents min_complete mode mountfd name nativeID "
            "newcur newdir newdirfd newfd newmax newpath next nr_args nsems nsops nstype offin offout offset "
            "oldcur olddir olddirfd oldfd oldmax oldpath op opcode operation option optlen optname out_fd path "
            "pathname peer pgft_maj pgft_min pgid pgoffset pid pidns_init_start_ts plugin_id pos prot proto ptid "
            "queuelen queuemax queuepct quota_fmt quota_fmt_out quotafilepath ratio request res res_or_fd resolve "
            "resource ret rgid ruid scope sem_flg_0 sem_flg_1 sem_num_0 sem_num_1 sem_op_0 sem_op_1 semflg semid "
            "semnum sgid shell sig sigmask size source special spid sq_entries sq_thread_cpu sq_thread_idle "
            "status suid tags target tid timeout to_submit tty tuple type uid val value_bytebuf value_charbuf "
            "vm_rss vm_size vm_swap vpid vtid whence"
        ),
        "0.36": "img pid_fd reaper_tid target_fd trusted_exepath uargs",
        "0.37": "msgcontrol",
        "0.39": "creat_flags",
        "0.40": "vpgid",
        "0.44": (
            "arg2 arg3 arg4 arg5 argv exe_ino_num exepath fd_type first ino_num last local_ip local_port mnt_id "
            "ppid remote_ip remote_port root sid sk_pointer sk_proto sk_type start_time sun_path vtgid"
        ),
    },
    "exit_arg": {
        "0.35": (
            "accept.fd accept.queuelen accept.queuemax accept.queuepct accept.tuple accept4.fd accept4.queuelen "
            "accept4.queuemax accept4.queuepct accept4.tuple access.name access.res bind.addr bind.res bpf.fd "
            "brk.res brk.vm_rss brk.vm_size brk.vm_swap capset.cap_effective capset.cap_inheritable "
            "capset.cap_permitted capset.res chdir.path chdir.res chmod.filename chmod.mode chmod.res chown.gid "
            "chown.path chown.res chown.uid chroot.path chroot.res clone.args clone.cgroups clone.comm clone.cwd "
            "clone.exe clone.fdlimit clone.flags clone.gid clone.pgft_maj clone.pgft_min clone.pid "
            "clone.pidns_init_start_ts clone.ptid clone.res clone.tid clone.uid clone.vm_rss clone.vm_size "
            "clone.vm_swap clone.vpid clone.vtid clone3.args clone3.cgroups clone3.comm clone3.cwd clone3.exe "
            "clone3.fdlimit clone3.flags clone3.gid clone3.pgft_maj clone3.pgft_min clone3.pid "
            "clone3.pidns_init_start_ts clone3.ptid clone3.res clone3.tid clone3.uid clone3.vm_rss clone3.vm_size "
            "clone3.vm_swap clone3.vpid clone3.vtid close.res connect.fd connect.res connect.tuple "
            "copy_file_range.fdout copy_file_range.offout copy_file_range.res creat.dev creat.fd creat.ino "
            "creat.mode creat.name drop.ratio dup.oldfd dup.res dup2.newfd dup2.oldfd dup2.res dup3.flags "
            "dup3.newfd dup3.oldfd dup3.res epoll_create.res epoll_create1.res epoll_wait.res eventfd.res "
            "eventfd2.flags eventfd2.res execve.args execve.cap_effective execve.cap_inheritable "
            "execve.cap_permitted execve.cgroups execve.comm execve.cwd execve.env execve.exe execve.exe_ino "
            "execve.exe_ino_ctime execve.exe_ino_mtime execve.fdlimit execve.flags execve.loginuid "
            "execve.pgft_maj execve.pgft_min execve.pgid execve.pid execve.ptid execve.res execve.tid execve.tty "
            "execve.uid execve.vm_rss execve.vm_size execve.vm_swap execveat.args execveat.cap_effective "
            "execveat.cap_inheritable execveat.cap_permitted execveat.cgroups execveat.comm execveat.cwd "
            "execveat.env execveat.exe execveat.exe_ino execveat.exe_ino_ctime execveat.exe_ino_mtime "
            "execveat.fdlimit execveat.flags execveat.loginuid execveat.pgft_maj execveat.pgft_min execveat.pgid "
            "execveat.pid execveat.ptid execveat.res execveat.tid execveat.tty execveat.uid execveat.vm_rss "
            "execveat.vm_size execveat.vm_swap fchdir.res fchmod.fd fchmod.mode fchmod.res fchmodat.dirfd "
            "fchmodat.filename fchmodat.mode fchmodat.res fchown.fd fchown.gid fchown.res fchown.uid "
            "fchownat.dirfd fchownat.flags fchownat.gid fchownat.pathname fchownat.res fchownat.uid fcntl.res "
            "flock.res fork.args fork.cgroups fork.comm fork.cwd fork.exe fork.fdlimit fork.flags fork.gid "
            "fork.pgft_maj fork.pgft_min fork.pid fork.pidns_init_start_ts fork.ptid fork.res fork.tid fork.uid "
            "fork.vm_rss fork.vm_size fork.vm_swap fork.vpid fork.vtid fsconfig.aux fsconfig.cmd fsconfig.fd "
            "fsconfig.key fsconfig.res fsconfig.value_bytebuf fsconfig.value_charbuf fstat.res fstat64.res "
            "futex.res getcwd.path getcwd.res getdents.res getdents64.res getegid.egid geteuid.euid getgid.gid "
            "getresgid.egid getresgid.res getresgid.rgid getresgid.sgid getresuid.euid getresuid.res "
            "getresuid.ruid getresuid.suid getrlimit.cur getrlimit.max getrlimit.res getsockopt.fd "
            "getsockopt.level getsockopt.optlen getsockopt.optname getsockopt.res getsockopt.val getuid.uid "
            "inotify_init.res inotify_init1.flags inotify_init1.res io_uring_enter.fd io_uring_enter.flags "
            "io_uring_enter.min_complete io_uring_enter.res io_uring_enter.sig io_uring_enter.to_submit "
            "io_uring_register.arg io_uring_register.fd io_uring_register.nr_args io_uring_register.opcode "
            "io_uring_register.res io_uring_setup.cq_entries io_uring_setup.entries io_uring_setup.features "
            "io_uring_setup.flags io_uring_setup.res io_uring_setup.sq_entries io_uring_setup.sq_thread_cpu "
            "io_uring_setup.sq_thread_idle ioctl.res kill.res lchown.gid lchown.path lchown.res lchown.uid "
            "link.newpath link.oldpath link.res linkat.flags linkat.newdir linkat.newpath linkat.olddir "
            "linkat.oldpath linkat.res listen.res llseek.res lseek.res lstat.path lstat.res lstat64.path "
            "lstat64.res mkdir.path mkdir.res mkdirat.dirfd mkdirat.mode mkdirat.path mkdirat.res mlock.addr "
            "mlock.len mlock.res mlock2.addr mlock2.flags mlock2.len mlock2.res mlockall.flags mlockall.res "
            "mmap.res mmap.vm_rss mmap.vm_size mmap.vm_swap mmap2.res mmap2.vm_rss mmap2.vm_size mmap2.vm_swap "
            "mount.dev mount.dir mount.res mount.type mprotect.res munlock.addr munlock.len munlock.res "
            "munlockall.res munmap.res munmap.vm_rss munmap.vm_size munmap.vm_swap nanosleep.res open.dev open.fd "
            "open.flags open.ino open.mode open.name open_by_handle_at.fd open_by_handle_at.flags "
            "open_by_handle_at.mountfd open_by_handle_at.path openat.dev openat.dirfd openat.fd openat.flags "
            "openat.ino openat.mode openat.name openat2.dirfd openat2.fd openat2.flags openat2.mode openat2.name "
            "openat2.resolve pipe.fd1 pipe.fd2 pipe.ino pipe.res pipe2.fd1 pipe2.fd2 pipe2.flags pipe2.ino "
            "pipe2.res poll.fds poll.res ppoll.fds ppoll.res prctl.arg2_int prctl.arg2_str prctl.option prctl.res "
            "pread.data pread.res preadv.data preadv.res preadv.size prlimit.newcur prlimit.newmax prlimit.oldcur "
            "prlimit.oldmax prlimit.res ptrace.addr ptrace.data ptrace.res pwrite.data pwrite.res pwritev.data "
            "pwritev.res quotactl.dqb_bhardlimit quotactl.dqb_bsoftlimit quotactl.dqb_btime quotactl.dqb_curspace "
            "quotactl.dqb_ihardlimit quotactl.dqb_isoftlimit quotactl.dqb_itime quotactl.dqi_bgrace "
            "quotactl.dqi_flags quotactl.dqi_igrace quotactl.quota_fmt_out quotactl.quotafilepath quotactl.res "
            "quotactl.special read.data read.res readv.data readv.res readv.size recv.data recv.res recvfrom.data "
            "recvfrom.res recvfrom.tuple recvmsg.data recvmsg.res recvmsg.size recvmsg.tuple rename.newpath "
            "rename.oldpath rename.res renameat.newdirfd renameat.newpath renameat.olddirfd renameat.oldpath "
            "renameat.res renameat2.flags renameat2.newdirfd renameat2.newpath renameat2.olddirfd "
            "renameat2.oldpath renameat2.res rmdir.path rmdir.res seccomp.res select.res semctl.res semget.res "
            "semop.nsops semop.res semop.sem_flg_0 semop.sem_flg_1 semop.sem_num_0 semop.sem_num_1 semop.sem_op_0 "
            "semop.sem_op_1 send.data send.res sendfile.offset sendfile.res sendmsg.data sendmsg.res sendto.data "
            "sendto.res setgid.res setns.res setpgid.res setresgid.res setresuid.res setrlimit.cur setrlimit.max "
            "setrlimit.res setsid.res setsockopt.fd setsockopt.level setsockopt.optlen setsockopt.optname "
            "setsockopt.res setsockopt.val setuid.res shutdown.res signalfd.res signalfd4.flags signalfd4.res "
            "socket.fd socketpair.fd1 socketpair.fd2 socketpair.peer socketpair.res socketpair.source splice.res "
            "stat.path stat.res stat64.path stat64.res symlink.linkpath symlink.res symlink.target "
            "symlinkat.linkdirfd symlinkat.linkpath symlinkat.res symlinkat.target syscall.ID tgkill.res "
            "timerfd_create.res tkill.res tracer.args tracer.id tracer.tags umount.name umount.res umount2.name "
            "umount2.res unlink.path unlink.res unlinkat.dirfd unlinkat.flags unlinkat.name unlinkat.res "
            "unshare.res userfaultfd.flags userfaultfd.res vfork.args vfork.cgroups vfork.comm vfork.cwd "
            "vfork.exe vfork.fdlimit vfork.flags vfork.gid vfork.pgft_maj vfork.pgft_min vfork.pid "
            "vfork.pidns_init_start_ts vfork.ptid vfork.res vfork.tid vfork.uid vfork.vm_rss vfork.vm_size "
            "vfork.vm_swap vfork.vpid vfork.vtid write.data write.res writev.data writev.res"
        ),
        "0.36": (
            "execve.trusted_exepath execveat.trusted_exepath fcntl.cmd fcntl.fd finit_module.fd "
            "finit_module.flags finit_module.res finit_module.uargs init_module.img init_module.length "
            "init_module.res init_module.uargs memfd_create.fd memfd_create.flags memfd_create.name mknod.dev "
            "mknod.mode mknod.path mknod.res mknodat.dev mknodat.dirfd mknodat.mode mknodat.path mknodat.res "
            "pidfd_getfd.fd pidfd_getfd.flags pidfd_getfd.pid_fd pidfd_getfd.target_fd pidfd_open.fd "
            "pidfd_open.flags pidfd_open.pid"
        ),
        "0.37": "bpf.cmd prlimit.pid prlimit.resource recvmsg.msgcontrol setrlimit.resource",
        "0.38": (
            "delete_module.flags delete_module.name delete_module.res newfstatat.dirfd newfstatat.flags "
            "newfstatat.path newfstatat.res open_by_handle_at.dev open_by_handle_at.ino openat2.dev openat2.ino "
            "process_vm_readv.data process_vm_readv.pid process_vm_readv.res process_vm_writev.data "
            "process_vm_writev.pid process_vm_writev.res"
        ),
        "0.39": "creat.creat_flags setregid.egid setregid.res setregid.rgid setreuid.euid setreuid.res setreuid.ruid",
        "0.40": (
            "bind.fd execve.gid execve.vpgid execveat.gid execveat.vpgid listen.backlog listen.fd pread.fd "
            "pread.pos pread.size read.fd read.size recvmmsg.data recvmmsg.fd recvmmsg.msgcontrol recvmmsg.res "
            "recvmmsg.size recvmmsg.tuple sendmmsg.data sendmmsg.fd sendmmsg.res sendmmsg.size sendmmsg.tuple "
            "socket.domain socket.proto socket.type"
        ),
        "0.41": "pwrite.fd pwrite.pos pwrite.size write.fd write.size",
        "0.42": (
            "accept4.flags access.mode brk.addr close.fd connect.addr copy_file_range.fdin copy_file_range.len "
            "copy_file_range.offin epoll_create.size epoll_create1.flags epoll_wait.maxevents eventfd.flags "
            "eventfd.initval eventfd2.initval fchdir.fd flock.fd flock.operation fstat.fd futex.addr futex.op "
            "futex.val getdents.fd getdents64.fd getrlimit.resource inotify_init.flags ioctl.argument ioctl.fd "
            "ioctl.request kill.pid kill.sig llseek.fd llseek.offset llseek.whence lseek.fd lseek.offset "
            "lseek.whence mkdir.mode mmap.addr mmap.fd mmap.flags mmap.length mmap.offset mmap.prot mmap2.addr "
            "mmap2.fd mmap2.flags mmap2.length mmap2.pgoffset mmap2.prot mount.flags mprotect.addr "
            "mprotect.length mprotect.prot munmap.addr munmap.length nanosleep.interval poll.timeout "
            "ppoll.sigmask ppoll.timeout preadv.fd preadv.pos ptrace.pid ptrace.request pwritev.fd pwritev.pos "
            "pwritev.size quotactl.cmd quotactl.id quotactl.quota_fmt quotactl.type readv.fd recv.fd recv.size "
            "recv.tuple recvfrom.fd recvfrom.size recvmsg.fd seccomp.flags seccomp.op semctl.cmd semctl.semid "
            "semctl.semnum semctl.val semget.key semget.nsems semget.semflg semop.semid send.fd send.size "
            "send.tuple sendfile.in_fd sendfile.out_fd sendfile.size sendmsg.fd sendmsg.size sendmsg.tuple "
            "sendto.fd sendto.size sendto.tuple setgid.gid setns.fd setns.nstype setpgid.pgid setpgid.pid "
            "setresgid.egid setresgid.rgid setresgid.sgid setresuid.euid setresuid.ruid setresuid.suid setuid.uid "
            "shutdown.fd shutdown.how signalfd.fd signalfd.flags signalfd.mask signalfd4.fd signalfd4.mask "
            "socketpair.domain socketpair.proto socketpair.type splice.fd_in splice.fd_out splice.flags "
            "splice.size syscall.nativeID tgkill.pid tgkill.sig tgkill.tid timerfd_create.clockid "
            "timerfd_create.flags tkill.sig tkill.tid umount2.flags unshare.flags writev.fd writev.size"
        ),
        "0.43": "execve.filename",
        "0.44": (
            "close_range.first close_range.flags close_range.last close_range.res fcntl.arg keyctl.arg2 "
            "keyctl.arg3 keyctl.arg4 keyctl.arg5 keyctl.operation keyctl.res socket.flags"
        ),
    },
    "item_key": {
        "0.35": (
            "exception.comps exception.fields exception.name exception.values list.append list.items list.list "
            "macro.append macro.condition macro.macro required_engine_version.required_engine_version "
            "required_plugin_versions.alternatives required_plugin_versions.name "
            "required_plugin_versions.required_plugin_versions required_plugin_versions.version rule.append "
            "rule.condition rule.desc rule.enabled rule.exceptions rule.output rule.priority rule.rule "
            "rule.skip-if-unknown-filter rule.source rule.tags rule.warn_evttypes"
        ),
        "0.37": "list.override macro.override rule.override",
        "0.42": "rule.capture rule.capture_duration",
    },
    "override_key": {
        "0.37": (
            "list.append.items list.replace.items macro.append.condition macro.replace.condition "
            "rule.append.condition rule.append.desc rule.append.exceptions rule.append.output rule.append.tags "
            "rule.replace.condition rule.replace.desc rule.replace.enabled rule.replace.exceptions "
            "rule.replace.output rule.replace.priority rule.replace.skip-if-unknown-filter rule.replace.tags "
            "rule.replace.warn_evttypes"
        ),
        "0.42": "rule.replace.capture rule.replace.capture_duration",
    },
}

REMOVED: dict[str, dict[str, str]] = {
    "field": {
        "0.41": "syslog.facility syslog.facility.str syslog.message syslog.severity syslog.severity.str",
        "0.42": (
            "evtin.span.arg evtin.span.args evtin.span.id evtin.span.m.arg evtin.span.m.args evtin.span.m.id "
            "evtin.span.m.nargs evtin.span.m.ntags evtin.span.m.tag evtin.span.m.tags evtin.span.nargs "
            "evtin.span.ntags evtin.span.p.arg evtin.span.p.args evtin.span.p.id evtin.span.p.nargs "
            "evtin.span.p.ntags evtin.span.p.tag evtin.span.p.tags evtin.span.s.arg evtin.span.s.args "
            "evtin.span.s.id evtin.span.s.nargs evtin.span.s.ntags evtin.span.s.tag evtin.span.s.tags "
            "evtin.span.tag evtin.span.tags marathon.app.id marathon.app.label marathon.app.labels "
            "marathon.app.name marathon.group.id marathon.group.name mesos.framework.id mesos.framework.name "
            "mesos.task.id mesos.task.label mesos.task.labels mesos.task.name span.arg span.args "
            "span.childcount.fortag span.count span.count.fortag span.duration span.duration.fortag "
            "span.duration.human span.duration.quantized span.enterarg span.enterargs span.id span.idtag "
            "span.nargs span.ntags span.rawparenttime span.rawtime span.tag span.tags span.time"
        ),
    },
    "exit_arg": {
        "0.42": "tracer.args tracer.id tracer.tags",
    },
}

#: Fields that Falco advises against, by the release that began to.
DEPRECATED_FIELDS: dict[str, str] = {
    "0.35": (
        "marathon.app.id marathon.app.label marathon.app.labels marathon.app.name marathon.group.id "
        "marathon.group.name mesos.framework.id mesos.framework.name mesos.task.id mesos.task.label "
        "mesos.task.labels mesos.task.name"
    ),
    "0.37": (
        "evtin.span.arg evtin.span.args evtin.span.id evtin.span.m.arg evtin.span.m.args evtin.span.m.id "
        "evtin.span.m.nargs evtin.span.m.ntags evtin.span.m.tag evtin.span.m.tags evtin.span.nargs "
        "evtin.span.ntags evtin.span.p.arg evtin.span.p.args evtin.span.p.id evtin.span.p.nargs "
        "evtin.span.p.ntags evtin.span.p.tag evtin.span.p.tags evtin.span.s.arg evtin.span.s.args evtin.span.s.id "
        "evtin.span.s.nargs evtin.span.s.ntags evtin.span.s.tag evtin.span.s.tags evtin.span.tag evtin.span.tags "
        "k8s.deployment.id k8s.deployment.label k8s.deployment.labels k8s.deployment.name k8s.ns.id k8s.ns.label "
        "k8s.ns.labels k8s.rc.id k8s.rc.label k8s.rc.labels k8s.rc.name k8s.rs.id k8s.rs.label k8s.rs.labels "
        "k8s.rs.name k8s.svc.id k8s.svc.label k8s.svc.labels k8s.svc.name span.arg span.args "
        "span.childcount.fortag span.count span.count.fortag span.duration span.duration.fortag "
        "span.duration.human span.duration.quantized span.enterarg span.enterargs span.id span.idtag span.nargs "
        "span.ntags span.rawparenttime span.rawtime span.tag span.tags span.time"
    ),
    "0.42": "evt.dir",
    "0.43": "evt.latency evt.latency.human evt.latency.ns evt.latency.quantized evt.latency.s evt.wait_latency",
    "0.44": (
        "container.healthcheck container.liveness_probe container.readiness_probe proc.is_container_healthcheck "
        "proc.is_container_liveness_probe proc.is_container_readiness_probe"
    ),
}

#: System calls that a release does not watch unless told to.
IGNORED_BY_DEFAULT: dict[str, str] = {
    "0.35": "pread preadv pwrite pwritev read readv recv recvmmsg send sendfile sendmmsg write writev",
    "0.36": "pread preadv pwrite pwritev read readv recv recvmmsg send sendfile sendmmsg write writev",
    "0.37": "pread preadv pwrite pwritev read readv recv recvmmsg send sendfile sendmmsg write writev",
    "0.38": "pread preadv pwrite pwritev read readv recv recvmmsg send sendfile sendmmsg write writev",
    "0.39": "pread preadv pwrite pwritev read readv recv recvmmsg send sendfile sendmmsg write writev",
    "0.40": "pread preadv pwrite pwritev read readv recv send sendfile write writev",
    "0.41": "pread preadv pwrite pwritev read readv recv send sendfile write writev",
    "0.42": "pread preadv pwrite pwritev read readv recv send sendfile write writev",
    "0.43": "pread preadv pwrite pwritev read readv recv send sendfile write writev",
    "0.44": "pread preadv pwrite pwritev read readv recv send sendfile write writev",
    "0.45": "pread preadv pwrite pwritev read readv recv send sendfile write writev",
}

PLUGIN_OF_SOURCE: dict[str, str] = {
    "k8s_audit": "k8saudit",
    "aws_cloudtrail": "cloudtrail",
    "okta": "okta",
    "github": "github",
    "gcp_auditlog": "gcpaudit",
}

#: Fields of each plugin by the first version of the plugin that has them.
PLUGIN_FIELDS: dict[str, dict[str, str]] = {
    "container": {
        "0.1.0": (
            "container.cni.json container.duration container.full_id container.healthcheck container.host_ipc "
            "container.host_network container.host_pid container.id container.image container.image.digest "
            "container.image.id container.image.repository container.image.tag container.ip container.label "
            "container.labels container.liveness_probe container.mount container.mount.dest container.mount.mode "
            "container.mount.propagation container.mount.rdwr container.mount.source container.mounts "
            "container.name container.privileged container.readiness_probe container.start_ts container.type "
            "k8s.deployment.id k8s.deployment.label k8s.deployment.labels k8s.deployment.name k8s.ns.id "
            "k8s.ns.label k8s.ns.labels k8s.ns.name k8s.pod.cni.json k8s.pod.full_sandbox_id k8s.pod.id "
            "k8s.pod.ip k8s.pod.label k8s.pod.labels k8s.pod.name k8s.pod.sandbox_id k8s.pod.uid k8s.rc.id "
            "k8s.rc.label k8s.rc.labels k8s.rc.name k8s.rs.id k8s.rs.label k8s.rs.labels k8s.rs.name k8s.svc.id "
            "k8s.svc.label k8s.svc.labels k8s.svc.name proc.is_container_healthcheck "
            "proc.is_container_liveness_probe proc.is_container_readiness_probe"
        ),
    },
    "k8smeta": {
        "0.1.0": (
            "k8smeta.deployment.label k8smeta.deployment.labels k8smeta.deployment.name k8smeta.deployment.uid "
            "k8smeta.ns.label k8smeta.ns.labels k8smeta.ns.name k8smeta.ns.uid k8smeta.pod.ip k8smeta.pod.label "
            "k8smeta.pod.labels k8smeta.pod.name k8smeta.pod.uid k8smeta.rc.label k8smeta.rc.labels "
            "k8smeta.rc.name k8smeta.rc.uid k8smeta.rs.label k8smeta.rs.labels k8smeta.rs.name k8smeta.rs.uid "
            "k8smeta.svc.label k8smeta.svc.labels k8smeta.svc.name k8smeta.svc.uid"
        ),
    },
    "k8saudit": {
        "0.1.0": (
            "ka.auditid ka.auth.decision ka.auth.reason ka.impuser.name ka.req.binding.role "
            "ka.req.binding.subject.has_name ka.req.binding.subjects ka.req.configmap.name ka.req.configmap.obj "
            "ka.req.container.host_network ka.req.container.image ka.req.container.image.repository "
            "ka.req.container.privileged ka.req.pod.containers.add_capabilities "
            "ka.req.pod.containers.allow_privilege_escalation ka.req.pod.containers.eff_run_as_group "
            "ka.req.pod.containers.eff_run_as_user ka.req.pod.containers.host_port ka.req.pod.containers.image "
            "ka.req.pod.containers.image.repository ka.req.pod.containers.privileged "
            "ka.req.pod.containers.proc_mount ka.req.pod.containers.read_only_fs "
            "ka.req.pod.containers.run_as_group ka.req.pod.containers.run_as_user ka.req.pod.fs_group "
            "ka.req.pod.host_ipc ka.req.pod.host_network ka.req.pod.host_pid ka.req.pod.run_as_group "
            "ka.req.pod.run_as_user ka.req.pod.supplemental_groups ka.req.pod.volumes.flexvolume_driver "
            "ka.req.pod.volumes.hostpath ka.req.pod.volumes.volume_type ka.req.role.rules "
            "ka.req.role.rules.apiGroups ka.req.role.rules.nonResourceURLs ka.req.role.rules.resources "
            "ka.req.role.rules.verbs ka.req.service.ports ka.req.service.type ka.req.volume.hostpath ka.resp.name "
            "ka.response.code ka.response.reason ka.stage ka.target.name ka.target.namespace ka.target.resource "
            "ka.target.subresource ka.uri ka.uri.param ka.user.groups ka.user.name ka.useragent ka.verb"
        ),
        "0.4.0": "ka.sourceips",
        "0.10.0": "ka.auth.openshift.decision ka.auth.openshift.username ka.cluster.name ka.target.pod.name",
        "0.12.0": (
            "ka.req.binding.subjects.group_names ka.req.binding.subjects.serviceaccount_names "
            "ka.req.binding.subjects.serviceaccount_ns_names ka.req.binding.subjects.user_names"
        ),
        "0.13.0": "ka.validations.admission.policy.failure",
        "0.14.0": "ka.req.pod.containers.name ka.security.pod.violations",
        "0.15.0": "ka.req.pod.containers.args ka.req.pod.containers.command",
        "0.18.0": (
            "ka.req.pod.ephemeralContainers.add_capabilities "
            "ka.req.pod.ephemeralContainers.allow_privilege_escalation ka.req.pod.ephemeralContainers.args "
            "ka.req.pod.ephemeralContainers.command ka.req.pod.ephemeralContainers.eff_run_as_group "
            "ka.req.pod.ephemeralContainers.eff_run_as_user ka.req.pod.ephemeralContainers.image "
            "ka.req.pod.ephemeralContainers.image.repository ka.req.pod.ephemeralContainers.name "
            "ka.req.pod.ephemeralContainers.privileged ka.req.pod.ephemeralContainers.proc_mount "
            "ka.req.pod.ephemeralContainers.read_only_fs ka.req.pod.ephemeralContainers.run_as_group "
            "ka.req.pod.ephemeralContainers.run_as_user ka.req.pod.initContainers.add_capabilities "
            "ka.req.pod.initContainers.allow_privilege_escalation ka.req.pod.initContainers.args "
            "ka.req.pod.initContainers.command ka.req.pod.initContainers.eff_run_as_group "
            "ka.req.pod.initContainers.eff_run_as_user ka.req.pod.initContainers.host_port "
            "ka.req.pod.initContainers.image ka.req.pod.initContainers.image.repository "
            "ka.req.pod.initContainers.name ka.req.pod.initContainers.privileged "
            "ka.req.pod.initContainers.proc_mount ka.req.pod.initContainers.read_only_fs "
            "ka.req.pod.initContainers.run_as_group ka.req.pod.initContainers.run_as_user"
        ),
    },
    "cloudtrail": {
        "0.2.0": (
            "ct.error ct.id ct.info ct.name ct.readonly ct.region ct.request.availabilityzone ct.request.cluster "
            "ct.request.functionname ct.request.groupname ct.request.host ct.request.name ct.request.policy "
            "ct.request.serialnumber ct.request.servicename ct.request.subnetid ct.request.taskdefinition "
            "ct.request.username ct.response.reservationid ct.response.subnetid ct.shortsrc ct.src ct.srcip "
            "ct.time ct.user ct.user.accountid ct.user.arn ct.user.identitytype ct.user.principalid ct.useragent "
            "ec2.name s3.bucket s3.bytes s3.bytes.in s3.bytes.out s3.cnt.get s3.cnt.other s3.cnt.put s3.key "
            "s3.uri"
        ),
        "0.3.0": "ct.managementevent",
        "0.7.2": "ec2.imageid ecr.imagetag ecr.repository",
        "0.12.0": (
            "ct.addendum.originaleventid ct.addendum.originalrequestid ct.addendum.reason "
            "ct.addendum.updatedfields ct.additionaleventdata ct.apiversion ct.edgedevicedetails ct.errormessage "
            "ct.eventcategory ct.eventtype ct.recipientaccountid ct.request ct.requestid ct.resources ct.response "
            "ct.serviceeventdetails ct.sessioncredentialfromconsole ct.sharedeventid ct.tlsdetails.ciphersuite "
            "ct.tlsdetails.clientprovidedhostheader ct.tlsdetails.tlsversion ct.vpcendpointid"
        ),
        "0.14.0": "iam.policy iam.role",
        "0.15.0": "ct.request.documentname ct.request.reason ct.request.target",
        "0.16.0": "ct.originaluser",
        "0.17.0": "ec2.imageids",
    },
    "okta": {
        "0.1.0": (
            "okta.actor.Type okta.actor.alternateid okta.actor.id okta.actor.name okta.app "
            "okta.authentication.sessionid okta.authentication.step okta.client.device okta.client.geo.city "
            "okta.client.geo.country okta.client.geo.lat okta.client.geo.lon okta.client.geo.postalcode "
            "okta.client.geo.state okta.client.id okta.client.ip okta.client.zone okta.evt.legacytype "
            "okta.evt.type okta.message okta.principal.alternateid okta.principal.id okta.principal.name "
            "okta.principal.type okta.reason okta.requesturi okta.result okta.security.asnumber "
            "okta.security.asorg okta.security.domain okta.security.isp okta.severity okta.target.group.id "
            "okta.target.group.name okta.target.user.id okta.target.user.name okta.transaction.id "
            "okta.transaction.type okta.useragent.browser okta.useragent.os okta.useragent.raw"
        ),
        "0.5.0": "okta.mfa.deny.countlast okta.mfa.failure.countlast",
        "0.6.0": "okta.org",
        "0.7.0": "okta.published okta.target.group.alternateid okta.target.user.alternateid",
        "0.11.1": "okta.target.app.alternateid",
        "0.12.0": (
            "okta.authentication.credentialprovider okta.authentication.provider okta.behaviors "
            "okta.logonlysecuritydata okta.security.isproxy okta.targets.displayName"
        ),
    },
    "github": {
        "0.2.0": (
            "github.action github.collaborator.name github.collaborator.role github.commit.modified "
            "github.diff.committed_secrets.desc github.diff.committed_secrets.files "
            "github.diff.committed_secrets.lines github.diff.committed_secrets.links github.diff.has_secrets "
            "github.org github.owner github.repo github.repo.public github.type github.user github.webhook.id "
            "github.webhook.type"
        ),
        "0.5.0": "github.workflow.filename github.workflow.has_miners github.workflow.miners.type",
        "0.8.0": "github.repo.name github.repo.url",
        "0.9.0": "github.commit.added github.commit.removed",
        "0.10.0": "github.repo.description",
    },
    "gcpaudit": {
        "0.1.0": (
            "gcp.authorizationInfo gcp.callerIP gcp.methodName gcp.policyDelta gcp.request gcp.serviceName "
            "gcp.user gcp.userAgent"
        ),
        "0.1.3": (
            "gcp.cloudfunctions.function gcp.cloudsql.databaseId gcp.compute.instanceId gcp.compute.networkId "
            "gcp.compute.subnetwork gcp.compute.subnetworkId gcp.dns.zone gcp.iam.serviceAccount "
            "gcp.iam.serviceAccountId gcp.location gcp.logging.sink gcp.projectId gcp.resourceName "
            "gcp.resourceType gcp.storage.bucket"
        ),
        "0.5.0": "gcp.resourceLabels",
        "0.6.0": "gcp.time",
    },
    "json": {
        "0.2.0": "jevt.obj jevt.rawtime jevt.value json.obj json.rawtime json.value",
    },
}
