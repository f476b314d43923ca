"""The engine's own kernels for Python's torch.jit.load: packed as worker's KernelArchive.java packs them."""

import re
import struct
import zipfile
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
KERNELS = HOME / "worker/src/main/resources/io/text2video/worker/kernels"
DTYPES = HOME / "worker/src/main/java/io/text2video/worker/kernels/DType.java"
SHARED = ["tensors", "linear", "text", "transformer", "vae", "sampling"]
# c10's MemoryFormat, and the one dtype that never leaves the kernels
NUMBERS = {"I32": 3, "CONTIGUOUS": 0, "CHANNELS_LAST": 2, "CHANNELS_LAST_3D": 3}
CPU_PATHS = {
    "onednn_linear": True, "onednn_gelu": True, "attention_by_heads": True, "channels_last": True, "integer_products": False,
}


def cuda_paths(capability):
    """What a GPU of a compute capability, (8, 9), is made to use: as CudaPaths.java says."""
    return {"fp8_products": capability >= (8, 9), "flash_attention": capability >= (8, 0), "efficient_attention": True}


def source(kind):
    """The class Kernels for a kind of device, cpu or cuda."""
    return "".join((KERNELS / f"{part}.py").read_text() for part in ["head", f"on_{kind}", *SHARED])


def attributes(kind, device, paths):
    """What the class declares, with its values."""
    values = {"training": False, "device": device, **NUMBERS, **dtypes(), **paths}
    declared = re.findall(r"^  (\w+) : (?:bool|int|str)$", source(kind), re.MULTILINE)
    missing = [name for name in declared if name not in values]
    if missing:
        raise KeyError(f"the kernels declare {missing}, which nothing sets")
    return {name: values[name] for name in declared}


def dtypes():
    return {name: int(code) for name, code in re.findall(r"^    (\w+)\((\d+), \d+\)[,;]", DTYPES.read_text(), re.MULTILINE)}


def write(path, kind, device, paths):
    """An archive in a file, which torch.jit.load reads."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (
            ("data.pkl", _module(attributes(kind, device, paths))),
            ("code/__torch__.py", source(kind).encode()),
            ("constants.pkl", b"\x80\x02)."),
            ("version", b"10\n"),
            ("byteorder", b"little"),
        ):
            archive.writestr(f"archive/{name}", content)


def _module(state):
    """Pickle, protocol 2: an object of __torch__.Kernels whose state is a dictionary."""
    items = b"".join(_pickled(name) + _pickled(value) for name, value in state.items())
    return b"\x80\x02c__torch__\nKernels\n)\x81}(" + items + b"ub."


def _pickled(value):
    if isinstance(value, bool):
        return b"\x88" if value else b"\x89"
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value)
    text = value.encode()
    return b"X" + struct.pack("<i", len(text)) + text
