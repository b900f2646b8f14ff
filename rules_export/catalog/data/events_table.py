"""Events and system calls of the engine. Written by scripts/falco_facts.py; do not edit."""

from __future__ import annotations

# name, category, the codes of its entries in the event table
EVENTS = """NA UNKNOWN 17 147 153 187 197 229 233 235 245 261 269 271 273 281 287 291 323 325 355 357 359 361 403 431 433 435 437 439 441 443 445 447 449 450 452
accept NET 26 27 56 57 246 247 248 249
accept4 NET 388 389
access FILE 264 265
asyncevent OTHER 402
bind NET 20 21
bpf OTHER 296 297 368 369
brk MEMORY 10 11 158 159
capset PROCESS 352 353
chdir FILE 94 95
chmod FILE 314 315
chown FILE 378 379
chroot PROCESS 266 267
clone PROCESS 14 15 156 157 216 217 222 223
clone3 PROCESS 334 335
close IO_OTHER 4 5
close_range IO_OTHER 451
connect NET 22 23
container UNKNOWN 228 272 324
copy_file_range FILE 332 333
cpu_hotplug SYSTEM 244
creat FILE 58 59
delete_module OTHER 424 425
drop UNKNOWN 148 149
dup IO_OTHER 124 125 366 367
dup2 IO_OTHER 362 363
dup3 IO_OTHER 364 365
epoll_create UNKNOWN 374 375
epoll_create1 UNKNOWN 376 377
epoll_wait UNKNOWN 78 79
eventfd IPC 62 63
eventfd2 IPC 396 397
execve PROCESS 12 13 154 155 172 173 214 215 230 231 282 283 288 289 292 293
execveat PROCESS 330 331
fchdir FILE 96 97
fchmod FILE 316 317
fchmodat FILE 312 313
fchown FILE 382 383
fchownat FILE 384 385
fcntl IO_OTHER 150 151
finit_module OTHER 412 413
flock FILE 242 243
fork PROCESS 182 183 218 219 224 225
fsconfig SYSTEM 372 373
fstat FILE 70 71
fstat64 FILE 76 77
futex IPC 64 65
getcwd FILE 92 93
getdents FILE 236 237
getdents64 FILE 238 239
getegid USER 208 209
geteuid USER 204 205
getgid USER 206 207
getpeername NET 40 41
getresgid USER 212 213
getresuid USER 210 211
getrlimit PROCESS 140 141
getsockname NET 38 39
getsockopt NET 46 47
getuid USER 202 203
groupadded PROCESS 358
groupdeleted PROCESS 360
infra UNKNOWN 286
init_module OTHER 410 411
inotify_init IPC 138 139
inotify_init1 IPC 394 395
io_uring_enter IO_OTHER 340 341
io_uring_register IO_OTHER 342 343
io_uring_setup IO_OTHER 338 339
ioctl IO_OTHER 90 91 170 171
k8s UNKNOWN 260
keyctl OTHER 453
kill SIGNAL 128 129
lchown FILE 380 381
link FILE 104 105 308 309
linkat FILE 106 107 310 311
listen NET 24 25
llseek FILE 88 89
lseek FILE 86 87
lstat FILE 68 69
lstat64 FILE 74 75
memfd_create MEMORY 404 405
mesos UNKNOWN 270
mkdir FILE 98 99 276 277
mkdirat FILE 304 305
mknod OTHER 414 415
mknodat OTHER 416 417
mlock MEMORY 344 345
mlock2 MEMORY 370 371
mlockall MEMORY 348 349
mmap MEMORY 160 161
mmap2 MEMORY 162 163
mount FILE 256 257
mprotect MEMORY 328 329
munlock MEMORY 346 347
munlockall MEMORY 350 351
munmap MEMORY 164 165
nanosleep SLEEP 134 135
newfstatat FILE 418 419
notification OTHER 280
open FILE 2 3
open_by_handle_at FILE 336 337
openat FILE 102 103 306 307
openat2 FILE 326 327
page_fault OTHER 290
pidfd_getfd PROCESS 406 407
pidfd_open PROCESS 408 409
pipe IPC 60 61
pipe2 IPC 392 393
pluginevent OTHER 322
poll UNKNOWN 80 81
ppoll UNKNOWN 254 255
prctl PROCESS 400 401
pread IO_READ 112 113
preadv IO_READ 120 121
prlimit PROCESS 144 145
process_vm_readv IPC 420 421
process_vm_writev IPC 422 423
procexit PROCESS 16 186
procinfo UNKNOWN 234
ptrace PROCESS 168 169
pwrite IO_WRITE 114 115
pwritev IO_WRITE 122 123
quotactl USER 190 191
read IO_READ 6 7
readv IO_READ 116 117
recv IO_READ 32 33
recvfrom IO_READ 34 35
recvmmsg IO_READ 54 55
recvmsg IO_READ 52 53
rename FILE 174 175
renameat FILE 176 177
renameat2 FILE 318 319
rmdir FILE 100 101 278 279
scapevent UNKNOWN 196
seccomp OTHER 298 299
select UNKNOWN 82 83 84 85
semctl PROCESS 252 253
semget PROCESS 262 263
semop PROCESS 250 251
send IO_WRITE 28 29
sendfile IO_WRITE 188 189
sendmmsg IO_WRITE 50 51
sendmsg IO_WRITE 48 49
sendto IO_WRITE 30 31
setgid USER 200 201
setns PROCESS 240 241
setpgid PROCESS 294 295
setregid USER 428 429
setresgid USER 194 195
setresuid USER 192 193
setreuid USER 426 427
setrlimit PROCESS 142 143
setsid PROCESS 274 275
setsockopt NET 44 45
setuid USER 198 199
shutdown NET 36 37
signaldeliver SIGNAL 232
signalfd SIGNAL 126 127
signalfd4 SIGNAL 398 399
socket NET 18 19
socketpair IPC 42 43
splice IO_OTHER 166 167
stat FILE 66 67
stat64 FILE 72 73
switch UNKNOWN 146 152
symlink FILE 178 179
symlinkat FILE 180 181
syscall OTHER 0 1
task PROCESS 430
task_file_anon_inode FILE 448
task_file_directory FILE 438
task_file_memfd FILE 434
task_file_pipe FILE 432
task_file_regular FILE 436
task_file_socket_inet FILE 440
task_file_socket_inet6 FILE 442
task_file_socket_netlink FILE 446
task_file_socket_unix FILE 444
tgkill SIGNAL 132 133
timerfd_create TIME 136 137
tkill SIGNAL 130 131
tracer OTHER 268
umount FILE 258 259 386 387
umount2 FILE 390 391
unlink FILE 108 109 300 301
unlinkat FILE 110 111 302 303
unshare PROCESS 284 285
useradded PROCESS 354
userdeleted PROCESS 356
userfaultfd FILE 320 321
vfork PROCESS 184 185 220 221 226 227
write IO_WRITE 8 9
writev IO_WRITE 118 119"""  # noqa: E501


