  # ---------------------------------------------------------------- latents between the networks, and pixels

  def generator(self: __torch__.Kernels, seed: int) -> Generator:
    g = torch.Generator(device=torch.device("cpu"))
    return g.manual_seed(seed)

  # The same numbers on every device: a CPU's generator draws them.
  def randn(self: __torch__.Kernels, g: Generator, shape: List[int], dtype: int) -> Tensor:
    return self.placed(torch.randn(shape, generator=g, dtype=dtype, device=torch.device("cpu")))

  # [2, ...] negative first -> [1, ...], in fp32
  def guide(self: __torch__.Kernels, prediction: Tensor, scale: float) -> Tensor:
    p = torch.to(prediction, self.F32)
    negative = torch.slice(p, 0, 0, 1)
    return torch.add(negative, torch.mul(torch.sub(torch.slice(p, 0, 1), negative), scale))

  # from_sample·sample + from_output·output
  def mix(self: __torch__.Kernels, sample: Tensor, output: Tensor, from_sample: float, from_output: float) -> Tensor:
    return torch.add(torch.mul(sample, from_sample), torch.mul(output, from_output))

  # √alpha·clean + √(1 - alpha)·noise, where alpha is rounded to their dtype before the roots are taken
  def add_noise(self: __torch__.Kernels, clean: Tensor, noise: Tensor, alpha: float) -> Tensor:
    a = torch.full([1], alpha, dtype=ops.prim.dtype(clean), device=ops.prim.device(clean))
    return torch.add(torch.mul(torch.pow(a, 0.5), clean), torch.mul(torch.pow(torch.rsub(a, 1), 0.5), noise))

  # keep·sample + add·clean [+ spread·noise], in the sample's dtype
  def next_latents(self: __torch__.Kernels, sample: Tensor, clean: Tensor, keep: float, add: float, noise: List[Tensor], spread: float) -> Tensor:
    y = torch.add(torch.mul(sample, keep), torch.mul(clean, add))
    if len(noise) > 0:
      y = torch.add(y, torch.mul(noise[0], spread))
    return torch.to(y, ops.prim.dtype(sample))

  # [B, C, F', h, w] as the VAE makes them -> [B, frames, C, h, w] · factor as the transformer wants them, zeros after F'
  def latents_from_vae(self: __torch__.Kernels, latents: Tensor, factor: float, frames: int) -> Tensor:
    y = torch.mul(torch.permute(latents, [0, 2, 1, 3, 4]), factor)
    return torch.constant_pad_nd(y, [0, 0, 0, 0, 0, 0, 0, frames - torch.size(y, 1)])

  # [B, F, C, h, w] as the transformer has them -> [B, C, F, h, w] · factor as the VAE wants them
  def latents_to_vae(self: __torch__.Kernels, latents: Tensor, factor: float) -> Tensor:
    return torch.contiguous(torch.mul(torch.permute(latents, [0, 2, 1, 3, 4]), factor))

  # [B, 3, frames, height, width] in [-1, 1] -> [B, frames, 3, height, width] fp32 in [0, 1]
  def to_unit_range(self: __torch__.Kernels, x: Tensor) -> Tensor:
    y = torch.clamp(torch.add(torch.div(torch.to(x, self.F32), 2), 0.5), 0, 1)
    return torch.contiguous(torch.permute(y, [0, 2, 1, 3, 4]))

  # x in [-1, 1] -> the brightest byte that it becomes, or -1 where a value is infinite or NaN; aminmax lets NaN through.
  def brightest_byte(self: __torch__.Kernels, x: Tensor) -> int:
    ends = torch.stack(torch.aminmax(x))
    byte = -1
    if self.all_finite(ends) == 1:
      byte = int(torch.round(torch.mul(torch.clamp(torch.add(torch.div(torch.to(ends[1], self.F32), 2), 0.5), 0, 1), 255)))
    return byte

  # [1, frames, 3, height, width] in [0, 1] -> [frames, height, width, 3] u8
  def to_rgb8(self: __torch__.Kernels, x: Tensor) -> Tensor:
    y = torch.round(torch.mul(torch.permute(torch.squeeze(x, 0), [0, 2, 3, 1]), 255))
    return torch.contiguous(torch.to(y, self.U8))

