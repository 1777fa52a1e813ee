"""What a sandboxed process gives up for good: files and programs (Landlock), system calls (seccomp), memory (rlimits).

Two sets of system calls. A *decoder* may only do what is listed (compute, threads, the pipes it already has); a *tool*
(ffmpeg) may do what is not listed as dangerous, since its libraries are not ours to predict. Refused calls fail with an
error instead of killing: a library that merely tries something goes on, an attacker gains nothing.
Sources: linux/landlock.h, linux/seccomp.h and Documentation/userspace-api/{landlock,seccomp_filter}.rst of the kernel.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)

# Audit architecture, then the numbers: (x86_64, aarch64); -1 where the architecture has no such call.
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_COMPUTE = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "poll": (7, -1), "lseek": (8, 62), "munmap": (11, 215),
    "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67),
    "readv": (19, 65), "writev": (20, 66), "select": (23, -1), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233),
    "nanosleep": (35, 101), "getpid": (39, 172), "sendmsg": (46, 211), "recvmsg": (47, 212), "sendto": (44, 206),
    "recvfrom": (45, 207), "exit": (60, 93), "gettimeofday": (96, 169), "getrusage": (98, 165), "sysinfo": (99, 179),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173),
    "sigaltstack": (131, 132), "gettid": (186, 178), "time": (201, -1), "futex": (202, 98), "sched_setaffinity": (203, 122),
    "sched_getaffinity": (204, 123), "set_tid_address": (218, 96), "restart_syscall": (219, 128), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94), "pselect6": (270, 72), "ppoll": (271, 73),
    "set_robust_list": (273, 99), "get_robust_list": (274, 100), "getcpu": (309, 168), "getrandom": (318, 278),
    "membarrier": (324, 283), "rseq": (334, 293),
}  # fmt: skip

_QUIETLY_NO_FILE = {  # Python probes these all the time
    "open": (2, -1), "stat": (4, -1), "lstat": (6, -1), "access": (21, -1), "getcwd": (79, 17), "readlink": (89, -1),
    "getdents64": (217, 61), "openat": (257, 56), "newfstatat": (262, 79), "readlinkat": (267, 78), "faccessat": (269, 48),
    "statx": (332, 291), "openat2": (437, 437), "faccessat2": (439, 439),
}  # fmt: skip

_DANGEROUS = {
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "socketpair": (53, 199), "fork": (57, -1),
    "vfork": (58, -1), "kill": (62, 129), "ptrace": (101, 117), "rt_sigqueueinfo": (129, 138), "setpriority": (141, 140),
    "pivot_root": (155, 41), "chroot": (161, 51), "mount": (165, 40), "umount2": (166, 39), "init_module": (175, 105),
    "delete_module": (176, 106), "tkill": (200, 130), "kexec_load": (246, 104), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "ioprio_set": (251, 30), "unshare": (272, 97), "rt_tgsigqueueinfo": (297, 240),
    "perf_event_open": (298, 241), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "setns": (308, 268),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272), "finit_module": (313, 273),
    "kexec_file_load": (320, 294), "bpf": (321, 280), "execveat": (322, 281), "userfaultfd": (323, 282),
    "pidfd_send_signal": (424, 424), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "mount_setattr": (442, 442),
    # Landlock has no say over these: with them a tool could change what it may only read.
    "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1), "lchown": (94, -1),
    "fchown": (93, 55), "fchownat": (260, 54), "utime": (132, -1), "utimes": (235, -1), "futimesat": (261, -1),
    "utimensat": (280, 88), "file_setattr": (469, 469), "open_tree_attr": (467, 467),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "removexattrat": (466, 466),
}  # fmt: skip

_SPECIAL = {
    "mmap": (9, 222), "mprotect": (10, 226), "ioctl": (16, 29), "clone": (56, 220), "fcntl": (72, 25), "prctl": (157, 167),
    "tgkill": (234, 131), "clone3": (435, 435),
}  # fmt: skip

_SECCOMP = (317, 277)
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NAME, _PR_SET_NO_NEW_PRIVS, _PR_SET_VMA = 1, 4, 15, 38, 0x53564D41

_LOCK_ALL_AS_USED = 1 | 2 | 4  # mlockall: what is there, what comes, and only pages that are touched
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_PROT_EXEC, _CLONE_THREAD, _X32 = 0x4, 0x10000, 0x40000000
_HARMLESS_FCNTL = (0, 1, 2, 3, 4, 1030)  # duplicate, flags; never F_SETOWN: it makes the kernel send signals for us

_FS_EXECUTE, _FS_WRITE, _FS_READ, _FS_READ_FOLDER, _FS_TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_FS_CONTROL = 1 << 15  # ioctl on a device, which older kernels than ABI 5 allow wherever it can be opened
_FS_MAKE_AND_REMOVE = (1 << 5) | (1 << 8)  # regular files only
_NET_BIND, _NET_CONNECT = 1 << 0, 1 << 1
_NOT_STREAM = 0b110  # in the type of a socket: datagrams, raw, sequenced packets; streams are 0b001
_LIBRARIES = ("/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache")
_NAMES = (
    "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services", "/etc/ssl",
    "/usr/share/ca-certificates", "/usr/local/share/ca-certificates", "/run/systemd/resolve",
)  # fmt: skip
_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")


class Unconfinable(OSError):
    """This kernel or processor cannot hold a sandbox; the text says what is missing."""


def landlock_version() -> int:
    """Return the kernel's Landlock ABI, 0 when it has none."""
    version: int = _LIBC.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    return max(version, 0)


