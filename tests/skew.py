"""Processes whose wall clock is off, as a machine's may be."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

# So long it may take at most until a process has told its time.
SECONDS_TO_TELL = 60


def skew(folder: Path) -> Path | None:
    """A library that puts the clock of a process off; None without a C compiler."""
    compiler, library = shutil.which("cc"), folder / "skew.so"
    if compiler is None:
        return None
    source = Path(__file__).with_name("skew.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def off_by(library: Path, seconds: int) -> Mapping[str, str]:
    """The environment of a process whose clock is so many seconds off. Raises: AssertionError where it is not."""
    environ = {"LD_PRELOAD": str(library), "CLOCK_OFF_BY": str(seconds)}
    if abs(_told(environ) - time.time() - seconds) > SECONDS_TO_TELL:
        raise AssertionError(f"{library} does not put a process's clock off by {seconds} s")
    return environ


def _told(environ: Mapping[str, str]) -> float:
    """What time it is for a process in this environment."""
    asking = (sys.executable, "-c", "from datetime import *; print(datetime.now(UTC).timestamp())")
    return float(subprocess.run(asking, env={**os.environ, **environ}, capture_output=True, check=True).stdout)
