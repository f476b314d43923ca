"""Writes two random LoRAs and what diffusers predicts with them, as the tests' reference.

Usage: python make_lora_reference.py CHECKPOINT OUT_FOLDER

attention.safetensors  rank 4, alpha 8, one layer with rank 2 and another with alpha 3; in fp32
everywhere.safetensors rank 3, alpha 5, rank-stabilised; every linear, and the patches' convolution; in bf16
lora.safetensors       one transformer pass each: neither, the first, the second, both at SCALES
"""

import sys
from pathlib import Path

import torch
from diffusers import CogVideoXPipeline, CogVideoXTransformer3DModel
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

SCALES = {"attention": 0.7, "everywhere": -0.4}
CONFIGS = {
    "attention": LoraConfig(
        r=4,
        lora_alpha=8,
        target_modules=["to_q", "to_k", "to_v", "to_out.0"],
        rank_pattern={"transformer_blocks.1.attn1.to_v": 2},
        alpha_pattern={"transformer_blocks.0.attn1.to_q": 3},
    ),
    "everywhere": LoraConfig(
        r=3,
        lora_alpha=5,
        use_rslora=True,
        target_modules=["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2", "norm1.linear", "norm2.linear",
                        "patch_embed.proj", "text_proj", "linear_1", "linear_2", "norm_out.linear", "proj_out"],
    ),
}
DTYPES = {"attention": torch.float32, "everywhere": torch.bfloat16}

checkpoint, out = sys.argv[1], Path(sys.argv[2])
torch.manual_seed(0)
for name, config in CONFIGS.items():
    transformer = CogVideoXTransformer3DModel.from_pretrained(checkpoint, subfolder="transformer")
    transformer.add_adapter(config, adapter_name="default")
    for key, weight in transformer.named_parameters():
        if "lora_" in key:
            torch.nn.init.normal_(weight, std=0.15)
    CogVideoXPipeline.save_lora_weights(
        out,
        transformer_lora_layers={k: v.to(DTYPES[name]) for k, v in get_peft_model_state_dict(transformer).items()},
        weight_name=f"{name}.safetensors",
        transformer_lora_adapter_metadata=transformer.peft_config["default"].to_dict(),
    )

pipeline = CogVideoXPipeline.from_pretrained(checkpoint)
golden = load_file(Path(checkpoint) / "golden.safetensors")
text = torch.cat([golden["negative_prompt_embeds"], golden["prompt_embeds"]])
latents = golden["transformer_input.0"]
for name in CONFIGS:
    pipeline.load_lora_weights(out / f"{name}.safetensors", adapter_name=name)


def predict(scales):
    if scales:
        pipeline.enable_lora()
        pipeline.set_adapters(list(scales), list(scales.values()))
    else:
        pipeline.disable_lora()
    with torch.inference_mode():
        return pipeline.transformer(latents, text, golden["timesteps"][:1], return_dict=False)[0].contiguous()


results = {
    "neither": predict({}),
    "attention": predict({"attention": 1.0}),
    "everywhere": predict({"everywhere": 1.0}),
    "both": predict(SCALES),
}
torch.testing.assert_close(results["neither"], golden["noise_pred.0"])
for name, result in results.items():
    print(name, result.shape, (result - results["neither"]).abs().max().item())
save_file(results, out / "lora.safetensors", metadata={f"scale.{name}": str(scale) for name, scale in SCALES.items()})
