  # ---------------------------------------------------------------- the VAE; x is [B, C, frames, height, width]

  # Memory for features beside x: as many channels and samples, other frames and sizes
  def features(self: __torch__.Kernels, x: Tensor, frames: int, height: int, width: int) -> Tensor:
    shape = [torch.size(x, 0), torch.size(x, 1), frames, height, width]
    return torch.empty(shape, dtype=ops.prim.dtype(x), device=ops.prim.device(x), memory_format=self.layout(x))

  # [out, in, k, k] -> [out, in, 1, k, k]: a convolution of each frame apart. One of several frames stays as it is.
  def frame_convolution(self: __torch__.Kernels, conv: List[Tensor]) -> List[Tensor]:
    flat = annotate(List[Tensor], [])
    for i in range(len(conv)):
      if torch.dim(conv[i]) == 4:
        torch.append(flat, torch.unsqueeze(conv[i], 2))
      else:
        torch.append(flat, conv[i])
    return flat

  # Fills the first frames of padded: with the last chunk's tail, or with the first frame after them where there is none.
  def fill_past(self: __torch__.Kernels, padded: Tensor, past: int, tail: List[Tensor]) -> Tensor:
    if len(tail) > 0:
      filled = torch.copy_(torch.slice(padded, 2, 0, past), tail[0])
    else:
      filled = torch.copy_(torch.slice(padded, 2, 0, past), torch.slice(padded, 2, past, past + 1))
    return padded

  # The frames that the next chunk starts from
  def tail_of(self: __torch__.Kernels, padded: Tensor, past: int) -> Tensor:
    return torch.clone(torch.slice(padded, 2, torch.size(padded, 2) - past))

  # padded holds the past frames already -> the convolution [+ residual, whose memory the result may take], and the
  # frames that the next chunk starts from
  def convolve_padded(self: __torch__.Kernels, padded: Tensor, conv: List[Tensor], residual: List[Tensor]) -> Tuple[Tensor, Tensor]:
    past = torch.size(conv[0], 2) - 1
    padding = [0, torch.size(conv[0], 3) // 2, torch.size(conv[0], 4) // 2]
    tail = self.tail_of(padded, past)
    if len(residual) > 0:
      y = self.convolution_onto(residual[0], padded, conv, padding)
    else:
      y = self.convolution(padded, conv, padding, [1, 1, 1])
    return (y, tail)

  # Zeros for the result of a convolution, of each frame apart or of padded with the past frames
  def convolution_room(self: __torch__.Kernels, padded: Tensor, conv: List[Tensor]) -> Tensor:
    b, c, t, h, w, = torch.size(padded)
    deep = self.frame_convolution(conv)
    shape = [b, torch.size(deep[0], 0), t + 1 - torch.size(deep[0], 2), h, w]
    return torch.zero_(torch.empty(shape, dtype=ops.prim.dtype(padded), device=ops.prim.device(padded), memory_format=self.layout(padded)))

  # Some frames and rows of that convolution, added to what is in their place in y. Rows beside them are convolved as well,
  # and thrown away: what is padded there is no edge.
  def convolution_band(self: __torch__.Kernels, y: Tensor, padded: Tensor, conv: List[Tensor], start: int, end: int, top: int, bottom: int) -> Tensor:
    deep = self.frame_convolution(conv)
    past = torch.size(deep[0], 2) - 1
    beside = torch.size(deep[0], 3) // 2
    first = max([0, top - beside])
    x = torch.slice(torch.slice(padded, 2, start, end + past), 3, first, bottom + beside)
    z = self.convolution(x, deep, [0, beside, torch.size(deep[0], 4) // 2], [1, 1, 1])
    place = torch.slice(torch.slice(y, 2, start, end), 3, top, bottom)
    return torch.add_(place, torch.slice(z, 3, top - first, bottom - first))

  def causal_conv(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], tail: List[Tensor]) -> Tuple[Tensor, Tensor]:
    t, h, w, = torch.slice(torch.size(x), 2)
    past = torch.size(conv[0], 2) - 1
    padded = self.features(x, past + t, h, w)
    body = torch.copy_(torch.slice(padded, 2, past), x)
    return self.convolve_padded(self.fill_past(padded, past, tail), conv, annotate(List[Tensor], []))

  # Σ (x - centre)² over frames and places, fp32: [B, C, 1, 1, 1]. A band of rows at a time stays in the cache.
  def squares(self: __torch__.Kernels, x: Tensor, centre: Tensor) -> Tensor:
    b, c, t, h, w, = torch.size(x)
    rows = min([h, 1 + 2 * self.values_at_once() // (c * w)])
    sum = torch.zeros_like(centre)
    for i in range(t):
      for j in range((h + rows - 1) // rows):
        band = torch.slice(torch.slice(x, 2, i, i + 1), 3, j * rows, (j + 1) * rows)
        d = torch.sub(band, centre)
        sum = torch.add_(sum, torch.sum(torch.mul_(d, d), [2, 3, 4], True))
    return sum

  # A group norm as y = gain · x + offset, both [B, C, 1, 1, 1] fp32: what follows can be taken into them, and torch's own
  # loses four digits where channels are last.
  def group_norm_affine(self: __torch__.Kernels, x: Tensor, groups: int, norm: List[Tensor], eps: float) -> Tuple[Tensor, Tensor]:
    b, c, t, h, w, = torch.size(x)
    count = t * h * w * (c // groups)
    each = [b, groups, c // groups, 1, 1]
    all = [b, c, 1, 1, 1]
    sums = torch.sum(torch.view(torch.sum(x, [2, 3, 4], True, dtype=self.F32), each), [2], True)
    mean = torch.expand(torch.div(sums, count), each)
    squares = torch.sum(torch.view(self.squares(x, torch.reshape(mean, all)), each), [2], True)
    gain = torch.mul(torch.rsqrt(torch.add(torch.div(squares, count), eps)), torch.view(torch.to(norm[0], self.F32), [1, groups, -1, 1, 1]))
    offset = torch.sub(torch.view(torch.to(norm[1], self.F32), [1, groups, -1, 1, 1]), torch.mul(mean, gain))
    return (torch.reshape(gain, all), torch.reshape(offset, all))

  # out = x · scale + shift, each value of scale and shift covering a box of x: what nearest resizing would give,
  # without the resized tensors.
  def modulate_boxes(self: __torch__.Kernels, out: Tensor, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    b, c, t, h, w, = torch.size(scale)
    wide = torch.size(x, 4)
    box = [b, c, t, torch.size(x, 2) // t, h, torch.size(x, 3) // h, wide]
    row = [b, c, t, 1, h, 1, wide]
    y = torch.view(torch.upsample_nearest3d(scale, [t, h, wide]), row)
    z = torch.view(torch.upsample_nearest3d(shift, [t, h, wide]), row)
    return torch.addcmul(z, torch.view(x, box), y, value=1, out=torch.view(out, box))

  # silu(spatial_norm(x, z)), the past frames before it: GroupNorm whose scale and shift come from the latents z
  # [B, Cz, f, h, w]. The 1x1x1 convolutions run at the latents' size: they commute with nearest resizing. So does what
  # the group norm itself scales and shifts by. Of an odd number of frames the first pairs with z's first alone.
  def spatial_norm_silu(self: __torch__.Kernels, x: Tensor, z: Tensor, groups: int, norm: List[Tensor], conv_y: List[Tensor], conv_b: List[Tensor], eps: float, past: int, tail: List[Tensor]) -> Tensor:
    t, h, w, = torch.slice(torch.size(x), 2)
    gain, offset, = self.group_norm_affine(x, groups, norm, eps)
    scale = self.convolution(z, conv_y, [0, 0, 0], [1, 1, 1])
    shift = self.convolution(z, conv_b, [0, 0, 0], [1, 1, 1])
    shift = torch.to(torch.addcmul(shift, scale, offset), ops.prim.dtype(x))
    scale = torch.to(torch.mul(scale, gain), ops.prim.dtype(x))
    padded = self.features(x, past + t, h, w)
    body = torch.slice(padded, 2, past)
    if t > 1 and t % 2 == 1:
      y = self.modulate_boxes(torch.slice(body, 2, 0, 1), torch.slice(x, 2, 0, 1), torch.slice(scale, 2, 0, 1), torch.slice(shift, 2, 0, 1))
      y = self.modulate_boxes(torch.slice(body, 2, 1), torch.slice(x, 2, 1), torch.slice(scale, 2, 1), torch.slice(shift, 2, 1))
    else:
      y = self.modulate_boxes(body, x, scale, shift)
    body = torch.silu_(body)
    return self.fill_past(padded, past, tail)

  # causal_conv(silu(spatial_norm(x, z))) [+ residual]
  def spatial_norm_conv(self: __torch__.Kernels, x: Tensor, z: Tensor, groups: int, norm: List[Tensor], conv_y: List[Tensor], conv_b: List[Tensor], eps: float, conv: List[Tensor], tail: List[Tensor], residual: List[Tensor]) -> Tuple[Tensor, Tensor]:
    padded = self.spatial_norm_silu(x, z, groups, norm, conv_y, conv_b, eps, torch.size(conv[0], 2) - 1, tail)
    return self.convolve_padded(padded, conv, residual)

  # silu(group_norm(x)), the past frames before it
  def group_norm_silu(self: __torch__.Kernels, x: Tensor, groups: int, norm: List[Tensor], eps: float, past: int, tail: List[Tensor]) -> Tensor:
    t, h, w, = torch.slice(torch.size(x), 2)
    gain, offset, = self.group_norm_affine(x, groups, norm, eps)
    padded = self.features(x, past + t, h, w)
    body = torch.slice(padded, 2, past)
    body = torch.addcmul(torch.to(offset, ops.prim.dtype(x)), x, torch.to(gain, ops.prim.dtype(x)), value=1, out=body)
    body = torch.silu_(body)
    return self.fill_past(padded, past, tail)

  # causal_conv(silu(group_norm(x))) [+ residual]
  def group_norm_conv(self: __torch__.Kernels, x: Tensor, groups: int, norm: List[Tensor], eps: float, conv: List[Tensor], tail: List[Tensor], residual: List[Tensor]) -> Tuple[Tensor, Tensor]:
    padded = self.group_norm_silu(x, groups, norm, eps, torch.size(conv[0], 2) - 1, tail)
    return self.convolve_padded(padded, conv, residual)

  # out = each value of x over a box
  def fill_boxes(self: __torch__.Kernels, out: Tensor, x: Tensor) -> Tensor:
    b, c, t, h, w, = torch.size(x)
    box = [b, c, t, torch.size(out, 2) // t, h, torch.size(out, 3) // h, w, torch.size(out, 4) // w]
    return torch.copy_(torch.view(out, box), torch.view(x, [b, c, t, 1, h, 1, w, 1]))

  # Twice the height and width, twice the frames too if asked (of an odd number the first stays single)
  def enlarge(self: __torch__.Kernels, x: Tensor, double_frames: bool) -> Tensor:
    t, h, w, = torch.slice(torch.size(x), 2)
    single = 0
    frames = t
    if double_frames and t > 1:
      single = t % 2
      frames = 2 * t - single
    y = self.features(x, frames, 2 * h, 2 * w)
    if single > 0:
      filled = self.fill_boxes(torch.slice(y, 2, 0, 1), torch.slice(x, 2, 0, 1))
    filled = self.fill_boxes(torch.slice(y, 2, single), torch.slice(x, 2, single))
    return y

  # The same, then a 2D convolution of each frame
  def upsample(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], double_frames: bool) -> Tensor:
    return self.convolution(self.enlarge(x, double_frames), self.frame_convolution(conv), [0, 1, 1], [1, 1, 1])

  # The mean of each pair of frames; of an odd number the first stays single.
  def halve_frames(self: __torch__.Kernels, x: Tensor) -> Tensor:
    odd = torch.size(x, 2) % 2
    rest = torch.slice(x, 2, odd)
    y = torch.mul_(torch.add(torch.slice(rest, 2, 0, None, 2), torch.slice(rest, 2, 1, None, 2)), 0.5)
    if odd == 1:
      y = torch.cat([torch.slice(x, 2, 0, 1), y], 2)
    return y

  # Half the height and width, half the frames too if asked: a 2D convolution of each frame in steps of two, over zeros
  # beyond the right and the lower edge only.
  def downsample(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], halve_frames: bool) -> Tensor:
    y = x
    if halve_frames:
      y = self.halve_frames(x)
    return self.convolution(torch.constant_pad_nd(y, [0, 1, 0, 1]), self.frame_convolution(conv), [0, 0, 0], [1, 2, 2])

  # moments [B, 2·C, f, h, w], mean first, and noise [B, C, f, h, w] -> a draw from that normal distribution
  def sample_latents(self: __torch__.Kernels, moments: Tensor, noise: Tensor) -> Tensor:
    mean, log_variance, = torch.chunk(moments, 2, 1)
    deviation = torch.exp(torch.mul(torch.clamp(log_variance, -30., 20.), 0.5))
    return torch.addcmul(mean, deviation, noise)

  # tile with its first values along dim fading in from the last ones of the tile before: of n values the i-th is i/n
  # its own. In fp32, since shares that are rounded to half precision do not add up to one.
  def blend(self: __torch__.Kernels, before: Tensor, tile: Tensor, extent: int, dim: int) -> Tensor:
    n = min([torch.size(before, dim), torch.size(tile, dim), extent])
    own = torch.div(torch.arange(n, dtype=self.F64, device=ops.prim.device(tile)), n)
    shape = [1, 1, 1, 1, 1]
    _0 = torch._set_item(shape, dim, n)
    weight = torch.view(torch.to(own, self.F32), shape)
    rest = torch.view(torch.to(torch.sub(1, own), self.F32), shape)
    past = torch.mul(torch.slice(before, dim, torch.size(before, dim) - n), rest)
    faded = torch.add_(past, torch.mul(torch.slice(tile, dim, 0, n), weight))
    return torch.cat([torch.to(faded, ops.prim.dtype(tile)), torch.slice(tile, dim, n)], dim)

