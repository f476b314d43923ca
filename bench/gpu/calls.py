"""One call of each kernel that computes, with small tensors that are the same on every device."""

import torch

WIDTH, HEADS, TEXT, VIDEO, TIME = 128, 2, 32, 96, 48
HEAD = WIDTH // HEADS
EPS = 1e-5
LORA_RANK = 8


class Inputs:
    def __init__(self, device, dtype):
        self.device, self.dtype = device, dtype
        self.generator = torch.Generator().manual_seed(0)

    def normal(self, *shape, scale=1.0, dtype=None):
        made = torch.randn(*shape, generator=self.generator) * scale
        return made.to(dtype or self.dtype).to(self.device)

    def hidden(self):
        return self.normal(2, TEXT + VIDEO, WIDTH)

    def matrix(self, out, width):
        return self.normal(out, width, scale=width**-0.5)

    def linear(self, out, width):
        return [self.matrix(out, width), self.normal(out)]

    def norm(self, width):
        return [self.normal(width), self.normal(width)]

    def lora(self, out, width):
        return [*self.linear(out, width), self.matrix(LORA_RANK, width), self.matrix(out, LORA_RANK)]

    def coded(self, codes, out, width, scale_shape):
        made = (torch.randn(out, width, generator=self.generator) * 30).clamp(-120, 120).to(codes)
        scale = (1 + torch.rand(out, generator=self.generator)) / (30 * width**0.5)
        return [made.to(self.device), self.normal(out), scale.reshape(scale_shape).to(self.device)]

    def conv(self, out, channels, frames, size):
        scale = (channels * frames * size * size) ** -0.5
        return [self.normal(out, channels, frames, size, size, scale=scale), self.normal(out)]

    def frame_conv(self, out, channels):
        return [self.normal(out, channels, 3, 3, scale=(channels * 9) ** -0.5), self.normal(out)]

    def features(self, frames=4):
        return self.normal(1, 32, frames, 16, 20)


def all_calls(make):
    """(name, arguments) of each; the kernel is the name's first word."""
    x, linear, normal, norm = make.hidden, make.linear, make.normal, make.norm
    rotary = lambda: [normal(VIDEO, HEAD // 2, 2, dtype=torch.float32)]
    square = lambda: linear(WIDTH, WIDTH)
    flat = lambda: [make.matrix(WIDTH, WIDTH)]
    heads = lambda turns: (
        x(), square(), square(), square(), square(), norm(HEAD), norm(HEAD), HEADS, EPS, TEXT, turns)
    features = make.features
    conv = lambda: make.conv(32, 32, 3, 3)
    yield "scaled", (x(), 6, 0.5)
    yield "quantize to i8", (make.matrix(32, 48), 1, 127.0)
    yield "quantize to f8", (make.matrix(32, 48), 24, 448.0)
    yield "linear", (x(), linear(32, WIDTH))
    yield "linear with lora", (x(), make.lora(32, WIDTH))
    yield "linear of i8 alone", (x(), make.coded(torch.int8, 32, WIDTH, (32, 1)))
    yield "linear of f8", (x(), make.coded(torch.float8_e4m3fn, 32, WIDTH, (32, 1)))
    yield "linear of i8", (x(), make.coded(torch.int8, 32, WIDTH, (32,)))
    yield "gelu_linear", (x(), linear(32, WIDTH))
    yield "gelu_linear of i8", (x(), make.coded(torch.int8, 32, WIDTH, (32,)))
    yield "t5_embed", (torch.tensor([[1, 2, 3]]).to(make.device), normal(20, WIDTH), 6)
    yield "t5_position_bias", (normal(32, HEADS), 10, 128)
    yield "t5_attention", (
        x(), normal(WIDTH), flat(), flat(), flat(), flat(), normal(1, HEADS, TEXT + VIDEO, TEXT + VIDEO), EPS)
    yield "t5_feed_forward", (
        x(), normal(WIDTH), [make.matrix(96, WIDTH)], [make.matrix(96, WIDTH)], [make.matrix(WIDTH, 96)], EPS)
    yield "timestep_sinusoid", (7.0, 32, True, 0.0)
    yield "time_embedding", (normal(1, 32), linear(TIME, 32), linear(TIME, TIME))
    yield "sincos_positions", (2, 6, 8, WIDTH, 1.0, 1.0)
    yield "rotary_positions", ([0.0, 1.0], [0.0, 1.0, 2.0], [0.0, 1.0], HEAD)
    yield "patch_embed", (
        normal(2, 2, 4, 12, 16), normal(2, TEXT, 32), [normal(1, TEXT + VIDEO, WIDTH)],
        [normal(WIDTH, 4, 2, 2, scale=0.25), normal(WIDTH)], linear(WIDTH, 32), 2, 1)
    yield "ada_layer_norm_zero", (x(), normal(1, TIME), TEXT, linear(6 * WIDTH, TIME), norm(WIDTH), EPS)
    yield "joint_attention with rotary", heads(rotary())
    yield "joint_attention", heads([])
    yield "feed_forward", (x(), linear(4 * WIDTH, WIDTH), linear(WIDTH, 4 * WIDTH))
    yield "feed_forward_slices", (x(), linear(4 * WIDTH, WIDTH), linear(WIDTH, 4 * WIDTH), 40)
    yield "gated_residual", (x(), x(), TEXT, normal(1, 1, WIDTH), normal(1, 1, WIDTH))
    yield "relative_change", (x(), x())
    yield "residual", (x(), x())
    yield "output_projection", (
        x(), normal(1, TIME), TEXT, norm(WIDTH), linear(2 * WIDTH, TIME), norm(WIDTH), linear(16, WIDTH), EPS)
    yield "unpatchify", (normal(2, VIDEO, 16), 2, 6, 8, 2, 1)
    yield "causal_conv", (features(), conv(), [])
    yield "causal_conv with tail", (features(), conv(), [features(2)])
    yield "spatial_norm_conv", (
        features(5), normal(1, 4, 3, 8, 10), 4, norm(32), make.conv(32, 4, 1, 1), make.conv(32, 4, 1, 1), EPS, conv(),
        [], [features(5)])
    yield "group_norm_conv", (features(), 4, norm(32), EPS, conv(), [], [features()])
    yield "upsample", (features(5), make.frame_conv(32, 32), True)
    yield "downsample", (features(5), make.frame_conv(32, 32), True)
    yield "sample_latents", (normal(1, 8, 2, 4, 5), normal(1, 4, 2, 4, 5))
    yield "blend", (features(), features(), 3, 3)
    yield "guide", (normal(2, 1, 4, 8, 12), 6.0)
    yield "mix", (features(), features(), 0.3, 0.7)
    yield "add_noise", (features(), features(), 0.3)
    yield "next_latents", (features(), features(), 0.3, 0.7, [features()], 0.1)
    yield "latents_from_vae", (normal(1, 4, 2, 4, 5), 0.7, 3)
    yield "latents_to_vae", (normal(1, 2, 4, 4, 5), 0.7)
    yield "to_unit_range", (normal(1, 3, 2, 4, 5),)
    yield "to_rgb8", (normal(1, 2, 3, 4, 5, dtype=torch.float32),)


def difference(actual, expected):
    """The largest of each tensor, in relation to its largest value."""
    if isinstance(expected, (tuple, list)):
        return max(difference(a, e) for a, e in zip(actual, expected, strict=True))
    a, e = (torch.as_tensor(v).to("cpu").to(torch.float64) for v in (actual, expected))
    return float((a - e).abs().max() / e.abs().max().clamp_min(1e-30))
