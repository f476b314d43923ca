"""The stages of ./run. Each gets the GPU and a function that writes a result."""

import re
import tempfile
import time
from pathlib import Path

import torch

import archive
import calls
import step as steps

# How OutOfMemoryException.java knows that memory ran out
OUT_OF_MEMORY = re.compile(r"CUDA out of memory|CUDA (driver )?error: out of memory|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_.*ALLOC")
# The largest difference allowed between a GPU and the CPU, by what is computed in
ALLOWED = {"fp32": 1e-5, "fp16": 2e-2, "bf16": 6e-2}
# Inputs that are rounded to e4m3 have three bits after the first, and those rounded to i8 may be one code off.
ALLOWED_OF_CODES = {"f8": 0.1, "i8": 2e-2}
DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
# A way to take a step: what is computed in, and how products' weights are stored
WAYS = {"fp16": ("fp16", "none"), "bf16": ("bf16", "none"), "int8": ("bf16", "int8"), "fp8": ("bf16", "fp8")}
TIMED = 3


def load(device, paths):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kernels.pt"
        archive.write(path, "cpu" if device == "cpu" else "cuda", device, paths)
        torch._C._set_graph_executor_optimize(False)
        return torch.jit.load(path).eval()


def gpu_kernels(gpu):
    return load(gpu.name, archive.cuda_paths(gpu.capability()))


def allowed(name, dtype):
    return max([ALLOWED[dtype], *(limit for codes, limit in ALLOWED_OF_CODES.items() if codes in name.split())])


def kernels(gpu, write):
    """Each kernel on the GPU against the CPU."""
    ours, reference = gpu_kernels(gpu), load("cpu", archive.CPU_PATHS)
    for dtype in DTYPES:
        worst, wrong = {}, []
        on_cpu = calls.all_calls(calls.Inputs("cpu", DTYPES[dtype]))
        on_gpu = calls.all_calls(calls.Inputs(gpu.name, DTYPES[dtype]))
        for (name, arguments), (_, there) in zip(on_cpu, on_gpu, strict=True):
            try:
                kernel = name.split()[0]
                difference = calls.difference(getattr(ours, kernel)(*there), getattr(reference, kernel)(*arguments))
                worst[name] = float(f"{difference:.2g}")
                if not difference <= allowed(name, dtype):
                    wrong.append(name)
            except RuntimeError as e:
                wrong.append(f"{name}: {last_line(e)}")
        write({"dtype": dtype, "kernels": len(worst), "wrong": wrong, "differences": worst})


def step(gpu, write, way):
    """A whole step under guidance: seconds, memory, and the share of what large products alone reach."""
    dtype, storage = WAYS[way]
    shape = steps.REHEARSED if gpu.rehearsed else steps.CLIP_2B
    normal = steps.Normal(gpu, DTYPES[dtype])
    gpu.peak()
    transformer = steps.Transformer(gpu_kernels(gpu), shape, steps.random_weights(shape, normal), storage)
    gpu.free()
    latents = normal(shape.samples, shape.frames, shape.channels, shape.height, shape.width)
    text = normal(shape.samples, shape.text, shape.text_width)
    loaded = gpu.peak()
    seconds, prediction = fastest(gpu, lambda: transformer(latents, text, 500.0))
    peak = gpu.peak()
    rate = product_rate(gpu, dtype)
    write({
        "way": way, "tokens": shape.tokens, "step_s": seconds, "load_peak_bytes": loaded, "step_peak_bytes": peak,
        "tflops": shape.operations() / seconds / 1e12, "product_tflops": rate / 1e12,
        "share": shape.operations() / seconds / rate, "finite": bool(torch.isfinite(prediction).all()),
    })


def product_rate(gpu, dtype):
    """Operations a second of one large square product in a dtype: what the roof is, measured on the same GPU."""
    n = 256 if gpu.rehearsed else 8192
    a = torch.ones([n, n], dtype=DTYPES[dtype]).to(gpu.name)
    seconds, _ = fastest(gpu, lambda: torch.mm(a, a))
    return 2 * n**3 / seconds


