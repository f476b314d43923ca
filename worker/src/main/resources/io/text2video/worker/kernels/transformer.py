  # ---------------------------------------------------------------- the video transformer

  # Sinusoid of one timestep, fp32: [1, dim].
  def timestep_sinusoid(self: __torch__.Kernels, timestep: float, dim: int, cos_first: bool, freq_shift: float) -> Tensor:
    half = dim // 2
    exponent = torch.div(torch.mul(torch.arange(half, dtype=self.F32, device=torch.device("cpu")), -torch.log(10000.)), half - freq_shift)
    angle = torch.unsqueeze(torch.mul(torch.exp(exponent), timestep), 0)
    if cos_first:
      y = torch.cat([torch.cos(angle), torch.sin(angle)], 1)
    else:
      y = torch.cat([torch.sin(angle), torch.cos(angle)], 1)
    return self.placed(y)

  # [1, dim] -> [1, E], in the dtype of the biases, which is the compute dtype
  def time_embedding(self: __torch__.Kernels, sinusoid: Tensor, first: List[Tensor], second: List[Tensor]) -> Tensor:
    x = torch.to(sinusoid, ops.prim.dtype(first[1]))
    return self.linear(torch.silu(self.linear(x, first)), second)

  # Sinusoids of positions, fp64: [n] -> [n, dim].
  def sinusoid_1d(self: __torch__.Kernels, at: Tensor, dim: int) -> Tensor:
    exponent = torch.div(torch.arange(dim // 2, dtype=self.F64, device=torch.device("cpu")), dim / 2)
    angle = torch.outer(torch.to(at, self.F64), torch.pow(10000., torch.neg(exponent)))
    return torch.cat([torch.sin(angle), torch.cos(angle)], 1)

  # [1, F·h·w, D] fp32: a quarter of the width says when, three eighths which column, three eighths which row.
  def sincos_positions(self: __torch__.Kernels, frames: int, height: int, width: int, dim: int, spatial_scale: float, temporal_scale: float) -> Tensor:
    space = 3 * dim // 4
    time = dim // 4
    t = self.sinusoid_1d(torch.div(torch.arange(frames, dtype=self.F32, device=torch.device("cpu")), temporal_scale), time)
    x = self.sinusoid_1d(torch.div(torch.arange(width, dtype=self.F32, device=torch.device("cpu")), spatial_scale), space // 2)
    y = self.sinusoid_1d(torch.div(torch.arange(height, dtype=self.F32, device=torch.device("cpu")), spatial_scale), space // 2)
    box = [frames, height, width, -1]
    t = torch.expand(torch.to(torch.view(t, [frames, 1, 1, time]), self.F32), box)
    x = torch.expand(torch.to(torch.view(x, [1, 1, width, space // 2]), self.F32), box)
    y = torch.expand(torch.to(torch.view(y, [1, height, 1, space // 2]), self.F32), box)
    return self.placed(torch.view(torch.cat([t, x, y], 3), [1, frames * height * width, dim]))

  # Turns by the positions on one axis, one for each pair of numbers that it turns, as cosine and sine: [n] -> [n, dim/2, 2]
  def rotary_1d(self: __torch__.Kernels, at: List[float], dim: int) -> Tensor:
    exponent = torch.div(torch.arange(0, dim, 2, dtype=self.F32, device=torch.device("cpu")), dim)
    places = torch.tensor(at, dtype=self.F32, device=torch.device("cpu"))
    angle = torch.outer(places, torch.reciprocal(torch.pow(10000., exponent)))
    return torch.stack([torch.cos(angle), torch.sin(angle)], 2)

  # Places on the three axes -> turns [V, d/2, 2] fp32: a quarter of a head's width says when, three eighths which row,
  # three eighths which column.
  def rotary_positions(self: __torch__.Kernels, t: List[float], y: List[float], x: List[float], dim: int) -> Tensor:
    space = dim // 8 * 3
    box = [len(t), len(y), len(x), -1, 2]
    t_turns = torch.expand(torch.unsqueeze(torch.unsqueeze(self.rotary_1d(t, dim // 4), 1), 1), box)
    y_turns = torch.expand(torch.unsqueeze(torch.unsqueeze(self.rotary_1d(y, space), 1), 0), box)
    x_turns = torch.expand(torch.unsqueeze(torch.unsqueeze(self.rotary_1d(x, space), 0), 0), box)
    return self.placed(torch.flatten(torch.cat([t_turns, y_turns, x_turns], 3), 0, 2))

  # Turns the video's part of x [B, T+V, H, d] by its positions, in place and in fp32, which of half precision holds one
  # sample at a time. Two numbers are a complex one, which a turn is multiplied with. rotary: [] or [turns [V, d/2, 2]].
  def rotate(self: __torch__.Kernels, x: Tensor, text: int, rotary: List[Tensor]) -> Tensor:
    if len(rotary) > 0:
      turns = torch.unsqueeze(torch.view_as_complex(rotary[0]), 1)
      for i in range(torch.size(x, 0)):
        video = torch.unflatten(torch.slice(torch.select(x, 0, i), 0, text), 2, [-1, 2])
        wide = torch.to(video, self.F32)
        turned = torch.mul_(torch.view_as_complex(wide), turns)
        if ops.prim.dtype(x) != self.F32:
          moved = torch.copy_(video, wide)
    return x

  # [B, F, C, h, w] -> [B, V, C·pt·p·p]: what one patch covers, channels first.
  def patchify(self: __torch__.Kernels, x: Tensor, patch: int, patch_t: int) -> Tensor:
    b, f, c, h, w, = torch.size(x)
    y = torch.reshape(x, [b, f // patch_t, patch_t, c, h // patch, patch, w // patch, patch])
    y = torch.permute(y, [0, 1, 4, 6, 3, 2, 5, 7])
    return torch.flatten(torch.flatten(y, 4), 1, 3)

  # latents [B, F, C, h, w], text [B, T, d_text], positions [] or [one of the last V or of all T+V] -> [B, T+V, D]
  # A convolution that steps by its own width is a linear on patches; its weights may have either shape.
  def patch_embed(self: __torch__.Kernels, latents: Tensor, text: Tensor, positions: List[Tensor], proj: List[Tensor], text_proj: List[Tensor], patch: int, patch_t: int) -> Tensor:
    flat = annotate(List[Tensor], [])
    for i in range(len(proj)):
      if torch.dim(proj[i]) > 2:
        torch.append(flat, torch.flatten(proj[i], 1))
      else:
        torch.append(flat, proj[i])
    y = torch.cat([self.linear(text, text_proj), self.linear(self.patchify(latents, patch, patch_t), flat)], 1)
    if len(positions) > 0:
      at = torch.to(positions[0], ops.prim.dtype(y))
      placed = torch.add_(torch.slice(y, 1, torch.size(y, 1) - torch.size(at, 1)), at)
    return y

  # x [B, T+V, D], text first; temb [1, E]
  # -> normed and shifted x; gate of the video [1, 1, D]; gate of the text [1, 1, D]
  def ada_layer_norm_zero(self: __torch__.Kernels, x: Tensor, temb: Tensor, text: int, linear: List[Tensor], norm: List[Tensor], eps: float) -> Tuple[Tensor, Tensor, Tensor]:
    m = torch.chunk(torch.unsqueeze(self.linear(torch.silu(temb), linear), 1), 6, 2)
    y = self.layer_norm(x, norm, eps)
    video_part = torch.slice(y, 1, text)
    video_part = torch.addcmul(m[0], video_part, torch.add(m[1], 1), out=video_part)
    text_part = torch.slice(y, 1, 0, text)
    text_part = torch.addcmul(m[3], text_part, torch.add(m[4], 1), out=text_part)
    return (y, m[2], m[5])

  # [B, S, H·d] -> [B, S, H, d], normalised a head at a time
  def normed_heads(self: __torch__.Kernels, x: Tensor, heads: int, norm: List[Tensor], eps: float) -> Tensor:
    return self.layer_norm(self.split_heads(x, heads), norm, eps)

  # Some heads of one sample of x [B, S, H, d]
  def some_heads(self: __torch__.Kernels, x: Tensor, sample: int, first: int, heads: int) -> Tensor:
    return torch.slice(torch.slice(x, 0, sample, sample + 1), 2, first, first + heads)

  # attention of some queries of some heads of one sample of q, k, v [B, S, H, d], into their place in y [B, S, H·d]
  def attention_band(self: __torch__.Kernels, y: Tensor, q: Tensor, k: Tensor, v: Tensor, sample: int, first: int, heads: int, start: int, end: int) -> Tensor:
    queries = torch.slice(self.some_heads(q, sample, first, heads), 1, start, end)
    scale = 1. / torch.sqrt(torch.size(v, 3))
    a = self.attention(queries, self.some_heads(k, sample, first, heads), self.some_heads(v, sample, first, heads), scale)
    place = torch.slice(self.some_heads(self.split_heads(y, torch.size(q, 2)), sample, first, heads), 1, start, end)
    return torch.copy_(place, self.split_heads(a, heads))

  # x [B, T+V, D] -> [B, T+V, D]; queries and keys are normalised a head at a time.
  def joint_attention(self: __torch__.Kernels, x: Tensor, q: List[Tensor], k: List[Tensor], v: List[Tensor], out: List[Tensor], norm_q: List[Tensor], norm_k: List[Tensor], heads: int, eps: float, text: int, rotary: List[Tensor]) -> Tensor:
    query = self.rotate(self.normed_heads(self.linear(x, q), heads, norm_q, eps), text, rotary)
    key = self.rotate(self.normed_heads(self.linear(x, k), heads, norm_k, eps), text, rotary)
    value = self.split_heads(self.linear(x, v), heads)
    scale = 1. / torch.sqrt(torch.size(value, 3))
    a = self.attention(query, key, value, scale)
    return self.linear(a, out)

  def feed_forward(self: __torch__.Kernels, x: Tensor, up: List[Tensor], down: List[Tensor]) -> Tensor:
    return self.linear(self.gelu_linear(x, up), down)

  # feed_forward of some tokens, in the place of what it came of: the inner tensor is as short as they are few.
  def feed_forward_band(self: __torch__.Kernels, x: Tensor, up: List[Tensor], down: List[Tensor], start: int, end: int) -> Tensor:
    part = torch.slice(x, 1, start, end)
    return torch.copy_(part, self.feed_forward(part, up, down))

  # x + gate · y, with a gate for the text [B, :T] and one for the video
  def gated_residual(self: __torch__.Kernels, x: Tensor, y: Tensor, text: int, video_gate: Tensor, text_gate: Tensor) -> Tensor:
    z = torch.empty_like(x)
    video_part = torch.addcmul(torch.slice(x, 1, text), torch.slice(y, 1, text), video_gate, out=torch.slice(z, 1, text))
    text_part = torch.addcmul(torch.slice(x, 1, 0, text), torch.slice(y, 1, 0, text), text_gate, out=torch.slice(z, 1, 0, text))
    return z

  # Σ|x - y| / Σ|y|, a part of the tokens at a time: the difference as a whole would be as large as x. Only the quotient
  # is waited for.
  def relative_change(self: __torch__.Kernels, x: Tensor, y: Tensor) -> float:
    sums = torch.zeros([2], dtype=self.F64, device=ops.prim.device(x))
    step = self.rows_at_once(torch.size(x, 0) * torch.size(x, 2))
    for start in range(0, torch.size(x, 1), step):
      now = torch.to(torch.slice(x, 1, start, start + step), self.F32)
      past = torch.to(torch.slice(y, 1, start, start + step), self.F32)
      change = torch.sum(torch.abs(torch.sub(now, past)), dtype=self.F64)
      sums = torch.add_(sums, torch.stack([change, torch.sum(torch.abs(past), dtype=self.F64)]))
    return float(torch.div(torch.select(sums, 0, 0), torch.select(sums, 0, 1)))

  # y - x in the memory of x
  def residual(self: __torch__.Kernels, x: Tensor, y: Tensor) -> Tensor:
    return torch.sub(y, x, out=x)

  # x [B, T+V, D] -> [B, V, patch·patch·C]: the video's tokens, normalised twice, shifted and projected.
  def output_projection(self: __torch__.Kernels, x: Tensor, temb: Tensor, text: int, final_norm: List[Tensor], linear: List[Tensor], norm: List[Tensor], proj: List[Tensor], eps: float) -> Tensor:
    m = torch.chunk(torch.unsqueeze(self.linear(torch.silu(temb), linear), 1), 2, 2)
    y = self.layer_norm(torch.slice(x, 1, text), final_norm, eps)
    y = self.layer_norm(y, norm, eps)
    return self.linear(torch.addcmul(m[0], y, torch.add(m[1], 1), out=y), proj)

  # [B, F'·h'·w', C·pt·p·p] -> [B, F'·pt, C, h'·p, w'·p]
  def unpatchify(self: __torch__.Kernels, x: Tensor, frames: int, height: int, width: int, patch: int, patch_t: int) -> Tensor:
    y = torch.reshape(x, [torch.size(x, 0), frames, height, width, -1, patch_t, patch, patch])
    y = torch.permute(y, [0, 1, 5, 4, 2, 6, 3, 7])
    return torch.flatten(torch.flatten(torch.flatten(y, 6, 7), 4, 5), 1, 2)

