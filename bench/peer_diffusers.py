#!/usr/bin/env python3
"""Measures diffusers on a CogVideoX checkpoint, as it comes out of the box: seconds per stage and the peak of memory.

Prints one JSON object with the figures of the fastest generation, under the names of `text2video bench`. A step is the median
of all but the first.
"""

import argparse
import json
import platform
import resource
import statistics
import time
from importlib.metadata import version

import gpu_memory
import torch
from diffusers import CogVideoXPipeline
from diffusers.utils import logging

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


class Peer:
    def __init__(self, arguments):
        self.arguments = arguments
        start = time.perf_counter()
        dtype = DTYPES[arguments.dtype]
        self.pipeline = CogVideoXPipeline.from_pretrained(arguments.model, torch_dtype=dtype).to(arguments.device)
        self.wait()
        self.load_s = time.perf_counter() - start
        self.pipeline.set_progress_bar_config(disable=True)

    def wait(self):
        """A GPU works on after a call has returned."""
        if self.arguments.device == "cuda":
            torch.cuda.synchronize()

    def now(self):
        self.wait()
        return time.perf_counter()

    @torch.no_grad()
    def generate(self):
        step_ends = []

        def on_step_end(pipeline, index, timestep, tensors):
            step_ends.append(self.now())
            return {}

        a = self.arguments
        start = self.now()
        # As many tokens as the model reads: the pipeline's own 226 is the published models'.
        tokens = self.pipeline.transformer.config.max_text_seq_length
        prompt, negative = self.pipeline.encode_prompt(a.prompt, "", True, device=a.device, max_sequence_length=tokens)
        encoded = self.now()
        latents = self.pipeline(
            prompt_embeds=prompt,
            negative_prompt_embeds=negative,
            num_inference_steps=a.steps,
            num_frames=a.frames,
            height=a.height,
            width=a.width,
            generator=torch.Generator().manual_seed(0),
            output_type="latent",
            callback_on_step_end=on_step_end,
        ).frames
        denoised = self.now()
        self.pipeline.decode_latents(latents)
        decoded = self.now()
        steps = [after - before for before, after in zip(step_ends, step_ends[1:])]
        return {
            "encode_s": encoded - start,
            "step_s": statistics.median(steps) if steps else denoised - encoded,
            "denoise_s": denoised - encoded,
            "decode_s": decoded - denoised,
            "total_s": decoded - start,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="directory of the checkpoint")
    parser.add_argument("--prompt", default="A beautiful waterfall in a forest")
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--frames", type=int, default=17)
    parser.add_argument("--height", type=int, default=240)
    parser.add_argument("--width", type=int, default=352)
    parser.add_argument("--threads", type=int, help="default: torch's own choice")
    parser.add_argument("--dtype", default="fp32", choices=DTYPES)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--warmup", type=int, default=1, help="generations before the first that counts")
    parser.add_argument("--repeat", type=int, default=3, help="generations that count")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    logging.disable_progress_bar()
    watch = gpu_memory.Watch() if arguments.device == "cuda" else None
    peer = Peer(arguments)
    for _ in range(arguments.warmup):
        peer.generate()
    runs = [peer.generate() for _ in range(arguments.repeat)]
    gpu = watch.most() if watch else None
    print(
        json.dumps(
            {
                "peer": f"diffusers {version('diffusers')}",
                "python": platform.python_version(),
                "torch": version("torch"),
                "transformers": version("transformers"),
                "dtype": arguments.dtype,
                "threads": torch.get_num_threads(),
                "load_s": peer.load_s,
                "fastest": min(runs, key=lambda run: run["total_s"]),
                "runs": runs,
                # Linux counts in KiB.
                "peak_rss_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "peak_gpu_bytes": gpu,
            }
        )
    )


if __name__ == "__main__":
    main()
