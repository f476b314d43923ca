"""Trains the transformer and its text encoder together on the VAE's latents: `train_transformer.py VAE TOKENIZER OUT`.

OUT becomes a whole checkpoint that diffusers and the fleet load.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import torch
from diffusers import AutoencoderKLCogVideoX, CogVideoXPipeline, CogVideoXTransformer3DModel
from transformers import T5EncoderModel, T5Tokenizer

import networks
import training
from clips import FPS, FRAMES, SIZE, scenes

BATCH = 32
TEXT_DROPOUT = 0.1
TIMESTEPS = 1000
DEFAULTS = {
    "num_inference_steps": 25,
    "guidance_scale": 2.0,
    "height": SIZE,
    "width": SIZE,
    "num_frames": FRAMES,
    "fps": FPS,
}


@torch.no_grad()
def encode_clips(vae: AutoencoderKLCogVideoX, each: int, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """Several clips of every scene: latents [clips, 5, 16, 8, 8] and each clip's scene number."""
    latents, numbers = [], []
    for _ in range(each):
        for number, scene in enumerate(scenes()):
            clip = torch.from_numpy(scene.render(rng)).float().permute(3, 0, 1, 2)[None] / 127.5 - 1
            latents.append(vae.encode(clip).latent_dist.mode()[0])
            numbers.append(number)
    return torch.stack(latents).permute(0, 2, 1, 3, 4).contiguous(), torch.tensor(numbers)


def token_ids(tokenizer: T5Tokenizer, texts: list[str]) -> torch.Tensor:
    """Padded to the length that the model was made for: [texts, TEXT_LENGTH]."""
    return tokenizer(
        texts, padding="max_length", max_length=networks.TEXT_LENGTH, truncation=True, return_tensors="pt"
    ).input_ids


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vae", help="directory that train_vae.py wrote")
    parser.add_argument("tokenizer", help="directory of a T5 tokenizer, such as ../cogvideox-tiny/tokenizer")
    parser.add_argument("out", help="directory for the checkpoint")
    parser.add_argument("--start-from", metavar="CHECKPOINT", help="go on from this one's weights")
    parser.add_argument("--clips", type=int, default=4, help="clips of each scene (default: %(default)s)")
    training.add_arguments(parser, minutes=45, seed=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    vae = AutoencoderKLCogVideoX.from_pretrained(arguments.vae).eval()
    tokenizer = T5Tokenizer.from_pretrained(arguments.tokenizer)
    latents, numbers = encode_clips(vae, arguments.clips, random.Random(arguments.seed))
    scale = float(1 / latents.std())
    latents = latents * scale
    prompts = torch.stack([token_ids(tokenizer, scene.sentences()) for scene in scenes()])  # [scenes, wordings, tokens]
    empty = token_ids(tokenizer, [""])[0]

    if arguments.start_from:
        checkpoint = Path(arguments.start_from)
        encoder = T5EncoderModel.from_pretrained(checkpoint / "text_encoder", torch_dtype=torch.float32)
        transformer = CogVideoXTransformer3DModel.from_pretrained(checkpoint / "transformer", torch_dtype=torch.float32)
    else:
        encoder, transformer = networks.text_encoder(), networks.transformer()
    encoder.train()
    transformer.train()
    scheduler = networks.scheduler()
    alphas = scheduler.alphas_cumprod.float()
    parameters = [*transformer.parameters(), *encoder.parameters()]
    optimizer = torch.optim.AdamW(parameters, betas=(0.9, 0.99), weight_decay=0.01)
    average = training.WeightAverage(parameters)

    for step, done in training.progress(arguments):
        clip = torch.randint(len(numbers), (BATCH,))
        text = prompts[numbers[clip], torch.randint(prompts.shape[1], (BATCH,))]
        text[torch.rand(BATCH) < TEXT_DROPOUT] = empty  # for classifier-free guidance
        timestep = torch.randint(TIMESTEPS, (BATCH,))
        alpha = alphas[timestep].view(BATCH, 1, 1, 1, 1)
        clean, noise = latents[clip], torch.randn_like(latents[clip])
        noisy = alpha.sqrt() * clean + (1 - alpha).sqrt() * noise
        velocity = alpha.sqrt() * noise - (1 - alpha).sqrt() * clean
        predicted = transformer(noisy, encoder(text)[0], timestep, return_dict=False)[0]
        loss = (predicted - velocity).pow(2).mean()
        training.update(optimizer, loss, training.learning_rate(step, done, warmup=100, decay_from=0.7, floor=0.03))
        average.add(step)
        training.report(step, done, loss)

    average.apply()
    vae.register_to_config(scaling_factor=scale)
    # fp16, as 2b is stored.
    pipeline = CogVideoXPipeline(
        tokenizer=tokenizer,
        text_encoder=encoder.half(),
        vae=vae.half(),
        transformer=transformer.half(),
        scheduler=scheduler,
    )
    pipeline.save_pretrained(arguments.out)
    defaults = json.dumps(DEFAULTS, indent=2) + "\n"
    Path(arguments.out, "generation_config.json").write_text(defaults, encoding="utf-8")


if __name__ == "__main__":
    main()