def _machine() -> tuple[int, int]:
    """Return this processor's column in the tables and its audit number."""
    if platform.machine() not in _ARCHITECTURES:
        raise Unconfinable(errno.ENOSYS, f"Mantel has no list of system calls for {platform.machine()}")
    return _ARCHITECTURES[platform.machine()]


def close_decoder(memory_mb: int) -> None:
    """Close the sandbox around this process, which keeps only what it has in memory and the descriptors it has open."""
    _limit(memory_mb, files=64, written=0)
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if landlock_version():  # seccomp below refuses every way to a file already; this is the second bolt
        _restrict(())
    _filter(_decoder_program())


def close_tool(
    program: Path, readable: Sequence[Path], writable: Sequence[Path], memory_mb: int | None, devices: Sequence[Path] = ()
) -> None:
    """Close the sandbox around this process, which then becomes `program`: it sees these paths and the system's libraries.

    `devices`: nodes that it may also control, and folders of which it may know the names. memory_mb None: no bound.
    """
    if not landlock_version():
        raise Unconfinable(errno.ENOSYS, "the kernel has no Landlock")
    _limit(memory_mb, files=256 if devices else 64, written=None if writable else 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    read, change = _FS_READ | _FS_READ_FOLDER, _FS_READ | _FS_READ_FOLDER | _FS_WRITE | _FS_TRUNCATE | _FS_MAKE_AND_REMOVE
    _restrict(
        [(program, _FS_READ | _FS_EXECUTE)]
        + [(Path(path), _FS_READ | _FS_EXECUTE) for path in _LOADERS]
        + [(Path(path), read) for path in _LIBRARIES]
        + [(Path("/dev/null"), _FS_READ | _FS_WRITE), (Path("/dev/urandom"), _FS_READ)]
        + [(path, read) for path in readable]
        + [(path, change) for path in writable]
        + [(path, _FS_READ_FOLDER if path.is_dir() else _FS_READ | _FS_WRITE | _FS_CONTROL) for path in devices]
    )
    _filter(_tool_program())


def close_client(memory_mb: int, writable: Sequence[Path] = ()) -> None:
    """Close the sandbox around this process, which may open connections and look up names, and see no file of anybody's."""
    if not landlock_version():
        raise Unconfinable(errno.ENOSYS, "the kernel has no Landlock")
    _limit(memory_mb, files=64, written=None)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    read = _FS_READ | _FS_READ_FOLDER
    known = [*_LIBRARIES, *_NAMES, sys.prefix, sys.base_prefix, str(Path(__file__).parents[1])]
    _restrict(
        [(Path(path), read) for path in known]
        + [(Path("/dev/null"), _FS_READ | _FS_WRITE), (Path("/dev/urandom"), _FS_READ)]
        + [(path, read | _FS_WRITE | _FS_TRUNCATE | _FS_MAKE_AND_REMOVE) for path in writable],
        connects=True,
    )
    body = _each(set(_DANGEROUS) - {"socket", "connect"}, _refuse(errno.EPERM)) + _threads_only()
    _filter([*body, *_own_threads_signalled(), (_RETURN, 0, 0, _ALLOW)])


def close_server(readable: Sequence[Path], changeable: Sequence[Path], writable: Sequence[Path]) -> None:
    """Close the sandbox around this process, which listens and answers: it opens no connection, sends no datagram and starts no
    program; of files it keeps those of `changeable`, the folders `writable` and what is `readable`. Call it before threads start.
    """
    if not landlock_version():
        raise Unconfinable(errno.ENOSYS, "the kernel has no Landlock")
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    read, write = _FS_READ | _FS_READ_FOLDER, _FS_WRITE | _FS_TRUNCATE
    known = [*_LIBRARIES, "/etc/localtime", "/usr/share/zoneinfo", sys.prefix, sys.base_prefix, str(Path(__file__).parents[1])]
    _restrict(
        [(Path(path), read) for path in known]
        + [(Path("/dev/null"), _FS_READ | _FS_WRITE), (Path("/dev/urandom"), _FS_READ)]
        + [(path, read) for path in readable]
        + [(path, _FS_READ | write) for path in changeable]
        + [(path, read | write | _FS_MAKE_AND_REMOVE) for path in writable],
        binds=True,
    )
    no = _refuse(errno.EPERM)
    body = _each(set(_DANGEROUS) - {"socket", "socketpair", "bind", "listen"}, no) + _threads_only() + _own_threads_signalled()
    body += _when("socket", 1, _ANY_BIT, [_NOT_STREAM], then=no, otherwise=_ALLOW)
    _filter([*body, (_RETURN, 0, 0, _ALLOW)])


def hide_memory() -> bool:
    """Keep this process's memory out of core files, out of reach of others of its user, and out of swap; return whether memory
    could be locked, which needs a limit of none (with a lower one a growing process would be killed)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    return unlimited and not _LIBC.mlockall(ctypes.c_int(_LOCK_ALL_AS_USED))


def die_with(parent: int) -> None:
    """Let the kernel end this process when `parent` ends, however that ends; leave at once when it is gone already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise Unconfinable(ctypes.get_errno(), "prctl was refused")


def _limit(memory_mb: int | None, *, files: int, written: int | None) -> None:
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: files}
    if memory_mb is not None:
        limits[resource.RLIMIT_AS] = memory_mb << 20
    if written is not None:
        limits[resource.RLIMIT_FSIZE] = written
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _restrict(rules: Iterable[tuple[Path, int]], *, connects: bool = False, binds: bool = False) -> None:
    """Deny this thread, and those it starts, every file but those of `rules` (path, rights); missing paths are left out."""
    version = landlock_version()
    known = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    network = (_NET_BIND * (not binds) | _NET_CONNECT * (not connects)) if version >= 4 else 0
    scoped = 0b11 if version >= 6 else 0  # no signals and no abstract sockets to the outside
    attributes = struct.pack("=QQQ", known, network, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset: int = _LIBC.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    if ruleset < 0:
        raise Unconfinable(ctypes.get_errno(), "Landlock was refused")
    for path, rights in rules:
        _add_path(ruleset, path, rights & known)
    if _LIBC.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0)):
        raise Unconfinable(ctypes.get_errno(), "Landlock was refused")
    os.close(ruleset)


