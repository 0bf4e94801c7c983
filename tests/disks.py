"""Real small disks, so that "no space left" comes from the kernel and not from a mock."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, *, kibibytes: int = 1024) -> Iterator[Path]:
    """A file system of that size mounted on `folder`; skips the test where mounting is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs"]
    mounted = subprocess.run([*mount, folder], check=False, capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run([shutil.which("umount") or "umount", "--lazy", folder], check=True)
