"""The image of the guest, built from Debian's packages and kept in the cache folder by the content of its recipe.

In: the mirror that this machine's apt uses, and the package indexes that its pip uses. Out: a folder with a disk, a
kernel, its first file system and a key. It holds what the package depends on, but not the package itself.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.kernel.cpio import file, folder, write_archive
from tests.paths import ROOT
from tests.tools import need, skip_or_fail

HERE = Path(__file__).parent
GUEST = HERE / "guest"

TOOLS = ("apt-get", "chroot", "debootstrap", "dpkg-deb", "mkfs.ext4", "qemu-system-x86_64", "ssh", "ssh-keygen")

PACKAGES = (
    "busybox-static",
    "kmod",
    "ncurses-base",
    "openssh-server",
    "procps",
    "python3",
    "strace",
    "udev",
)

DISK_MODULES = ("virtio_pci", "virtio_blk", "virtio_net", "ext4", "crc32c_generic")
"""The modules that the kernel needs to find its disk and its network."""

MODULES = (
    "crypto",
    "arch/x86/crypto",
    "drivers/block/virtio_blk.ko",
    "drivers/net/net_failover.ko",
    "drivers/net/virtio_net.ko",
    "drivers/tty",
    "drivers/usb/class",
    "drivers/usb/common",
    "drivers/usb/core",
    "drivers/usb/host",
    "drivers/usb/serial",
    "drivers/usb/usbip",
    "drivers/virtio",
    "fs/ext4",
    "fs/jbd2",
    "fs/mbcache.ko",
    "lib",
    "net/core/failover.ko",
)
"""The modules of the kernel that the guest gets, below the folder of all modules."""

USERS = {"dialer": "dialout", "guest": "users"}
"""The users without rights, and the group of each."""

DISK_SIZE = "900M"
LIBRARIES = "opt/packages"
PROGRAM = """#!/bin/sh
export PYTHONPATH=/opt/project:/opt/packages PYTHONDONTWRITEBYTECODE=1
exec python3 -m sniffer "$@"
"""


def find_image() -> Path:
    """Return the folder of the image, which is built first if the recipe has changed since the last time."""
    for tool in TOOLS:
        need(tool)
    if os.geteuid():
        skip_or_fail("the bench is built as root")
    kept = _cache_folder()
    image = kept / _hash_recipe()
    if not image.exists():
        kept.mkdir(parents=True, exist_ok=True)
        for older in kept.iterdir():
            shutil.rmtree(older)
        work = kept / f"building-{os.getpid()}"
        try:
            _build(work)
            (work / "root").rename(kept / "root")
            shutil.rmtree(kept / "root")
            work.rename(image)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return image


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "evse-sniff" / "kernel-bench"


def _hash_recipe() -> str:
    """Return the hash of all that the image is made of."""
    recipe = hashlib.sha256(repr((_dependencies(), _read_os()["VERSION_CODENAME"], platform.machine())).encode())
    for path in (HERE / "recipe.py", HERE / "cpio.py", GUEST / "init", GUEST / "initrd-init"):
        recipe.update(path.read_bytes())
    return recipe.hexdigest()[:16]


def _build(work: Path) -> None:
    root = work / "root"
    root.mkdir(parents=True)
    (work / "tmp").mkdir()
    _install_debian(root)
    version = _install_kernel(work, root)
    _install_libraries(root)
    _configure(work, root)
    _write_initrd(work, root, version)
    shutil.copy(root / "boot" / f"vmlinuz-{version}", work / "vmlinuz")
    shutil.rmtree(work / "tmp")
    for leftover in ("var/cache/apt", "var/lib/apt", "usr/share/doc", "usr/share/locale", "usr/share/man", "boot"):
        shutil.rmtree(root / leftover, ignore_errors=True)
    _run("mkfs.ext4", "-q", "-d", str(root), str(work / "disk.img"), DISK_SIZE)


def _install_debian(root: Path) -> None:
    words = ["--variant=minbase", f"--include={','.join(PACKAGES)}", _read_os()["VERSION_CODENAME"], str(root)]
    # Nothing here must survive a power failure.
    _run("debootstrap", *words, _find_mirror(), environment={"DPKG_FORCE": "unsafe-io"})


def _find_mirror() -> str:
    """Return the address of the mirror that this machine installs Debian from."""
    words = ["$(ORIGIN) $(CODENAME) $(REPO_URI)", "Created-By: Packages"]
    for line in _run("apt-get", "indextargets", "--format", *words).splitlines():
        origin, codename, address = line.split(" ", 2)
        if (origin, codename) == ("Debian", _read_os()["VERSION_CODENAME"]):
            return address
    raise AssertionError("apt knows no mirror of Debian: the bench is built on Debian, after `apt-get update`")


def _install_kernel(work: Path, root: Path) -> str:
    """Install the kernel, and of its modules those that are needed, without Debian's tools; return its version."""
    depends = _run("apt-cache", "depends", "--important", "linux-image-amd64").split()
    name = next(word for word in depends if word.startswith("linux-image-") and word != "linux-image-amd64")
    _run("apt-get", "download", "-q", name, folder=work / "tmp")
    (package,) = (work / "tmp").glob("*.deb")
    version = name.removeprefix("linux-image-")
    modules = f"./lib/modules/{version}"
    wanted = [f"./boot/vmlinuz-{version}", f"{modules}/modules.order", f"{modules}/modules.builtin"]
    wanted += [f"{modules}/modules.builtin.modinfo", *(f"{modules}/kernel/{name}" for name in MODULES)]
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as unpacking:
        # In Debian, /lib is a link.
        words = ["tar", "-x", "-C", str(root), "--keep-directory-symlink", *wanted]
        subprocess.run(words, stdin=unpacking.stdout, check=True)
    package.unlink()
    _run("chroot", str(root), "depmod", version)
    return version


