"""Tries the files that people bring, both here and in the library that reads them in Python, and compares the frames.

    python check_files.py [PART OF A CASE'S NAME]

run from this directory, needs torch 2.7.1, diffusers 0.39.0, transformers 4.57.1, peft 0.21.2, Pillow and a built
./text2video. Every case makes its own files from the reference checkpoints. One line a case; exits with 1 where both do not
draw the same (60 dB), or one draws what the other refuses.
"""

import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from diffusers import CogVideoXImageToVideoPipeline, CogVideoXPipeline
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent
CHECKPOINTS = HERE.parent / "resources" / "reference"
TEXT2VIDEO = HERE.parents[3] / "text2video"
DECIBELS = 60
SEED = 7
CALL = dict(prompt="a red ball", height=64, width=80, num_frames=5, num_inference_steps=2, guidance_scale=6.0)
FOLDERS = {"transformer": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}
TO_Q, TO_K = "transformer_blocks.0.attn1.to_q", "transformer_blocks.0.attn1.to_k"
CASES = []


def case(function):
    CASES.append(function)
    return function


# What both sides make of a model


def theirs(model, image=None, lora=None, scale=1.0, **options):
    family = CogVideoXPipeline if image is None else CogVideoXImageToVideoPipeline
    pipeline = family.from_pretrained(model, torch_dtype=torch.float32, **options)
    pipeline.set_progress_bar_config(disable=True)
    extra = {} if image is None else {"image": Image.open(image).convert("RGB")}
    if lora is not None:
        pipeline.load_lora_weights(lora.parent, weight_name=lora.name, adapter_name="it")
        pipeline.set_adapters(["it"], [scale])
    generator = torch.Generator().manual_seed(SEED)
    return pipeline(generator=generator, output_type="pt", use_dynamic_cfg=False, **CALL, **extra).frames


