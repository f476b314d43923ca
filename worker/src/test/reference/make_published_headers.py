"""Writes the configs and the tensor shapes of the five published CogVideoX, without a weight: the networks are built on
torch's meta device from the published configs' numbers. Layers that differ in their number only are written once, with
# in its place.

Usage: python make_published_headers.py OUT.json
"""

import json
import re
import sys

import torch
from diffusers import (
    AutoencoderKLCogVideoX,
    CogVideoXDDIMScheduler,
    CogVideoXDPMScheduler,
    CogVideoXTransformer3DModel,
)
from transformers import T5Config, T5EncoderModel

FIVE_B = dict(num_attention_heads=48, num_layers=42, use_rotary_positional_embeddings=True)
ONE_FIVE = FIVE_B | dict(
    sample_height=300, sample_width=300, sample_frames=81, patch_size_t=2, patch_bias=False
)
IMAGE = dict(in_channels=32)
# name: transformer, scaling factor, image to video, whether image latents are divided by the factor
MODELS = {
    "CogVideoX-2b": ({}, 1.15258426, False, False),
    "CogVideoX-5b": (FIVE_B, 0.7, False, False),
    "CogVideoX-5b-I2V": (FIVE_B | IMAGE | dict(use_learned_positional_embeddings=True), 0.7, True, False),
    "CogVideoX1.5-5B": (ONE_FIVE, 0.7, False, False),
    "CogVideoX1.5-5B-I2V": (ONE_FIVE | IMAGE | dict(ofs_embed_dim=512), 0.7, True, True),
}
LAYER = re.compile(r"^(transformer_blocks|encoder\.block)\.(\d+)\.")


def network(model, config):
    shapes = {name: list(t.shape) for name, t in model.state_dict().items()}
    shapes.pop("encoder.embed_tokens.weight", None)  # tied to shared.weight; files hold it once
    values = sum(torch.Size(shape).numel() for shape in shapes.values())
    layers = len({m.group(2) for m in map(LAYER.match, shapes) if m})
    families = {}
    for name in shapes:
        families.setdefault(LAYER.sub(r"\1.#.", name), []).append(name)
    tensors = {}
    for family, names in families.items():
        alike = len(names) == layers and len({tuple(shapes[name]) for name in names}) == 1
        tensors |= {family: shapes[names[0]]} if alike else {name: shapes[name] for name in names}
    config = {"_class_name": type(model).__name__} | {k: v for k, v in config.items() if not k.startswith("_")}
    return {"config": config, "values": values, "layers": layers, "tensors": tensors}


def model(transformer, scaling_factor, image, invert):
    vae = AutoencoderKLCogVideoX(
        down_block_types=("CogVideoXDownBlock3D",) * 4,
        up_block_types=("CogVideoXUpBlock3D",) * 4,
        block_out_channels=(128, 256, 256, 512),
        latent_channels=16,
        layers_per_block=3,
        scaling_factor=scaling_factor,
        invert_scale_latents=invert,
    )
    denoiser = CogVideoXTransformer3DModel(**transformer)
    kind, snr = (CogVideoXDPMScheduler, 1.0) if transformer else (CogVideoXDDIMScheduler, 3.0)
    scheduler = kind(
        clip_sample=False,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        snr_shift_scale=snr,
        timestep_spacing="trailing",
    )
    schedule = {k: v for k, v in scheduler.config.items() if not k.startswith("_")}
    return {
        "pipeline": "CogVideoXImageToVideoPipeline" if image else "CogVideoXPipeline",
        "scheduler": {"_class_name": kind.__name__} | schedule,
        "transformer": network(denoiser, denoiser.config),
        "vae": network(vae, vae.config),
    }


xxl = T5Config(
    vocab_size=32128, d_model=4096, d_kv=64, d_ff=10240, num_layers=24, num_heads=64, feed_forward_proj="gated-gelu"
)
with torch.device("meta"):
    t5 = network(T5EncoderModel(xxl), xxl.to_diff_dict())
    published = {name: model(*numbers) for name, numbers in MODELS.items()}
# The five share an encoder, and a VAE but for two numbers of its config.
vae = published["CogVideoX-2b"]["vae"]
for other in published.values():
    assert other["vae"]["tensors"] == vae["tensors"]
    other["vae"] = {"config": other["vae"]["config"]}
out = {"text_encoder": t5, "vae": vae, "models": published}
with open(sys.argv[1], "w") as file:
    json.dump(out, file, separators=(",", ":"))
    file.write("\n")
print({name: m["transformer"]["values"] for name, m in published.items()}, t5["values"], vae["values"])