def _add_path(ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not path.is_dir():
        rights &= _FS_EXECUTE | _FS_WRITE | _FS_READ | _FS_TRUNCATE | _FS_CONTROL
    rule = struct.pack("=Qi", rights, opened)
    if _LIBC.syscall(_LANDLOCK_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint(0)):
        raise Unconfinable(ctypes.get_errno(), f"Landlock refused a rule for {path}")
    os.close(opened)


_Instruction = tuple[int, int, int, int]


def _number(call: str) -> int:
    column, _ = _machine()
    return next(table[call][column] for table in (_SPECIAL, _COMPUTE, _QUIETLY_NO_FILE, _DANGEROUS) if call in table)


def _refuse(code: int) -> int:
    return 0x00050000 | code


def _each(calls: Iterable[str], verdict: int) -> list[_Instruction]:
    numbers = sorted(number for call in calls if (number := _number(call)) >= 0)
    return [step for number in numbers for step in ((_EQUAL, 0, 1, number), (_RETURN, 0, 0, verdict))]


def _when(call: str, argument: int, test: int, values: Sequence[int], *, then: int, otherwise: int) -> list[_Instruction]:
    """Judge `call` by the low half of one argument: `then` when any of `values` passes `test`."""
    body: list[_Instruction] = [(_LOAD, 0, 0, 16 + 8 * argument)]
    for value in values:
        body += [(test, 0, 1, value), (_RETURN, 0, 0, then)]
    body.append((_RETURN, 0, 0, otherwise))
    return [(_EQUAL, 0, len(body), _number(call)), *body]


def _threads_only() -> list[_Instruction]:
    """No new process; clone3 hides its flags from us, and libc falls back to clone when it is told there is none."""
    threads = _when("clone", 0, _ANY_BIT, [_CLONE_THREAD], then=_ALLOW, otherwise=_refuse(errno.EPERM))
    return _each(["clone3"], _refuse(errno.ENOSYS)) + threads


def _own_threads_signalled() -> list[_Instruction]:
    """abort() signals its own thread; nobody else may be signalled. (The id is kept when a launcher becomes the tool.)"""
    return _when("tgkill", 0, _EQUAL, [os.getpid()], then=_ALLOW, otherwise=_refuse(errno.EPERM))


def _decoder_program() -> list[_Instruction]:
    no = _refuse(errno.EPERM)
    program = _each(_COMPUTE, _ALLOW) + _threads_only() + _own_threads_signalled()
    program += _when("mmap", 2, _ANY_BIT, [_PROT_EXEC], then=no, otherwise=_ALLOW)  # no new machine code
    program += _when("mprotect", 2, _ANY_BIT, [_PROT_EXEC], then=no, otherwise=_ALLOW)
    program += _when("fcntl", 1, _EQUAL, _HARMLESS_FCNTL, then=_ALLOW, otherwise=no)
    program += _when("prctl", 0, _EQUAL, [_PR_SET_NAME, _PR_SET_VMA], then=_ALLOW, otherwise=no)
    program += _each(["ioctl"], _refuse(errno.ENOTTY)) + _each(_QUIETLY_NO_FILE, _refuse(errno.EACCES))
    return [*program, (_RETURN, 0, 0, no)]


def _tool_program() -> list[_Instruction]:
    program = _each(_DANGEROUS, _refuse(errno.EPERM)) + _threads_only() + _own_threads_signalled()
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _filter(body: list[_Instruction]) -> None:
    """Put `body` in force for every thread of this process and for whatever it becomes."""
    column, architecture = _machine()
    head = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if not column:  # x86_64's second system call table
        head += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    code = b"".join(struct.pack("=HBBI", *step) for step in head + body)
    kept = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(kept)))
    if _LIBC.syscall(_SECCOMP[column], ctypes.c_uint(1), ctypes.c_uint(1), program):
        raise Unconfinable(ctypes.get_errno(), "seccomp was refused")
