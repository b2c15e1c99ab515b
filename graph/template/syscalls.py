"""Numbers of the system calls that the wall knows.

They are those of the kernel, which never change: `arch/x86/entry/syscalls/syscall_64.tbl` and
`scripts/syscall.tbl` (arm64 has the generic numbers) in the sources of Linux 6.10.
"""

# name, number on x86_64, number on aarch64; "-": the architecture has no such call.
_TABLE = """
open                     2   -
shmget                  29 194
shmat                   30 196
socket                  41 198
connect                 42 203
accept                  43 202
sendto                  44 206
sendmsg                 46 211
bind                    49 200
listen                  50 201
socketpair              53 199
clone                   56 220
fork                    57   -
vfork                   58   -
execve                  59 221
kill                    62 129
semget                  64 190
msgget                  68 186
truncate                76  45
chdir                   80  49
rename                  82   -
mkdir                   83   -
rmdir                   84   -
creat                   85   -
link                    86   -
unlink                  87   -
symlink                 88   -
chmod                   90   -
chown                   92   -
lchown                  94   -
ptrace                 101 117
syslog                 103 116
rt_sigqueueinfo        129 138
utime                  132   -
mknod                  133   -
uselib                 134   -
vhangup                153  58
modify_ldt             154   -
pivot_root             155  41
chroot                 161  51
acct                   163  89
settimeofday           164 170
mount                  165  40
umount2                166  39
swapon                 167 224
swapoff                168 225
reboot                 169 142
sethostname            170 161
setdomainname          171 162
iopl                   172   -
ioperm                 173   -
init_module            175 105
delete_module          176 106
quotactl               179  60
setxattr               188   5
lsetxattr              189   6
removexattr            197  14
lremovexattr           198  15
tkill                  200 130
lookup_dcookie         212  18
clock_settime          227 112
tgkill                 234 131
utimes                 235   -
mq_open                240 180
kexec_load             246 104
add_key                248 217
request_key            249 218
keyctl                 250 219
inotify_init           253   -
migrate_pages          256 238
openat                 257  56
mkdirat                258  34
mknodat                259  33
fchownat               260  54
futimesat              261   -
unlinkat               263  35
renameat               264  38
linkat                 265  37
symlinkat              266  36
fchmodat               268  53
unshare                272  97
move_pages             279 239
utimensat              280  88
accept4                288 242
inotify_init1          294  26
rt_tgsigqueueinfo      297 240
perf_event_open        298 241
fanotify_init          300 262
fanotify_mark          301 263
prlimit64              302 261
name_to_handle_at      303 264
open_by_handle_at      304 265
sendmmsg               307 269
setns                  308 268
process_vm_readv       310 270
process_vm_writev      311 271
kcmp                   312 272
finit_module           313 273
renameat2              316 276
seccomp                317 277
kexec_file_load        320 294
bpf                    321 280
execveat               322 281
userfaultfd            323 282
pidfd_send_signal      424 424
io_uring_setup         425 425
io_uring_enter         426 426
io_uring_register      427 427
open_tree              428 428
move_mount             429 429
fsopen                 430 430
fsconfig               431 431
fsmount                432 432
fspick                 433 433
pidfd_open             434 434
clone3                 435 435
openat2                437 437
pidfd_getfd            438 438
process_madvise        440 440
mount_setattr          442 442
quotactl_fd            443 443
memfd_secret           447 447
process_mrelease       448 448
fchmodat2              452 452
statmount              457 457
listmount              458 458
"""

LAST = 462
"""The last system call that these lists were made with in view (`mseal`)."""


def _column(column: int) -> dict[str, int]:
    rows = (line.split() for line in _TABLE.strip().splitlines())
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


NUMBERS = {"x86_64": _column(1), "aarch64": _column(2)}
"""Machine as in `uname -m` -> name -> number."""