def diffusers(gpu, write):
    """The same step, with the same weights, in diffusers as it comes."""
    try:
        from diffusers import CogVideoXTransformer3DModel, __version__
    except ImportError as e:
        write({"skipped": f"diffusers is not here: {e}"})
        return
    shape = steps.REHEARSED if gpu.rehearsed else steps.CLIP_2B
    dtype = torch.float32 if gpu.rehearsed else torch.float16
    normal = steps.Normal(gpu, dtype)
    weights = steps.random_weights(shape, normal)
    latents = normal(shape.samples, shape.frames, shape.channels, shape.height, shape.width)
    text = normal(shape.samples, shape.text, shape.text_width)
    ours = steps.Transformer(gpu_kernels(gpu), shape, weights, "none")(latents, text, 500.0)
    # A rehearsed GPU has no kernels for what diffusers itself makes on a device.
    device = "cpu" if gpu.rehearsed else gpu.name
    with torch.device(device):
        model = CogVideoXTransformer3DModel(
            num_attention_heads=shape.heads, attention_head_dim=shape.head, num_layers=shape.layers,
            time_embed_dim=shape.time, text_embed_dim=shape.text_width, max_text_seq_length=shape.text,
            sample_height=shape.height, sample_width=shape.width, sample_frames=4 * (shape.frames - 1) + 1,
        ).to(dtype)
    model.load_state_dict(weights)
    weights.clear()
    gpu.free()
    gpu.peak()
    timestep = torch.full([shape.samples], 500, device=device)
    run = lambda: model(latents.to(device), text.to(device), timestep, return_dict=False)[0]
    seconds, theirs = fastest(gpu, run)
    write({
        "diffusers": __version__, "step_s": seconds, "step_peak_bytes": gpu.peak(),
        "difference_to_ours": float(f"{calls.difference(ours, theirs):.2g}"),
    })


def memory(gpu, write):
    """Memory runs out, in the words that the engine knows, and the next call is computed."""
    ours = gpu_kernels(gpu)
    x = torch.ones([2**20]).to(gpu.name)
    gpu.limit(0.01)
    held, message = [], ""
    try:
        while True:
            held.append(ours.concat([x] * 64, 0))
    except RuntimeError as e:
        message = last_line(e)
    held.clear()
    gpu.free()
    alive = float(ours.add(x, x)[0]) == 2
    gpu.limit(1.0)
    write({"message": message, "known": bool(OUT_OF_MEMORY.search(message)), "alive_after": alive})


def broken(gpu, write):
    """An error that stays: what comes after it fails too, and only a new process computes again."""
    ours = gpu_kernels(gpu)
    x = torch.ones([4]).to(gpu.name)
    said = []
    for attempt in (gpu.break_down, lambda: float(ours.add(x, x)[0])):
        try:
            attempt()
            said.append("")
        except RuntimeError as e:
            said.append(next((line for line in str(e).splitlines() if "CUDA error" in line), last_line(e)))
    write({
        "first": said[0], "then": said[1],
        "sticky": all("CUDA error" in s and not OUT_OF_MEMORY.search(s) for s in said),
    })


def fastest(gpu, run):
    """Seconds of the fastest of some runs after one that warms up, and what the last returned."""
    with torch.no_grad():
        result = run()
        gpu.wait()
        seconds = []
        for _ in range(TIMED):
            start = time.perf_counter()
            result = run()
            gpu.wait()
            seconds.append(time.perf_counter() - start)
    return min(seconds), result


def last_line(error):
    return str(error).strip().splitlines()[-1][:300]


# In this order: what is wanted most comes first, and what breaks the device last.
ALL = {
    "kernels": kernels,
    **{f"step {way}": lambda gpu, write, way=way: step(gpu, write, way) for way in WAYS},
    "diffusers": diffusers,
    "memory": memory,
    "broken": broken,
}