# name of a parameter, the type that its first appearance in the event table has
ARGUMENTS = """ID SYSCALLID
action UINT32
addr SOCKADDR
arg UINT64
arg2 DYNAMIC
arg2_int INT64
arg2_str CHARBUF
arg3 DYNAMIC
arg4 DYNAMIC
arg5 DYNAMIC
args BYTEBUF
argument UINT64
argv CHARBUFARRAY
aux INT32
backlog INT32
cap_effective UINT64
cap_inheritable UINT64
cap_permitted UINT64
cgroups BYTEBUF
clockid UINT8
cmd ENUMFLAGS8
comm CHARBUF
container_id CHARBUF
core UINT8
cpu UINT32
cpu_sys UINT64
cpu_usr UINT64
cq_entries UINT32
creat_flags FLAGS16
cur INT64
cwd CHARBUF
data BYTEBUF
desc CHARBUF
description CHARBUF
dev UINT32
dir FSPATH
dirfd FD
domain ENUMFLAGS32
dpid PID
dqb_bhardlimit UINT64
dqb_bsoftlimit UINT64
dqb_btime RELTIME
dqb_curspace UINT64
dqb_ihardlimit UINT64
dqb_isoftlimit UINT64
dqb_itime RELTIME
dqi_bgrace RELTIME
dqi_flags FLAGS8
dqi_igrace RELTIME
egid GID
entries UINT32
env BYTEBUF
error FLAGS32
euid UID
event_data UINT64
event_type UINT32
exe CHARBUF
exe_ino UINT64
exe_ino_ctime ABSTIME
exe_ino_mtime ABSTIME
exe_ino_num UINT64
exepath FSPATH
fd FD
fd1 FD
fd2 FD
fd_in FD
fd_out FD
fd_type FLAGS8
fdin FD
fdlimit UINT64
fdout FD
fds FDLIST
features FLAGS32
filename FSPATH
first UINT32
flags FLAGS32
gid UINT32
home CHARBUF
how ENUMFLAGS8
id UINT32
image CHARBUF
img BYTEBUF
in_fd FD
initval UINT64
ino UINT64
ino_num UINT64
interval RELTIME
ip UINT64
json CHARBUF
key INT32
last UINT32
len UINT64
length UINT64
level ENUMFLAGS8
linkdirfd FD
linkpath FSPATH
local_ip IPV4ADDR
local_port PORT
loginuid UID
mask UINT32
max INT64
maxevents ERRNO
min_complete UINT32
mnt_id UINT32
mode UINT32
mountfd FD
msgcontrol BYTEBUF
name FSPATH
nativeID UINT16
newcur INT64
newdir FD
newdirfd FD
newfd FD
newmax INT64
newpath FSPATH
next PID
nr_args UINT32
nsems INT32
nsops UINT32
nstype FLAGS32
offin UINT64
offout UINT64
offset UINT64
oldcur INT64
olddir FD
olddirfd FD
oldfd FD
oldmax INT64
oldpath FSPATH
op FLAGS16
opcode ENUMFLAGS16
operation FLAGS32
option ENUMFLAGS32
optlen UINT32
optname ENUMFLAGS8
out_fd FD
path FSPATH
pathname FSRELPATH
peer UINT64
pgft_maj UINT64
pgft_min UINT64
pgid PID
pgoffset UINT64
pid PID
pid_fd FD
pidns_init_start_ts UINT64
plugin_id UINT32
pos UINT64
ppid <NA>
prot FLAGS32
proto UINT32
ptid PID
queuelen UINT32
queuemax UINT32
queuepct UINT8
quota_fmt FLAGS8
quota_fmt_out FLAGS8
quotafilepath CHARBUF
ratio UINT32
reaper_tid PID
remote_ip IPV4ADDR
remote_port PORT
request UINT64
res ERRNO
res_or_fd DYNAMIC
resolve FLAGS32
resource ENUMFLAGS8
ret ERRNO
rgid GID
root FSPATH
ruid UID
scope CHARBUF
sem_flg_0 FLAGS16
sem_flg_1 FLAGS16
sem_num_0 UINT16
sem_num_1 UINT16
sem_op_0 INT16
sem_op_1 INT16
semflg FLAGS32
semid INT32
semnum INT32
sgid GID
shell CHARBUF
sid <NA>
sig SIGTYPE
sigmask SIGSET
size UINT32
sk_pointer UINT64
sk_proto UINT16
sk_type UINT16
source UINT64
special CHARBUF
spid PID
sq_entries UINT32
sq_thread_cpu UINT32
sq_thread_idle UINT32
start_time ABSTIME
status ERRNO
suid UID
sun_path FSPATH
tags CHARBUFARRAY
target CHARBUF
target_fd FD
tid PID
timeout INT64
to_submit UINT32
trusted_exepath FSPATH
tty INT32
tuple SOCKTUPLE
type UINT32
uargs CHARBUF
uid UINT32
val DYNAMIC
value_bytebuf BYTEBUF
value_charbuf CHARBUF
vm_rss UINT32
vm_size UINT32
vm_swap UINT32
vpgid PID
vpid PID
vtgid <NA>
vtid PID
whence ENUMFLAGS8"""


