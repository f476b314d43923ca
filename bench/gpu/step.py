"""A step of CogVideoX's transformer out of the engine's kernels, as CogVideoXTransformer3DModel.java calls them, with random
weights under diffusers' names."""

import torch

from shape import CLIP_2B, REHEARSED, shapes

EPS, QK_EPS = 1e-5, 1e-6
PRODUCTS = ("to_q", "to_k", "to_v", "to_out.0", "net.0.proj", "net.2")


class Normal:
    """Random tensors: made on a GPU where there is one, since a CPU takes a minute for a billion numbers."""

    def __init__(self, gpu, dtype):
        self.dtype, self.name = dtype, gpu.name
        self.made_on = "cpu" if gpu.rehearsed else gpu.name
        self.generator = torch.Generator(device=self.made_on).manual_seed(0)

    def __call__(self, *shape, scale=1.0):
        made = torch.randn(*shape, generator=self.generator, device=self.made_on, dtype=torch.float32)
        return made.mul_(scale).to(self.dtype).to(self.name)


def random_weights(shape, normal):
    """As a trained network's: rows of products have length one, norms are near one."""
    weights = {}
    for name, size in shapes(shape).items():
        if len(size) > 1:
            weights[name] = normal(*size, scale=torch.Size(size[1:]).numel() ** -0.5)
        else:
            weights[name] = normal(*size, scale=0.02) + (1 if "norm" in name and name.endswith("weight") else 0)
        if "linear.bias" in name:
            weights[name].mul_(0)
    return weights


class Transformer:
    """One forward pass, from latents [samples, F, C, h, w] and text [samples, T, text_width] to a prediction."""

    def __init__(self, kernels, shape, weights, storage):
        self.kernels, self.shape = kernels, shape
        self.weights = {}
        for name in {name.rpartition(".")[0] for name in weights}:
            self.weights[name] = self.stored(name, [weights[f"{name}.weight"], weights[f"{name}.bias"]], storage)
        space, time = 1.875, 1.0
        self.positions = [
            kernels.sincos_positions(shape.frames, shape.height // 2, shape.width // 2, shape.inner, space, time)]

    def stored(self, name, weight, storage):
        """int8 rounds inputs too, so that its scales have one dimension."""
        if storage == "none" or not name.endswith(PRODUCTS):
            return weight
        codes, limit = (1, 127.0) if storage == "int8" else (24, 448.0)
        values, scale = self.kernels.quantize(weight[0], codes, limit)
        return [values, weight[1], scale.flatten() if storage == "int8" else scale]

    def __call__(self, latents, text, timestep):
        k, w, s = self.kernels, self.weights, self.shape
        sinusoid = k.timestep_sinusoid(timestep, s.inner, True, 0.0)
        temb = k.time_embedding(sinusoid, w["time_embedding.linear_1"], w["time_embedding.linear_2"])
        x = k.patch_embed(latents, text, self.positions, w["patch_embed.proj"], w["patch_embed.text_proj"], 2, 1)
        for i in range(s.layers):
            x = self.block(x, temb, f"transformer_blocks.{i}")
        y = k.output_projection(
            x, temb, s.text, w["norm_final"], w["norm_out.linear"], w["norm_out.norm"], w["proj_out"], EPS)
        return k.unpatchify(y, s.frames, s.height // 2, s.width // 2, 2, 1)

    def block(self, x, temb, at):
        k, w, s = self.kernels, self.weights, self.shape
        y, video_gate, text_gate = k.ada_layer_norm_zero(
            x, temb, s.text, w[f"{at}.norm1.linear"], w[f"{at}.norm1.norm"], EPS)
        y = k.joint_attention(
            y, *(w[f"{at}.attn1.{name}"] for name in ("to_q", "to_k", "to_v", "to_out.0", "norm_q", "norm_k")), s.heads,
            QK_EPS, s.text, [])
        x = k.gated_residual(x, y, s.text, video_gate, text_gate)
        y, video_gate, text_gate = k.ada_layer_norm_zero(
            x, temb, s.text, w[f"{at}.norm2.linear"], w[f"{at}.norm2.norm"], EPS)
        y = k.feed_forward(y, w[f"{at}.ff.net.0.proj"], w[f"{at}.ff.net.2"])
        return k.gated_residual(x, y, s.text, video_gate, text_gate)
