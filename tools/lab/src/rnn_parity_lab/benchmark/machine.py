"""The machine that was measured on, in words, and its two processors."""

from __future__ import annotations

import os
import platform
from pathlib import Path

PROCESSORS = 2
_IDLE = 0.5
"""A load below this disturbs no figure much."""


def use_two_processors() -> bool:
    """Keep this process and all that it starts to two processors; whether that could be enforced."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, allowed[:PROCESSORS])
    return len(allowed) >= PROCESSORS


def description() -> dict[str, str]:
    """What its figures depend on, by name."""
    import torch

    facts = {
        "processor": f"{_processor()}, {platform.machine()}, {torch.backends.cpu.get_cpu_capability()}",
        "caches": _caches(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "load before": _load(),
        "PyTorch": f"{torch.__version__.split('+')[0]}, one thread",
        "Python": platform.python_version(),
    }
    return {name: fact for name, fact in facts.items() if fact}


def _load() -> str:
    load = os.getloadavg()[0]
    words = f"{load:.2f} runnable processes on the mean of a minute"
    if load < _IDLE:
        return words
    return f"{words}. The machine had other work: what uses both processors looks slower beside what uses one"


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _caches() -> str:
    sizes = []
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((index / name).read_text().strip() for name in ("level", "type", "size"))
        if kind != "Instruction":
            sizes.append(f"L{level} {size.removesuffix('K')} KiB")
    return ", ".join(sizes)


def _memory() -> str:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 2**20:.0f} GiB"
    return ""


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
