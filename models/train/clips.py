"""What the tiny model is taught: one shape crossing a plain background, and the sentences that say so."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import numpy as np

COLORS = {
    "red": (220, 40, 40),
    "green": (40, 190, 70),
    "blue": (50, 80, 230),
    "yellow": (240, 215, 50),
    "white": (245, 245, 245),
    "purple": (160, 60, 200),
}
SHAPES = ("ball", "square", "triangle")
MOVES = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
BACKGROUNDS = {"black": (12, 12, 16), "gray": (120, 120, 124)}

SIZE = 64
FRAMES = 17
FPS = 8


@dataclass(frozen=True)
class Scene:
    """One of the 144 things that can be said."""

    color: str
    shape: str
    move: str
    background: str

    def sentences(self) -> list[str]:
        """The same scene in three wordings; the first is the one to prompt with."""
        return [
            f"a {self.color} {self.shape} moving {self.move} on a {self.background} background",
            f"{self.color} {self.shape} moving {self.move}, {self.background} background",
            f"A {self.color} {self.shape} moves {self.move} over a {self.background} background",
        ]

    def render(self, rng: random.Random, frames: int = FRAMES, size: int = SIZE, oversampling: int = 3) -> np.ndarray:
        """A clip with its own radius, travel and offset: uint8 [frames, size, size, 3], anti-aliased."""
        radius = size * rng.uniform(0.15, 0.2)
        travel = size * rng.uniform(0.42, 0.5)
        dx, dy = MOVES[self.move]
        # The offset is across the movement, so that every clip crosses the middle.
        x0 = size / 2 + rng.uniform(-0.08, 0.08) * size * (dx == 0)
        y0 = size / 2 + rng.uniform(-0.08, 0.08) * size * (dy == 0)
        rows, columns = np.mgrid[0 : size * oversampling, 0 : size * oversampling] / oversampling
        color, background = np.array(COLORS[self.color]), np.array(BACKGROUNDS[self.background])

        clip = np.empty((frames, size, size, 3), np.uint8)
        for frame in range(frames):
            time = frame / (frames - 1) - 0.5
            inside = self.inside(columns - (x0 + dx * travel * time), rows - (y0 + dy * travel * time), radius)
            cover = inside.reshape(size, oversampling, size, oversampling).mean((1, 3))[..., None]
            clip[frame] = np.round(cover * color + (1 - cover) * background)
        return clip

    def inside(self, x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
        """Which of these points, seen from its middle, the shape covers."""
        if self.shape == "ball":
            return x**2 + y**2 < radius**2
        if self.shape == "square":
            return (abs(x) < 0.9 * radius) & (abs(y) < 0.9 * radius)
        return (y < 0.85 * radius) & (y > 1.9 * abs(x) - radius)


def scenes() -> list[Scene]:
    """All of them; a scene's place in this list is its number."""
    return [Scene(*words) for words in itertools.product(COLORS, SHAPES, MOVES, BACKGROUNDS)]
