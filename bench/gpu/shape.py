"""Sizes of a CogVideoX transformer, and what a step of it is made of. Needs no torch."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Shape:
    """Sizes of a transformer and of what it sees; frames, height and width are the latents'."""

    layers: int
    heads: int
    head: int
    text_width: int
    time: int
    text: int
    frames: int
    height: int
    width: int
    channels: int = 16
    samples: int = 2

    @property
    def inner(self):
        return self.heads * self.head

    @property
    def video(self):
        return self.frames * (self.height // 2) * (self.width // 2)

    @property
    def tokens(self):
        return self.text + self.video

    def operations(self):
        """Floating-point operations of a step's products and attentions, a multiplication and an addition each."""
        linear = 2 * 12 * self.inner**2 * self.tokens
        attention = 4 * self.tokens**2 * self.inner
        return self.samples * self.layers * (linear + attention)


CLIP_2B = Shape(layers=30, heads=30, head=64, text_width=4096, time=512, text=226, frames=13, height=60, width=90)
REHEARSED = Shape(layers=2, heads=2, head=64, text_width=64, time=32, text=14, frames=2, height=8, width=8)


def shapes(shape):
    """Each weight's shape by diffusers' name."""
    d, e = shape.inner, shape.time

    def linear(name, out, width):
        return {f"{name}.weight": (out, width), f"{name}.bias": (out,)}

    def norm(name, width):
        return {f"{name}.weight": (width,), f"{name}.bias": (width,)}

    all_shapes = {
        "patch_embed.proj.weight": (d, shape.channels, 2, 2), "patch_embed.proj.bias": (d,),
        **linear("patch_embed.text_proj", d, shape.text_width),
        **linear("time_embedding.linear_1", e, d), **linear("time_embedding.linear_2", e, e),
        **norm("norm_final", d), **linear("norm_out.linear", 2 * d, e), **norm("norm_out.norm", d),
        **linear("proj_out", 4 * shape.channels, d),
    }
    for i in range(shape.layers):
        at = f"transformer_blocks.{i}"
        for number in (1, 2):
            all_shapes |= {**linear(f"{at}.norm{number}.linear", 6 * d, e), **norm(f"{at}.norm{number}.norm", d)}
        for name in ("to_q", "to_k", "to_v", "to_out.0"):
            all_shapes |= linear(f"{at}.attn1.{name}", d, d)
        all_shapes |= {**norm(f"{at}.attn1.norm_q", shape.head), **norm(f"{at}.attn1.norm_k", shape.head)}
        all_shapes |= {**linear(f"{at}.ff.net.0.proj", 4 * d, d), **linear(f"{at}.ff.net.2", d, 4 * d)}
    return all_shapes
