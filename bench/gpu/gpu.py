"""The GPU that is measured, or one that is rehearsed on the CPU (worker/src/test/native)."""

import ctypes
import subprocess
import types
from pathlib import Path

import torch

import archive

BUILD = archive.HOME / "worker/src/test/native/build"


class Gpu:
    """CUDA's first."""

    name = "cuda:0"
    rehearsed = False

    def __init__(self):
        if not torch.cuda.is_available():
            raise SystemExit("torch sees no GPU here; --rehearse goes through the stages without one")

    def describe(self):
        properties = torch.cuda.get_device_properties(0)
        return {
            "gpu": properties.name, "capability": list(self.capability()), "memory_bytes": properties.total_memory,
            "cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version(),
        }

    def capability(self):
        return torch.cuda.get_device_capability(0)

    def wait(self):
        torch.cuda.synchronize()

    def peak(self):
        """The most bytes of tensors since this was last asked."""
        most = torch.cuda.max_memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        return most

    def free(self):
        torch.cuda.empty_cache()

    def limit(self, share):
        torch.cuda.set_per_process_memory_fraction(share)

    def break_down(self):
        """Asks for what breaks the device for good: a row of a table that is not there."""
        table = torch.zeros([4, 4], device=self.name)
        torch.embedding(table, torch.full([1], 1 << 30, device=self.name))
        self.wait()


class RehearsedGpu:
    """Another name than cuda, so that it serves beside a torch that is built for CUDA."""

    name = "rehearsed:0"
    rehearsed = True

    def __init__(self):
        torch_folder = Path(torch.__file__).parent
        built = subprocess.run(
            [BUILD, "--backend", "PrivateUse1", "--torch", torch_folder], check=True, capture_output=True, text=True)
        torch.ops.load_library(built.stdout.strip())
        torch.utils.rename_privateuse1_backend("rehearsed")
        module = types.ModuleType("torch.rehearsed")
        module.is_available = lambda: True
        module.device_count = lambda: 2
        module.current_device = lambda: 0
        module.is_initialized = lambda: True
        module._is_in_bad_fork = lambda: False
        module._lazy_init = lambda: None
        torch._register_device_module("rehearsed", module)
        self.library = ctypes.CDLL(built.stdout.strip())
        self.library.rehearsed_peak.restype = ctypes.c_int64
        self.library.rehearsed_held.restype = ctypes.c_int64

    def describe(self):
        return {"gpu": "rehearsed on the CPU", "capability": list(self.capability())}

    def capability(self):
        return (9, 0)

    def wait(self):
        pass

    def peak(self):
        return self.library.rehearsed_peak(0)

    def free(self):
        pass

    def limit(self, share):
        self.library.rehearsed_limit(0, ctypes.c_int64(self.library.rehearsed_held(0) + int(share * 2**30)))

    def break_down(self):
        """The environment names the operation that does."""
        torch.embedding(torch.zeros([4, 4]).to(self.name), torch.zeros([1], dtype=torch.int64).to(self.name))
