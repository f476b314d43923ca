  # ---------------------------------------------------------------- the T5 encoder

  # The table may be stored narrower: only the rows that are taken are widened.
  def t5_embed(self: __torch__.Kernels, ids: Tensor, table: Tensor, dtype: int) -> Tensor:
    return torch.to(torch.embedding(table, ids), dtype)

  # table [buckets, H] -> [1, H, S, S]: half of the buckets for each direction; within a half, one for each near
  # distance, then logarithmically wider ones up to max_distance.
  def t5_position_bias(self: __torch__.Kernels, table: Tensor, length: int, max_distance: int) -> Tensor:
    at = torch.arange(length, dtype=self.I64, device=torch.device("cpu"))
    distance = torch.sub(torch.unsqueeze(at, 0), torch.unsqueeze(at, 1))
    half = torch.size(table, 0) // 2
    near = half // 2
    far = torch.log(torch.div(torch.to(torch.abs(distance), self.F32), near))
    far = torch.mul(torch.div(far, torch.log(max_distance / near)), half - near)
    far = torch.clamp(torch.add(torch.to(far, self.I64), near), None, half - 1)
    bucket = torch.where(torch.lt(torch.abs(distance), near), torch.abs(distance), far)
    bucket = torch.add(bucket, torch.mul(torch.to(torch.gt(distance, 0), self.I64), half))
    return torch.unsqueeze(torch.permute(torch.embedding(table, self.placed(bucket)), [2, 0, 1]), 0)

  # The mean square is taken in fp32 whatever the dtype.
  def rms_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, eps: float) -> Tensor:
    wide = torch.to(x, self.F32)
    scale = torch.rsqrt(torch.add(torch.mean(torch.mul(wide, wide), [-1], True), eps))
    return torch.mul(weight, torch.to(torch.mul(wide, scale), ops.prim.dtype(weight)))

  # In fp16 what is beyond its range becomes its largest number but 1000, and what is not stays; others have more range.
  def limit_fp16(self: __torch__.Kernels, x: Tensor) -> Tensor:
    y = x
    if ops.prim.dtype(x) == self.F16:
      most = torch.sub(65504., torch.mul(torch.to(torch.any(torch.isinf(x)), self.F16), 1000.))
      y = torch.clamp(x, torch.neg(most), most)
    return y

  # x + attention(norm(x)); T5 does not divide by √d.
  def t5_attention(self: __torch__.Kernels, x: Tensor, norm: Tensor, q: List[Tensor], k: List[Tensor], v: List[Tensor], o: List[Tensor], bias: Tensor, eps: float) -> Tensor:
    heads = torch.size(bias, 1)
    y = self.rms_norm(x, norm, eps)
    query = self.split_heads(self.linear(y, q), heads)
    key = self.split_heads(self.linear(y, k), heads)
    a = self.fused_attention(query, key, self.split_heads(self.linear(y, v), heads), bias, 1.)
    return self.limit_fp16(torch.add(x, self.linear(a, o)))

  # x + wo(gelu(wi_0 norm(x)) · wi_1 norm(x)). In place of fp16 the product, wo and the sum are fp32: T5-XXL's go beyond
  # its range. So the residual stream is fp32 from here on, as it is in transformers, which keeps wo in fp32.
  def t5_feed_forward(self: __torch__.Kernels, x: Tensor, norm: Tensor, gate: List[Tensor], up: List[Tensor], down: List[Tensor], eps: float) -> Tensor:
    y = self.rms_norm(x, norm, eps)
    g = self.gelu_linear(y, gate)
    if ops.prim.dtype(g) == self.F16:
      g = torch.to(g, self.F32)
    return torch.add(x, self.linear(torch.mul_(g, self.linear(y, up)), down))