def _install_libraries(root: Path) -> None:
    """Install what the package depends on for the guest's Python, which may be another one than this."""
    version = next((root / "usr/lib").glob("python3.[0-9]*")).name.removeprefix("python")
    for_guest = ["--python-version", version, "--implementation", "cp", "--only-binary=:all:"]
    for_guest += [f"--platform=manylinux{kind}_x86_64" for kind in ("_2_34", "_2_28", "_2_17", "2014")]
    words = ["-m", "pip", "install", "-q", "--no-compile", "--target", str(root / LIBRARIES)]
    _run(sys.executable, *words, *for_guest, *_dependencies())
    _run("chroot", str(root), "python3", "-m", "compileall", "-q", "-j", "0", f"/{LIBRARIES}")


def _configure(work: Path, root: Path) -> None:
    for user, group in USERS.items():
        _run("chroot", str(root), "useradd", "-m", "-s", "/bin/bash", "-G", group, user)
    _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(work / "key"))
    (root / "root/.ssh").mkdir(mode=0o700)
    shutil.copy(work / "key.pub", root / "root/.ssh/authorized_keys")
    for name, path in (("init", "sbin/bench-init"), ("", "usr/local/bin/evse-sniff")):
        (root / path).write_text((GUEST / name).read_text() if name else PROGRAM)
        (root / path).chmod(0o755)
    (root / "etc/ssh/sshd_config.d/bench.conf").write_text("UseDNS no\nUsePAM no\nMaxSessions 100\n")


def _write_initrd(work: Path, root: Path, version: str) -> None:
    modules = root / "lib/modules" / version
    needs = dict(line.split(":", 1) for line in (modules / "modules.dep").read_text().splitlines())
    paths = {Path(path).name.removesuffix(".ko"): path for path in needs}
    order: list[str] = []
    for name in DISK_MODULES:
        # modules.dep names what is needed first last.
        chain = [*reversed(needs[paths[name]].split()), paths[name]]
        order += [path for path in chain if path not in order]
    members = [folder("bin"), file("bin/busybox", (root / "bin/busybox").read_bytes())]
    members += [file(Path(path).name, (modules / path).read_bytes()) for path in order]
    members.append(file("modules", "".join(f"{Path(path).name}\n" for path in order).encode()))
    members.append(file("init", (GUEST / "initrd-init").read_bytes()))
    write_archive(work / "initrd.img", members)


def _dependencies() -> list[str]:
    found: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return found


def _read_os() -> dict[str, str]:
    return {"VERSION_CODENAME": "", **platform.freedesktop_os_release()}


def _run(*words: str, folder: Path | None = None, environment: dict[str, str] | None = None) -> str:
    """Return what a program printed. Raises `AssertionError` with its messages if it fails."""
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **(environment or {}), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout
