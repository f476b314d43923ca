"""A LoRA on every linear of the transformer's blocks, in the spelling of diffusers and PEFT."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import CogVideoXTransformer3DModel
from safetensors.torch import load_file, save_file
from torch.nn.utils import parametrize


class LowRank(torch.nn.Module):
    """Adds B·A to a weight. B starts at zero, so that nothing has changed at first."""

    def __init__(self, weight: torch.Tensor, rank: int) -> None:
        super().__init__()
        self.a = torch.nn.Parameter(torch.randn(rank, weight.shape[1]) / weight.shape[1] ** 0.5)
        self.b = torch.nn.Parameter(torch.zeros(weight.shape[0], rank))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + self.b @ self.a


def attach(transformer: CogVideoXTransformer3DModel, rank: int) -> dict[str, LowRank]:
    """Freezes the transformer and puts a new LoRA beside its linears: by the layers' names."""
    transformer.requires_grad_(False)
    adapters = {}
    for name, layer in transformer.named_modules():
        if name.startswith("transformer_blocks.") and isinstance(layer, torch.nn.Linear):
            adapters[name] = LowRank(layer.weight, rank)
    for name, adapter in adapters.items():
        parametrize.register_parametrization(transformer.get_submodule(name), "weight", adapter)
    return adapters


@torch.no_grad()
def load(adapters: dict[str, LowRank], file: Path) -> None:
    """Goes on from a file that save() wrote, of the same rank."""
    tensors = load_file(file)
    for name, adapter in adapters.items():
        adapter.a.copy_(tensors[f"transformer.{name}.lora_A.weight"])
        adapter.b.copy_(tensors[f"transformer.{name}.lora_B.weight"])


def save(adapters: dict[str, LowRank], file: Path) -> None:
    """Writes it in fp16. Nothing says alpha, so it is the rank, and the scale to draw with is 1."""
    tensors = {}
    for name, adapter in adapters.items():
        tensors[f"transformer.{name}.lora_A.weight"] = adapter.a.detach().half()
        tensors[f"transformer.{name}.lora_B.weight"] = adapter.b.detach().half()
    save_file(tensors, file, metadata={"format": "pt"})


@torch.no_grad()
def merge(transformer: CogVideoXTransformer3DModel, file: Path, scale: float) -> None:
    """Adds a file that save() wrote to the transformer's weights."""
    tensors = load_file(file)
    for name in [name for name in tensors if name.endswith(".lora_A.weight")]:
        layer = transformer.get_submodule(name.removeprefix("transformer.").removesuffix(".lora_A.weight"))
        layer.weight += scale * (tensors[name.replace("lora_A", "lora_B")].float() @ tensors[name].float())
