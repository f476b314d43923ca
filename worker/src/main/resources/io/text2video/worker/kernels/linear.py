  # ---------------------------------------------------------------- layers that several networks share

  def bias_of(self: __torch__.Kernels, weight: List[Tensor]) -> Optional[Tensor]:
    bias = annotate(Optional[Tensor], None)
    if len(weight) > 1 and torch.numel(weight[1]) > 0:
      bias = weight[1]
    return bias

  # Where a layer's scale is, its low-rank terms start one later.
  def is_quantized(self: __torch__.Kernels, weight: List[Tensor]) -> bool:
    return torch.element_size(weight[0]) == 1

  # Whether inputs are rounded to i8 as well: W8A8
  def rounds_inputs(self: __torch__.Kernels, weight: List[Tensor]) -> bool:
    return self.is_quantized(weight) and torch.dim(weight[2]) == 1

  # The weight as floats, whatever it is stored as. A scale is applied in fp32: in half precision it would be rounded.
  def float_weight(self: __torch__.Kernels, weight: List[Tensor], dtype: int) -> Tensor:
    if self.is_quantized(weight):
      wide = torch.to(torch.mul_(torch.to(weight[0], self.F32), weight[2]), dtype)
    else:
      wide = torch.to(weight[0], dtype)
    return wide

  # x·Wᵀ + bias, by how W is stored
  def base_linear(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    if self.rounds_inputs(weight):
      y = self.rounded_linear(x, weight, False)
    elif self.is_quantized(weight):
      y = self.coded_product(x, weight)
    else:
      y = self.product(x, weight[0], self.bias_of(weight))
    return y

  # The base product and, however that was computed, Σ (x·Aᵀ)·Bᵀ added in place to what it made: a term of its own would
  # be as large as the result. view, as it refuses to copy.
  def linear(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    y = self.base_linear(x, weight)
    first = 2
    if self.is_quantized(weight):
      first = 3
    for i in range((len(weight) - first + 1) // 2):
      down = torch.linear(x, weight[first + 2 * i])
      b = weight[first + 2 * i + 1]
      rows = torch.addmm_(torch.view(y, [-1, torch.size(b, 0)]), torch.reshape(down, [-1, torch.size(b, 1)]), torch.t(b))
    return y

  # linear of some rows of one sample of x [B, S, in], into their place in y [B, S, out]
  def linear_band(self: __torch__.Kernels, y: Tensor, x: Tensor, weight: List[Tensor], sample: int, start: int, end: int) -> Tensor:
    part = torch.slice(torch.slice(x, 0, sample, sample + 1), 1, start, end)
    return torch.copy_(torch.slice(torch.slice(y, 0, sample, sample + 1), 1, start, end), self.linear(part, weight))

  # gelu(x·Wᵀ + bias), approximated by tanh; in one with the product if nothing is to be added to that
  def gelu_linear(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    if self.rounds_inputs(weight) and len(weight) < 4:
      y = self.rounded_linear(x, weight, True)
    elif not self.is_quantized(weight) and len(weight) < 3:
      y = self.gelu_product(x, weight[0], self.bias_of(weight))
    else:
      y = self.gelu(self.linear(x, weight))
    return y

  def layer_norm(self: __torch__.Kernels, x: Tensor, norm: List[Tensor], eps: float) -> Tensor:
    weight = annotate(Optional[Tensor], None)
    bias = annotate(Optional[Tensor], None)
    if len(norm) > 0:
      weight = norm[0]
    if len(norm) > 1:
      bias = norm[1]
    return torch.layer_norm(x, [torch.size(x, -1)], weight, bias, eps)

  # [B, S, H·d] -> [B, S, H, d]
  def split_heads(self: __torch__.Kernels, x: Tensor, heads: int) -> Tensor:
    return torch.unflatten(x, 2, [heads, -1])

  # softmax(scale · q·kᵀ + bias)·v of q, k, v [B, S, H, d] -> [B, S, H·d]
  def fused_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor], scale: float) -> Tensor:
    dtype = self.product_dtype(q)
    mask = annotate(Optional[Tensor], None)
    if bias is not None:
      mask = torch.to(bias, dtype)
    wide = [torch.to(torch.transpose(q, 1, 2), dtype), torch.to(torch.transpose(k, 1, 2), dtype), torch.to(torch.transpose(v, 1, 2), dtype)]
    y = torch.scaled_dot_product_attention(wide[0], wide[1], wide[2], mask, scale=scale)
    return torch.flatten(torch.transpose(torch.to(y, ops.prim.dtype(q)), 1, 2), 2)

  # Rows that are worked on at once: what they need on the way stays small beside the whole.
  def rows_at_once(self: __torch__.Kernels, width: int) -> int:
    return max([1, self.values_at_once() // max([1, width])])

  # The largest magnitude of each row, [m, 1]; above zero, as it is divided by.
  def row_peaks(self: __torch__.Kernels, rows: Tensor) -> Tensor:
    return torch.clamp_min_(torch.amax(torch.abs(rows), [1], True), 9.9999999999999995e-31)

  # y [m, n], of rows that x has in all dimensions but its last -> x's shape but for the last
  def in_rows_of(self: __torch__.Kernels, x: Tensor, y: Tensor) -> Tensor:
    shape = torch.slice(torch.size(x), 0, -1)
    torch.append(shape, torch.size(y, 1))
    return torch.view(y, shape)

  # w [out, ...] of floats -> codes of dtype i8 or f8, w's shape, and scales fp32 [out, 1, ...]: w ~ codes · scale. limit is the
  # largest code. A row of zeros has a scale too, as a file may hold no zeros there.
  def quantize(self: __torch__.Kernels, w: Tensor, dtype: int, limit: float) -> Tuple[Tensor, Tensor]:
    flat = torch.flatten(w, 1)
    n = torch.size(flat, 0)
    codes = torch.empty(torch.size(flat), dtype=dtype, device=ops.prim.device(w))
    scale = torch.empty([n, 1], dtype=self.F32, device=ops.prim.device(w))
    step = self.rows_at_once(torch.size(flat, 1))
    for i in range((n + step - 1) // step):
      start = i * step
      end = min([n, start + step])
      rows = torch.to(torch.slice(flat, 0, start, end), self.F32)
      s = torch.div(self.row_peaks(rows), limit)
      kept = torch.copy_(torch.slice(scale, 0, start, end), s)
      q = torch.div(rows, s)
      if dtype == self.I8:
        q = torch.round_(q)
      written = torch.copy_(torch.slice(codes, 0, start, end), torch.clamp_(q, -limit, limit))
    shape = [n]
    for i in range(torch.dim(w) - 1):
      torch.append(shape, 1)
    return (torch.view(codes, torch.size(w)), torch.view(scale, shape))

  # Inputs [m, in] as i8 codes with a scale each [m, 1]: x ~ codes · scale, half rounded to even. A row that is not finite
  # has a scale that is not.
  def round_rows(self: __torch__.Kernels, x: Tensor) -> Tuple[Tensor, Tensor]:
    m, width, = torch.size(x)
    codes = torch.empty([m, width], dtype=self.I8, device=ops.prim.device(x))
    scale = torch.empty([m, 1], dtype=self.F32, device=ops.prim.device(x))
    step = self.rows_at_once(width)
    for i in range((m + step - 1) // step):
      start = i * step
      end = min([m, start + step])
      wide = torch.to(torch.slice(x, 0, start, end), self.F32)
      largest = self.row_peaks(wide)
      turned = torch.round_(torch.mul(wide, torch.mul(torch.reciprocal(largest), 127.)))
      written = torch.copy_(torch.slice(codes, 0, start, end), turned)
      kept = torch.copy_(torch.slice(scale, 0, start, end), torch.div_(largest, 127.))
    return (codes, scale)

  # y · sigmoid(2·√(2/π)·(y + 0.044715·y³)), in place: what gelu approximated by tanh is, without torch's slow tanh.
  def gelu_in_place(self: __torch__.Kernels, y: Tensor) -> Tensor:
    z = torch.add_(torch.mul_(torch.mul(y, y), 0.071354816272600222), 1.5957691216057308)
    return torch.mul_(y, torch.sigmoid_(torch.mul_(z, y)))

  # sums of codes [m, n] as the product that they stand for, or gelu of it, in their memory: an i32 has the bytes of an
  # fp32. Some rows at once, which stay in the cache of a CPU.
  def rescale(self: __torch__.Kernels, sums: Tensor, scale: Tensor, weight: List[Tensor], gelu: bool) -> Tensor:
    m, n, = torch.size(sums)
    y = torch.set_(torch.empty([0], dtype=self.F32, device=ops.prim.device(sums)), sums, 0, [m, n], [n, 1])
    step = self.rows_at_once(n)
    for i in range((m + step - 1) // step):
      start = i * step
      end = min([m, start + step])
      rows = torch.slice(y, 0, start, end)
      rows = torch.mul_(torch.copy_(rows, torch.slice(sums, 0, start, end)), torch.slice(scale, 0, start, end))
      if torch.numel(weight[1]) > 0:
        rows = torch.addcmul(weight[1], rows, weight[2], value=1, out=rows)
      else:
        rows = torch.mul_(rows, weight[2])
      if gelu:
        rows = self.gelu_in_place(rows)
    return y

  # x·Wᵀ + bias, or gelu of that, with x rounded a token at a time
  def rounded_linear(self: __torch__.Kernels, x: Tensor, weight: List[Tensor], gelu: bool) -> Tensor:
    codes, scale, = self.round_rows(torch.reshape(x, [-1, torch.size(x, -1)]))
    m = torch.size(codes, 0)
    n = torch.size(weight[0], 0)
    step = max([1, self.sums_at_once(m, n)])
    if m <= step:
      y = torch.to(self.rescale(self.rounded_product(codes, weight[0]), scale, weight, gelu), ops.prim.dtype(x))
    else:
      y = torch.empty([m, n], dtype=ops.prim.dtype(x), device=ops.prim.device(x))
      for start in range(0, m, step):
        sums = self.rounded_product(torch.slice(codes, 0, start, start + step), weight[0])
        part = self.rescale(sums, torch.slice(scale, 0, start, start + step), weight, gelu)
        filled = torch.copy_(torch.slice(y, 0, start, start + step), part)
    return self.in_rows_of(x, y)

