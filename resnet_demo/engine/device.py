"""Which processor a run uses, in which precision, and what it is called.

Must not depend on training; events record what is reported here.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from importlib import metadata

import torch


def pick_device(name: str = "auto") -> torch.device:
    """The device called `name`; "auto" takes CUDA, then Apple's MPS, then the CPU. ValueError if it is not there."""
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
        if device.type not in ("cpu", "cuda", "mps"):
            raise RuntimeError("a device that cannot train")
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(f"device '{name}' is not available here; try auto, cpu, cuda or mps") from error
    return device


def pick_precision(precision: str, device: torch.device) -> str:
    """ "fp32", "bf16" or "fp16" for what a configuration asks; ValueError where the device cannot."""
    if precision == "auto":
        if device.type == "cuda":
            return "bf16" if torch.cuda.get_device_capability(device)[0] >= 8 else "fp16"
        return "bf16" if device.type == "cpu" and cpu_computes_in_bf16() else "fp32"
    if precision == "fp16" and device.type != "cuda":
        raise ValueError(f"precision fp16 needs CUDA; on {device.type} use auto, fp32 or bf16")
    return precision


def cpu_computes_in_bf16() -> bool:
    """Whether this processor has bf16 instructions; without them bf16 is emulated, slower than fp32."""
    try:
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    except AttributeError:  # these probes are not public: a version without them means fp32
        return False


def keep_freed_memory() -> bool:
    """Ask glibc to keep what is freed for the next allocation instead of giving it back to the system; whether it will.

    Each step frees and takes again some 100 MB of activations. Given back, they come as pages to be faulted in anew:
    without this a step of ResNet-20 on two cores takes about 10 % longer. At most 2 GB are kept.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):  # another C library
        return False
    trim_threshold, top_pad, mmap_threshold = -1, -2, -3  # malloc.h
    settings = ((mmap_threshold, 32 * 2**20), (trim_threshold, 2**31 - 1), (top_pad, 256 * 2**20))
    return all([mallopt(name, value) == 1 for name, value in settings])


def hardware_name(device: torch.device, threads: int = 0) -> str:
    """One line for people: the GPU's name, or the processor with its number of threads.

    threads: those that a run will use, 0 for as many as are in use now
    """
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = threads or torch.get_num_threads()
    return f"{_processor_name()}, {threads} thread{'s' if threads > 1 else ''}" + (
        " (MPS)" if device.type == "mps" else ""
    )


def _processor_name() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Versions that a run records: Python and the packages whose arithmetic its numbers depend on."""
    numbers = {"python": platform.python_version()}
    for package in ("torch", "torchvision", "numpy", "pillow"):
        try:
            numbers[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            numbers[package] = "unknown"
    return numbers


def synchronise(device: torch.device) -> None:
    """Wait until the device has done everything it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