def ours(model, image=None, loras=(), environment=None):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "trace.safetensors"
        command = [TEXT2VIDEO, "trace", "--model", model, "--out", out, "--seed", str(SEED), "--no-dynamic-cfg"]
        for name, value in CALL.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        command += [] if image is None else ["--image", image]
        for lora in loras:
            command += ["--lora", str(lora)]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})})
        if done.returncode != 0:
            raise Refused(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason")
        return safe_open(out, "pt").get_tensor("frames")


class Refused(Exception):
    pass


def same(actual, expected):
    assert actual.shape == expected.shape, (actual.shape, expected.shape)
    error = ((actual - expected) ** 2).mean().item()
    decibels = 10 * math.log10(1 / max(error, 1e-30))
    return decibels >= DECIBELS, f"{decibels:.0f} dB"


# Files


def checkpoint(folder, kind="2b"):
    return Path(shutil.copytree(CHECKPOINTS / kind, folder / "model", ignore=shutil.ignore_patterns("golden*", "block*")))


def tensors(model, part):
    found = {}
    for shard in sorted((model / part).glob("*.safetensors")):
        found.update(load_file(shard))
    return found


def single(model, part, change=lambda tensors: tensors, name=None):
    """One file beside whatever is there."""
    changed = change(tensors(model, part))
    save_file(changed, model / part / (name or f"{FOLDERS[part]}.safetensors"), metadata={"format": "pt"})


def other(weights):
    torch.manual_seed(1)
    return {key: value + 0.3 * torch.randn_like(value) for key, value in weights.items()}


def only(model, part, change=lambda tensors: tensors, name=None):
    """One file in the place of all."""
    changed = change(tensors(model, part))
    for file in (model / part).glob("*.safetensors*"):
        file.unlink()
    save_file(changed, model / part / (name or f"{FOLDERS[part]}.safetensors"), metadata={"format": "pt"})


def edit(file, change):
    text = json.loads(file.read_text())
    change(text)
    file.write_text(json.dumps(text))


def pairs(ranks):
    torch.manual_seed(2)
    lora = {}
    for layer, rank in ranks.items():
        lora[f"transformer.{layer}.lora_A.weight"] = torch.randn(rank, 64) * 0.3
        lora[f"transformer.{layer}.lora_B.weight"] = torch.randn(64, rank) * 0.3
    return lora


def config(ranks, alpha, **more):
    """diffusers' own metadata: PEFT's config, under the component's name."""
    rank = list(ranks.values())[0]
    fields = dict(
        r=rank,
        lora_alpha=alpha,
        rank_pattern={layer: own for layer, own in ranks.items() if own != rank},
        target_modules=sorted(ranks),
        **more,
    )
    return {"format": "pt", "lora_adapter_metadata": json.dumps({f"transformer.{k}": v for k, v in fields.items()})}


def lora(folder, weights, metadata=None, name="lora.safetensors"):
    save_file(weights, folder / name, metadata=metadata or {"format": "pt"})
    return folder / name


# 1. What could be believed wrongly, in silence


@case
def alpha_pattern_of_several_matches(folder):
    model, ranks = checkpoint(folder), {TO_Q: 4, TO_K: 4}
    patterns = {"to_q": 40.0, "attn1.to_q": 1.0, TO_Q: 8.0}
    for number, order in enumerate([["to_q", "attn1.to_q", TO_Q], ["attn1.to_q", TO_Q, "to_q"], [TO_Q, "to_q", "attn1.to_q"]]):
        metadata = config(ranks, 4, alpha_pattern={key: patterns[key] for key in order})
        file = lora(folder, pairs(ranks), metadata, f"{number}.safetensors")
        yield f"{order[0]} first", ours(model, loras=[file]), theirs(model, lora=file)


@case
def spare_file_of_the_other_library(folder):
    model = checkpoint(folder)
    for part in FOLDERS:
        spare = "model" if part != "text_encoder" else "diffusion_pytorch_model"
        single(model, part, other, f"{spare}.safetensors")
    yield "in all folders", ours(model), theirs(model)


@case
def single_file_beside_an_index(folder):
    for part in FOLDERS:
        model = checkpoint(folder / part)
        single(model, part, other)
        yield part, ours(model), theirs(model)


@case
def variant_alone(folder):
    model = checkpoint(folder)
    for part, stem in FOLDERS.items():
        only(model, part, name=f"{stem}.fp16.safetensors")
    yield "fp16", ours(model), theirs(model, variant="fp16")


@case
def scheduler_of_the_index(folder):
    for index, written in [("DPM", "DDIM"), ("DDIM", "DPM")]:
        model = checkpoint(folder / index)
        edit(model / "model_index.json", lambda json: json.update(scheduler=["diffusers", f"CogVideoX{index}Scheduler"]))
        edit(model / "scheduler/scheduler_config.json", lambda json: json.update(_class_name=f"CogVideoX{written}Scheduler"))
        yield f"{index}, not {written}", ours(model), theirs(model)


@case
def networks_of_the_index(folder):
    model = checkpoint(folder)
    edit(model / "transformer/config.json", lambda json: json.update(_class_name="FluxTransformer2DModel"))
    edit(model / "vae/config.json", lambda json: json.update(_class_name="AutoencoderKL"))
    yield "other classes in the configs", ours(model), theirs(model)


@case
def fields_that_were_filled_in(folder):
    model = checkpoint(folder)
    change = {"beta_end": 0.5, "_use_default_values": ["beta_end"]}
    edit(model / "scheduler/scheduler_config.json", lambda json: json.update(change))
    yield "_use_default_values", ours(model), theirs(model)


@case
def jpeg_cut_short(folder):
    model, whole = checkpoint(folder, "i2v"), folder / "whole.jpg"
    noise = np.random.default_rng(1).integers(0, 256, (64, 80, 3), dtype=np.uint8)
    Image.fromarray(noise).save(whole, quality=95)
    data = whole.read_bytes()
    cuts = {"whole": data, "with a tail": data + b"camera" * 9}
    cuts.update({f"{share} %": data[: len(data) * share // 100] for share in (50, 75, 97)})
    cuts["without its end marker"] = data[:-2]
    for name, cut in cuts.items():
        image = folder / "cut.jpg"
        image.write_bytes(cut)
        yield name, attempt(lambda: ours(model, image=image)), attempt(lambda: theirs(model, image=image))


def attempt(draw):
    try:
        return draw()
    except (Refused, OSError) as refusal:
        return str(refusal)


# 2. What could be refused needlessly


@case
def lora_names(folder):
    model, weights = checkpoint(folder), pairs({TO_Q: 4})
    for name in ["my style (v2) [x]", "ratio 16:9", "水墨 风格"]:
        file = lora(folder, weights, name=f"{name}.safetensors")
        yield name, ours(model, loras=[f"{file}:0.5"]), theirs(model, lora=file, scale=0.5)


@case
def two_loras_of_one_name(folder):
    model, files = checkpoint(folder), []
    for part, layer in [("a", TO_Q), ("b", TO_K)]:
        (folder / part).mkdir()
        files.append(lora(folder / part, pairs({layer: 4}), name="pytorch_lora_weights.safetensors"))
    both = lora(folder, {**load_file(files[0]), **load_file(files[1])}, name="both.safetensors")
    yield "as one file of both", ours(model, loras=files), theirs(model, lora=both)


@case
def lora_keys(folder):
    model, weights = checkpoint(folder), pairs({TO_Q: 4, TO_K: 4})
    expected = theirs(model, lora=lora(folder, weights))
    for prefix in ["module.", "_orig_mod.", "pipe.dit.", "model.", "net.", "module._orig_mod.transformer."]:
        renamed = {key.replace("transformer.", prefix, 1): value for key, value in weights.items()}
        yield prefix, ours(model, loras=[lora(folder, renamed, name="renamed.safetensors")]), expected


@case
def lora_alphas(folder):
    model, ranks = checkpoint(folder), {TO_Q: 4, TO_K: 4}
    expected = theirs(model, lora=lora(folder, pairs(ranks), config(ranks, 8)))
    for dtype in (torch.float32, torch.int64, torch.int32):
        alphas = {f"transformer.{layer}.alpha": torch.tensor(8, dtype=dtype) for layer in ranks}
        yield str(dtype), ours(model, loras=[lora(folder, {**pairs(ranks), **alphas}, name="own.safetensors")]), expected


@case
def ranks_without_alpha(folder):
    """Here each layer's alpha is its rank; PEFT is told so, as diffusers by itself would scale by the first layer's."""
    model, ranks = checkpoint(folder), {TO_Q: 2, TO_K: 8}
    told = config(ranks, 2, alpha_pattern={TO_K: 8})
    bare = lora(folder, pairs(ranks), name="bare.safetensors")
    yield "2 and 8, against PEFT", ours(model, loras=[bare]), theirs(model, lora=lora(folder, pairs(ranks), told))


@case
def dora(folder):
    model, weights = checkpoint(folder), pairs({TO_Q: 4})
    file = lora(folder, {**weights, f"transformer.{TO_Q}.lora_magnitude_vector": torch.ones(64)})
    refusal = attempt(lambda: ours(model, loras=[file]))
    assert "is a DoRA, as it has" in refusal, refusal
    yield "refused by name; PEFT would compute it", refusal, None


@case
def forms_of_t5(folder):
    def tied(weights):
        weights["encoder.embed_tokens.weight"] = weights.pop("shared.weight")
        return weights

    def whole(weights):
        decoder = {key.replace("encoder.", "decoder.", 1): value.clone() for key, value in weights.items() if "encoder." in key}
        return {**weights, **decoder, "lm_head.weight": weights["shared.weight"].clone()}

    for name, change in [("the table under its other name", tied), ("with its decoder", whole)]:
        model = checkpoint(folder / name)
        only(model, "text_encoder", change)
        yield name, ours(model), theirs(model)


@case
def saved_positions(folder):
    model = checkpoint(folder)
    only(model, "transformer", lambda weights: {**weights, "patch_embed.pos_embedding": torch.ones(1, 216, 64)})
    yield "of another value than those computed", ours(model), theirs(model)


@case
def json_of_python(folder):
    model = checkpoint(folder)
    file = model / "transformer/config.json"
    file.write_text(file.read_text().rstrip().rstrip("}") + ', "x": NaN, "y": -Infinity, "norm_eps": 1, "norm_eps": 1e-05}')
    yield "NaN and a key twice", ours(model), theirs(model)


@case
def moved_blobs(folder):
    model, cache, commit = checkpoint(folder), folder / "hub", "0" * 39 + "1"
    repository, disk = cache / "models--acme--tiny", folder / "disk2"
    disk.mkdir()
    for file in sorted(model.rglob("*")):
        if file.is_file():
            blob = hashlib.sha256(file.read_bytes()).hexdigest()
            pointer = repository / "snapshots" / commit / file.relative_to(model)
            pointer.parent.mkdir(parents=True, exist_ok=True)
            pointer.symlink_to(os.path.relpath(repository / "blobs" / blob, pointer.parent))
            shutil.copy(file, disk / blob)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    (repository / "blobs").symlink_to(disk)
    expected = theirs("acme/tiny", cache_dir=cache, local_files_only=True)
    yield "to another disk", ours("acme/tiny", environment={"HF_HUB_CACHE": str(cache)}), expected


def run(function):
    good = True
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name, actual, expected in function(Path(folder)):
                if expected is None:
                    agree, how = isinstance(actual, str), f"ours: {show(actual)}"
                elif isinstance(actual, str) or isinstance(expected, str):
                    agree, how = isinstance(actual, str) == isinstance(expected, str), f"ours: {show(actual)}; theirs: {show(expected)}"
                else:
                    agree, how = same(actual, expected)
                print(f"{'agree' if agree else 'DIFFER':6} {function.__name__}, {name}: {how}", flush=True)
                good &= agree
        except Refused as refusal:
            print(f"DIFFER {function.__name__}: refused here alone: {refusal}", flush=True)
            good = False
    return good


def show(outcome):
    return outcome if isinstance(outcome, str) else "drawn"


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    results = [run(function) for function in CASES if wanted in function.__name__]
    print(f"{sum(results)} of {len(results)} cases agree")
    sys.exit(0 if all(results) else 1)