# system calls
SYSCALLS = """restart_syscall
exit
read
write
open
close
creat
link
unlink
chdir
time
mknod
chmod
stat
lseek
getpid
mount
ptrace
alarm
fstat
pause
utime
access
sync
kill
rename
mkdir
rmdir
dup
pipe
times
brk
acct
ioctl
fcntl
setpgid
umask
chroot
ustat
dup2
getppid
getpgrp
setsid
sethostname
setrlimit
getrusage
gettimeofday
settimeofday
symlink
lstat
readlink
uselib
swapon
reboot
mmap
munmap
truncate
ftruncate
fchmod
getpriority
setpriority
statfs
fstatfs
syslog
setitimer
getitimer
uname
vhangup
wait4
swapoff
sysinfo
fsync
setdomainname
adjtimex
mprotect
init_module
delete_module
quotactl
getpgid
fchdir
sysfs
personality
getdents
select
flock
msync
readv
writev
getsid
fdatasync
mlock
munlock
mlockall
munlockall
sched_setparam
sched_getparam
sched_setscheduler
sched_getscheduler
sched_yield
sched_get_priority_max
sched_get_priority_min
sched_rr_get_interval
nanosleep
mremap
poll
prctl
rt_sigaction
rt_sigprocmask
rt_sigpending
rt_sigtimedwait
rt_sigqueueinfo
rt_sigsuspend
getcwd
capget
capset
sendfile
getrlimit
lchown
getuid
getgid
geteuid
getegid
setreuid
setregid
getgroups
setgroups
fchown
setresuid
getresuid
setresgid
getresgid
chown
setuid
setgid
setfsuid
setfsgid
pivot_root
mincore
madvise
gettid
setxattr
lsetxattr
fsetxattr
getxattr
lgetxattr
fgetxattr
listxattr
llistxattr
flistxattr
removexattr
lremovexattr
fremovexattr
tkill
futex
sched_setaffinity
sched_getaffinity
set_thread_area
get_thread_area
io_setup
io_destroy
io_getevents
io_submit
io_cancel
exit_group
epoll_create
epoll_ctl
epoll_wait
remap_file_pages
set_tid_address
timer_create
timer_settime
timer_gettime
timer_getoverrun
timer_delete
clock_settime
clock_gettime
clock_getres
clock_nanosleep
tgkill
utimes
mq_open
mq_unlink
mq_timedsend
mq_timedreceive
mq_notify
mq_getsetattr
kexec_load
waitid
add_key
request_key
keyctl
ioprio_set
ioprio_get
inotify_init
inotify_add_watch
inotify_rm_watch
openat
mkdirat
mknodat
fchownat
futimesat
unlinkat
renameat
linkat
symlinkat
readlinkat
fchmodat
faccessat
pselect6
ppoll
unshare
set_robust_list
get_robust_list
splice
tee
vmsplice
getcpu
epoll_pwait
utimensat
signalfd
timerfd_create
eventfd
timerfd_settime
timerfd_gettime
signalfd4
eventfd2
epoll_create1
dup3
pipe2
inotify_init1
preadv
pwritev
rt_tgsigqueueinfo
perf_event_open
fanotify_init
prlimit64
clock_adjtime
syncfs
setns
getdents64
socket
bind
connect
listen
accept
getsockname
getpeername
socketpair
sendto
recvfrom
shutdown
setsockopt
getsockopt
sendmsg
sendmmsg
recvmsg
recvmmsg
accept4
semop
semget
semctl
msgsnd
msgrcv
msgget
msgctl
shmdt
shmget
shmctl
statfs64
fstatfs64
fstatat64
sendfile64
ugetrlimit
bdflush
sigprocmask
ipc
socketcall
stat64
lstat64
fstat64
fcntl64
mmap2
_newselect
sgetmask
ssetmask
sigpending
olduname
umount
signal
nice
stime
_llseek
waitpid
pread64
pwrite64
arch_prctl
shmat
rt_sigreturn
fallocate
newfstatat
process_vm_readv
process_vm_writev
fork
vfork
setuid32
getuid32
setgid32
geteuid32
getgid32
setresuid32
setresgid32
getresuid32
getresgid32
finit_module
bpf
seccomp
sigaltstack
getrandom
fadvise64
renameat2
userfaultfd
openat2
umount2
execve
execveat
copy_file_range
clone
clone3
open_by_handle_at
io_uring_setup
io_uring_enter
io_uring_register
mlock2
getegid32
fsconfig
fspick
fsmount
fsopen
open_tree
move_mount
mount_setattr
memfd_create
memfd_secret
ioperm
kexec_file_load
pidfd_getfd
pidfd_open
pidfd_send_signal
pkey_alloc
pkey_mprotect
pkey_free
landlock_create_ruleset
quotactl_fd
landlock_restrict_self
landlock_add_rule
epoll_pwait2
migrate_pages
move_pages
preadv2
pwritev2
kcmp
sched_setattr
mbind
epoll_ctl_old
lookup_dcookie
modify_ldt
statx
set_mempolicy
io_pgetevents
set_mempolicy_home_node
semtimedop
get_kernel_syms
readahead
futex_waitv
getpmsg
name_to_handle_at
process_mrelease
nfsservctl
epoll_wait_old
rseq
create_module
sched_getattr
faccessat2
_sysctl
query_module
get_mempolicy
sync_file_range
process_madvise
membarrier
iopl
close_range
fanotify_mark
recv
send
sched_process_exit
sched_switch
page_fault_user
page_fault_kernel
signal_deliver
timerfd
s390_pci_mmio_read
sigaction
s390_pci_mmio_write
readdir
s390_sthyi
sigsuspend
idle
s390_runtime_instr
sigreturn
s390_guarded_storage
cachestat
fchmodat2
map_shadow_stack
riscv_flush_icache
riscv_hwprobe
futex_wake
futex_requeue
futex_wait
oldstat
switch_endian
multiplexer
oldlstat
spu_create
sync_file_range2
oldfstat
spu_run
swapcontext
pciconfig_write
rtas
pciconfig_read
sys_debug_setcontext
vm86
oldolduname
subpage_prot
pciconfig_iobase
listmount
statmount
lsm_get_self_attr
lsm_set_self_attr
lsm_list_modules
mseal
uretprobe
removexattrat
listxattrat
getxattrat
setxattrat
open_tree_attr
file_getattr
file_setattr
listns
uprobe
rseq_slice_yield"""


# those that Falco leaves out unless it is told otherwise
IGNORED_BY_DEFAULT = """read
write
readv
writev
sendfile
preadv
pwritev
sendfile64
pread64
pwrite64
recv
send"""


# names that plugins add
OF_PLUGINS = """container_removed"""
