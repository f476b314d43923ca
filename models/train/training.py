"""What both trainings share: how long, how fast, and the optimizer's step."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

import torch

PEAK_RATE = 1.5e-3


def add_arguments(parser: argparse.ArgumentParser, minutes: float, seed: int) -> None:
    """Adds --minutes or --steps, --seed and --threads."""
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=minutes, help="train for this long (default: %(default)s)")
    length.add_argument("--steps", type=int, help="train for so many steps instead: the same result each time")
    parser.add_argument("--seed", type=int, default=seed, help="default: %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s")


def progress(arguments: argparse.Namespace) -> Iterator[tuple[int, float]]:
    """Yields each step's number and how much of the training lies behind it, from 0 to 1."""
    start, step = time.monotonic(), 0
    while True:
        if arguments.steps is None:
            done = (time.monotonic() - start) / (60 * arguments.minutes)
        else:
            done = step / arguments.steps
        if done >= 1:
            return
        yield step, done
        step += 1


def learning_rate(step: int, done: float, warmup: int, decay_from: float, floor: float) -> float:
    """Up over the first steps, level, then straight down to a share of the peak."""
    decay = 1.0 if done < decay_from else max(floor, (1 - done) / (1 - decay_from))
    return PEAK_RATE * min(1.0, (step + 1) / warmup) * decay


def update(optimizer: torch.optim.Optimizer, loss: torch.Tensor, rate: float) -> None:
    """One step down the gradient, clipped to norm 1."""
    optimizer.zero_grad()
    loss.backward()
    for group in optimizer.param_groups:
        group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(group["params"], 1.0)
    optimizer.step()


def report(step: int, done: float, loss: torch.Tensor, every: int = 100) -> None:
    """Prints every so many steps."""
    if step % every == 0:
        print(f"step {step}  {done:4.0%}  loss {loss.item():.4f}", flush=True)


class WeightAverage:
    """An exponential moving average of the weights: what is saved in the end."""

    def __init__(self, parameters: list[torch.nn.Parameter]) -> None:
        self._parameters = parameters
        self._mean = [parameter.detach().clone() for parameter in parameters]

    @torch.no_grad()
    def add(self, step: int) -> None:
        """Short at first, so that the random start is soon forgotten."""
        decay = min(0.999, (step + 1) / (step + 10))
        torch._foreach_mul_(self._mean, decay)
        torch._foreach_add_(self._mean, self._parameters, alpha=1 - decay)

    @torch.no_grad()
    def apply(self) -> None:
        """Puts the average in the weights' place."""
        for parameter, mean in zip(self._parameters, self._mean, strict=True):
            parameter.copy_(mean)
