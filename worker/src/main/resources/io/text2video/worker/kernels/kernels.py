# The arithmetic of the engine, in TorchScript's serialized dialect: every function is a method of one class without
# parameters, at the size of a sub-layer, and frees its own intermediates. KernelArchive.java packs this file.
#
# Letters in shapes: B batch, S sequence, T text tokens, V video tokens, D model width, H heads, d head width,
# E time embedding, F latent frames, C channels, h and w latent height and width.
# A layer's weight is a List[Tensor]. Linear: [weight] or [weight, bias]. Norm: [], [weight] or [weight, bias].
# Convolution: [weight] or [weight, bias]. A linear and the convolution of patches may have low-rank terms beside the
# product, as LoRAs add them: [weight, bias, A1, B1, A2, B2, ...], with an empty bias where there is none.
# A linear's or convolution's weight may be of a narrower dtype than what it is applied to: it is widened for the one
# product, and freed after it. Biases and norms have the compute dtype.
# A weight in i8 or f8 has an fp32 scale for each output channel: [weight, bias, scale, A1, B1, ...]. A scale with the
# weight's dimensions, [out, 1, ...], widens the weight. One of [out] belongs to an i8 weight whose inputs are rounded too.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  integer_products : bool

  # ---------------------------------------------------------------- memory

  # A file's bytes without a copy; the tensor owns the mapping.
  def map_file(self: __torch__.Kernels, path: str, bytes: int) -> Tensor:
    return torch.from_file(path, False, bytes, dtype=0)

  # Part of a mapped file as another dtype, without a copy. offset counts elements of that dtype.
  def view_mapped(self: __torch__.Kernels, mapped: Tensor, dtype: int, offset: int, shape: List[int]) -> Tensor:
    stride = annotate(List[int], [])
    step = 1
    for i in range(len(shape)):
      stride.insert(0, step)
      step = step * shape[len(shape) - 1 - i]
    return torch.set_(torch.empty([0], dtype=dtype), mapped, offset, shape, stride)

  # The same where the offset is no multiple of the element's size: copies. offset and length count bytes.
  def copy_mapped(self: __torch__.Kernels, mapped: Tensor, dtype: int, offset: int, length: int, shape: List[int]) -> Tensor:
    bytes = torch.clone(torch.slice(mapped, 0, offset, offset + length))
    return torch.view(torch.view_copy(bytes, dtype=dtype), shape)

  def cast(self: __torch__.Kernels, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)

  def reshape(self: __torch__.Kernels, x: Tensor, shape: List[int]) -> Tensor:
    return torch.reshape(x, shape)

  # factor · x in memory of its own; multiplied in fp32 and rounded once
  def scaled(self: __torch__.Kernels, x: Tensor, dtype: int, factor: float) -> Tensor:
    return torch.to(torch.mul(torch.to(x, 6), factor), dtype)

  def all_finite(self: __torch__.Kernels, x: Tensor) -> int:
    return int(torch.all(torch.isfinite(x)))

  def dtype_of(self: __torch__.Kernels, x: Tensor) -> int:
    return ops.prim.dtype(x)

  # [bytes] u8, whatever x holds: the only way out of the engine that is safe for every dtype.
  def to_bytes(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.view(torch.view_copy(torch.reshape(x, [-1]), dtype=0), [-1])

  def concat(self: __torch__.Kernels, parts: List[Tensor], dim: int) -> Tensor:
    return torch.cat(parts, dim)

  def add(self: __torch__.Kernels, x: Tensor, y: Tensor) -> Tensor:
    return torch.add(x, y)

  def copy(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.clone(x)

  def narrow(self: __torch__.Kernels, x: Tensor, dim: int, start: int, end: int) -> Tensor:
    return torch.slice(x, dim, start, end)

  # ---------------------------------------------------------------- quantization

  # Rows of a weight at once: what they need on the way stays in the cache, and small beside the weight.
  def rows_at_once(self: __torch__.Kernels, width: int) -> int:
    return max([1, 262144 // max([1, width])])

  # w [out, ...] of floats -> codes of dtype i8 or f8, w's shape, and scales fp32 [out, 1, ...]: w ~ codes · scale. limit is the
  # largest code. A row of zeros has a scale too, as a file may hold no zeros there.
  def quantize(self: __torch__.Kernels, w: Tensor, dtype: int, limit: float) -> Tuple[Tensor, Tensor]:
    flat = torch.flatten(w, 1)
    n = torch.size(flat, 0)
    codes = torch.empty(torch.size(flat), dtype=dtype, device=ops.prim.device(w))
    scale = torch.empty([n, 1], dtype=6, device=ops.prim.device(w))
    step = self.rows_at_once(torch.size(flat, 1))
    for i in range((n + step - 1) // step):
      start = i * step
      end = min([n, start + step])
      rows = torch.to(torch.slice(flat, 0, start, end), 6)
      s = torch.div(torch.clamp_min(torch.amax(torch.abs(rows), [1], True), 9.9999999999999995e-31), limit)
      kept = torch.copy_(torch.slice(scale, 0, start, end), s)
      q = torch.div(rows, s)
      if dtype == 1:
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
    codes = torch.empty([m, width], dtype=1, device=ops.prim.device(x))
    scale = torch.empty([m, 1], dtype=6, device=ops.prim.device(x))
    step = self.rows_at_once(width)
    for i in range((m + step - 1) // step):
      start = i * step
      end = min([m, start + step])
      wide = torch.to(torch.slice(x, 0, start, end), 6)
      largest = torch.clamp_min_(torch.amax(torch.abs(wide), [1], True), 9.9999999999999995e-31)
      turned = torch.round_(torch.mul(wide, torch.mul(torch.reciprocal(largest), 127.)))
      written = torch.copy_(torch.slice(codes, 0, start, end), turned)
      kept = torch.copy_(torch.slice(scale, 0, start, end), torch.div_(largest, 127.))
    return (codes, scale)

  # y · sigmoid(2·√(2/π)·(y + 0.044715·y³)), in place: what gelu approximated by tanh is, without torch's slow tanh.
  def gelu_in_place(self: __torch__.Kernels, y: Tensor) -> Tensor:
    z = torch.add_(torch.mul_(torch.mul(y, y), 0.071354816272600222), 1.5957691216057308)
    return torch.mul_(y, torch.sigmoid_(torch.mul_(z, y)))

  # Whether a product of i8 is exact here, at the ends of its range too: before VNNI, CPUs summed pairs in 16 bits.
  def integers_are_exact(self: __torch__.Kernels) -> int:
    a = torch.sub(torch.mul(torch.to(torch.gt(torch.randn([33, 515]), 0), 3), 254), 127)
    b = torch.sub(torch.mul(torch.to(torch.gt(torch.randn([65, 515]), 0), 3), 255), 128)
    a = torch.cat([a, torch.full([1, 515], -127, dtype=3)])
    b = torch.cat([b, torch.full([1, 515], -128, dtype=3)])
    sums = torch._int_mm(torch.to(a, 1), torch.t(torch.to(b, 1)))
    exact = torch.to(torch.linear(torch.to(a, 7), torch.to(b, 7)), 3)
    return int(torch.all(torch.eq(sums, exact)))

  def use_integers(self: __torch__.Kernels, use: bool) -> int:
    self.integer_products = use
    return 1

  # codes [m, in] · Wᵀ [in, n] in fp32, or in i32 where the machine does that right and fast. The one of floats is exact
  # but for the rounding of sums above 2²⁴.
  def code_sums(self: __torch__.Kernels, codes: Tensor, w: Tensor) -> Tensor:
    if self.integer_products and ops.prim.is_cpu(codes):
      sums = torch._int_mm(codes, torch.t(w))
    else:
      sums = self.float_linear(torch.to(codes, 6), torch.to(w, 6), None)
    return sums

  # x·Wᵀ + bias, or gelu of that, with x rounded a token at a time. What follows the product is done for some tokens at
  # once, which stay in the cache, and in the product's memory: an i32 has the bytes of an fp32.
  def rounded_linear(self: __torch__.Kernels, x: Tensor, weight: List[Tensor], gelu: bool) -> Tensor:
    codes, scale, = self.round_rows(torch.reshape(x, [-1, torch.size(x, -1)]))
    sums = self.code_sums(codes, weight[0])
    m, n, = torch.size(sums)
    y = torch.set_(torch.empty([0], dtype=6, device=ops.prim.device(x)), sums, 0, [m, n], [n, 1])
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
    shape = torch.slice(torch.size(x), 0, -1)
    torch.append(shape, n)
    return torch.to(torch.view(y, shape), ops.prim.dtype(x))

  # ---------------------------------------------------------------- layers that several networks share

  def bias_of(self: __torch__.Kernels, weight: List[Tensor]) -> Optional[Tensor]:
    bias = annotate(Optional[Tensor], None)
    if len(weight) > 1 and torch.numel(weight[1]) > 0:
      bias = weight[1]
    return bias

  # For fp32 on a CPU torch takes MKL, which on AMD keeps to AVX2 and half of oneDNN's speed. So oneDNN is named here, and
  # for bf16 too, where it has it.
  def named_onednn(self: __torch__.Kernels, x: Tensor) -> bool:
    dtype = ops.prim.dtype(x)
    return ops.prim.is_cpu(x) and (dtype == 6 or dtype == 15 and ops.mkldnn._is_mkldnn_bf16_supported())

  # What products of x are computed in: its own dtype where that is as fast as fp32, else fp32. On a CPU whose oneDNN
  # knows no fp16 a linear takes 4 times as long in fp16 as with both sides widened, and a convolution 250 times.
  def product_dtype(self: __torch__.Kernels, x: Tensor) -> int:
    dtype = ops.prim.dtype(x)
    if ops.prim.is_cpu(x):
      if dtype == 5 and not ops.mkldnn._is_mkldnn_fp16_supported():
        dtype = 6
      if dtype == 15 and not ops.mkldnn._is_mkldnn_bf16_supported():
        dtype = 6
    return dtype

  # x·Wᵀ + bias of floats, in x's dtype
  def float_linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    dtype = self.product_dtype(x)
    wide = torch.to(x, dtype)
    w = torch.to(weight, dtype)
    b = annotate(Optional[Tensor], None)
    if bias is not None:
      b = torch.to(bias, dtype)
    if self.named_onednn(wide):
      y = ops.mkldnn._linear_pointwise(wide, w, b, "none", annotate(List[Optional[number]], []), "")
    else:
      y = torch.linear(wide, w, b)
    return torch.to(y, ops.prim.dtype(x))

  # Where a layer's scale is, its low-rank terms start one later.
  def is_quantized(self: __torch__.Kernels, weight: List[Tensor]) -> bool:
    return torch.element_size(weight[0]) == 1

  # Whether inputs are rounded to i8 as well: W8A8
  def rounds_inputs(self: __torch__.Kernels, weight: List[Tensor]) -> bool:
    return self.is_quantized(weight) and torch.dim(weight[2]) == 1

  # The weight as floats, whatever it is stored as. A scale is applied in fp32: in half precision it would be rounded.
  def float_weight(self: __torch__.Kernels, weight: List[Tensor], dtype: int) -> Tensor:
    if self.is_quantized(weight):
      wide = torch.to(torch.mul_(torch.to(weight[0], 6), weight[2]), dtype)
    else:
      wide = torch.to(weight[0], dtype)
    return wide

  # x·Wᵀ + bias, by how W is stored
  def base_linear(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    if self.rounds_inputs(weight):
      y = self.rounded_linear(x, weight, False)
    else:
      y = self.float_linear(x, self.float_weight(weight, self.product_dtype(x)), self.bias_of(weight))
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

  # gelu(x·Wᵀ + bias), approximated by tanh. oneDNN applies it while it writes the product, if nothing is to be added to
  # that.
  def gelu_linear(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    plain = len(weight) < 3 or self.is_quantized(weight) and len(weight) < 4
    if plain and self.rounds_inputs(weight):
      y = self.rounded_linear(x, weight, True)
    elif plain and self.named_onednn(x):
      w = self.float_weight(weight, ops.prim.dtype(x))
      y = ops.mkldnn._linear_pointwise(x, w, self.bias_of(weight), "gelu", annotate(List[Optional[number]], []), "tanh")
    else:
      y = torch.gelu_(self.linear(x, weight), approximate="tanh")
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

  # One head of one sample, copied as products want it: [B, S, H, d] -> [S, d]
  def one_head(self: __torch__.Kernels, x: Tensor, sample: int, head: int) -> Tensor:
    return torch.contiguous(torch.select(torch.select(x, 0, sample), 1, head))

  # Attention on a CPU in fp32: plain products and a softmax, a head at a time and of that as many rows of queries as
  # have their scores in 16 MiB. torch's fused kernel also avoids large scores, but with MKL's products. What is given in
  # half precision is widened, a head at a time: the fused kernel is slower in it than in fp32.
  def attention_by_heads(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    b, s, heads, d, = torch.size(q)
    y = torch.empty_like(q, memory_format=0)
    rows = min([s, 1 + 4194304 // s])
    none = annotate(Optional[Tensor], None)
    for sample in range(b):
      for head in range(heads):
        queries = torch.mul(torch.to(self.one_head(q, sample, head), 6), scale)
        keys = torch.to(self.one_head(k, sample, head), 6)
        values = torch.to(torch.contiguous(torch.t(torch.select(torch.select(v, 0, sample), 1, head))), 6)
        result = torch.select(torch.select(y, 0, sample), 1, head)
        for i in range((s + rows - 1) // rows):
          part = torch.slice(queries, 0, i * rows, (i + 1) * rows)
          scores = self.float_linear(part, keys, none)
          weights = torch._softmax(scores, -1, False, out=scores)
          filled = torch.copy_(torch.slice(result, 0, i * rows, (i + 1) * rows), self.float_linear(weights, values, none))
    return torch.flatten(y, 2)

  # softmax(scale · q·kᵀ + bias)·v of q, k, v [B, S, H, d] -> [B, S, H·d]
  def fused_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor], scale: float) -> Tensor:
    dtype = self.product_dtype(q)
    mask = annotate(Optional[Tensor], None)
    if bias is not None:
      mask = torch.to(bias, dtype)
    wide = [torch.to(torch.transpose(q, 1, 2), dtype), torch.to(torch.transpose(k, 1, 2), dtype), torch.to(torch.transpose(v, 1, 2), dtype)]
    y = torch.scaled_dot_product_attention(wide[0], wide[1], wide[2], mask, scale=scale)
    return torch.flatten(torch.transpose(torch.to(y, ops.prim.dtype(q)), 1, 2), 2)

  # ---------------------------------------------------------------- T5

  # The table may be stored narrower: only the rows that are taken are widened.
  def t5_embed(self: __torch__.Kernels, ids: Tensor, table: Tensor, dtype: int) -> Tensor:
    return torch.to(torch.embedding(table, ids), dtype)

  # table [buckets, H] -> [1, H, S, S]: half of the buckets for each direction; within a half, one for each near
  # distance, then logarithmically wider ones up to max_distance.
  def t5_position_bias(self: __torch__.Kernels, table: Tensor, length: int, max_distance: int) -> Tensor:
    at = torch.arange(length, dtype=4)
    distance = torch.sub(torch.unsqueeze(at, 0), torch.unsqueeze(at, 1))
    half = torch.size(table, 0) // 2
    near = half // 2
    far = torch.log(torch.div(torch.to(torch.abs(distance), 6), near))
    far = torch.mul(torch.div(far, torch.log(max_distance / near)), half - near)
    far = torch.clamp(torch.add(torch.to(far, 4), near), None, half - 1)
    bucket = torch.where(torch.lt(torch.abs(distance), near), torch.abs(distance), far)
    bucket = torch.add(bucket, torch.mul(torch.to(torch.gt(distance, 0), 4), half))
    return torch.unsqueeze(torch.permute(torch.embedding(table, bucket), [2, 0, 1]), 0)

  # The mean square is taken in fp32 whatever the dtype.
  def rms_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, eps: float) -> Tensor:
    wide = torch.to(x, 6)
    scale = torch.rsqrt(torch.add(torch.mean(torch.mul(wide, wide), [-1], True), eps))
    return torch.mul(weight, torch.to(torch.mul(wide, scale), ops.prim.dtype(weight)))

  # In fp16 what is beyond its range becomes its largest number but 1000, and what is not stays; others have more range.
  def limit_fp16(self: __torch__.Kernels, x: Tensor) -> Tensor:
    y = x
    if ops.prim.dtype(x) == 5:
      most = 65504. - 1000. * int(torch.any(torch.isinf(x)))
      y = torch.clamp(x, -most, most)
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
    if ops.prim.dtype(g) == 5:
      g = torch.to(g, 6)
    return torch.add(x, self.linear(torch.mul_(g, self.linear(y, up)), down))

  # ---------------------------------------------------------------- transformer

  # Sinusoid of one timestep, fp32: [1, dim].
  def timestep_sinusoid(self: __torch__.Kernels, timestep: float, dim: int, cos_first: bool, freq_shift: float) -> Tensor:
    half = dim // 2
    exponent = torch.div(torch.mul(torch.arange(half, dtype=6), -torch.log(10000.)), half - freq_shift)
    angle = torch.unsqueeze(torch.mul(torch.exp(exponent), timestep), 0)
    if cos_first:
      y = torch.cat([torch.cos(angle), torch.sin(angle)], 1)
    else:
      y = torch.cat([torch.sin(angle), torch.cos(angle)], 1)
    return y

  # [1, dim] -> [1, E], in the dtype of the biases, which is the compute dtype
  def time_embedding(self: __torch__.Kernels, sinusoid: Tensor, first: List[Tensor], second: List[Tensor]) -> Tensor:
    x = torch.to(sinusoid, ops.prim.dtype(first[1]))
    return self.linear(torch.silu(self.linear(x, first)), second)

  # Sinusoids of positions, fp64: [n] -> [n, dim].
  def sinusoid_1d(self: __torch__.Kernels, at: Tensor, dim: int) -> Tensor:
    exponent = torch.div(torch.arange(dim // 2, dtype=7), dim / 2)
    angle = torch.outer(torch.to(at, 7), torch.pow(10000., torch.neg(exponent)))
    return torch.cat([torch.sin(angle), torch.cos(angle)], 1)

  # [1, F·h·w, D] fp32: a quarter of the width says when, three eighths which column, three eighths which row.
  def sincos_positions(self: __torch__.Kernels, frames: int, height: int, width: int, dim: int, spatial_scale: float, temporal_scale: float) -> Tensor:
    space = 3 * dim // 4
    time = dim // 4
    t = self.sinusoid_1d(torch.div(torch.arange(frames, dtype=6), temporal_scale), time)
    x = self.sinusoid_1d(torch.div(torch.arange(width, dtype=6), spatial_scale), space // 2)
    y = self.sinusoid_1d(torch.div(torch.arange(height, dtype=6), spatial_scale), space // 2)
    box = [frames, height, width, -1]
    t = torch.expand(torch.to(torch.view(t, [frames, 1, 1, time]), 6), box)
    x = torch.expand(torch.to(torch.view(x, [1, 1, width, space // 2]), 6), box)
    y = torch.expand(torch.to(torch.view(y, [1, height, 1, space // 2]), 6), box)
    return torch.view(torch.cat([t, x, y], 3), [1, frames * height * width, dim])

  # Positions on one axis as angles, each twice for the two numbers that it turns: [n] -> cos and sin [n, dim], fp32.
  def rotary_1d(self: __torch__.Kernels, at: Tensor, dim: int) -> Tuple[Tensor, Tensor]:
    exponent = torch.div(torch.arange(0, dim, 2, dtype=6), dim)
    angle = torch.outer(at, torch.reciprocal(torch.pow(10000., exponent)))
    return (torch.repeat_interleave(torch.cos(angle), 2, 1), torch.repeat_interleave(torch.sin(angle), 2, 1))

  # [frames, height, width, dim]
  def rotary_box(self: __torch__.Kernels, t: Tensor, y: Tensor, x: Tensor) -> Tensor:
    box = [torch.size(t, 0), torch.size(y, 0), torch.size(x, 0), -1]
    t = torch.expand(torch.unsqueeze(torch.unsqueeze(t, 1), 1), box)
    y = torch.expand(torch.unsqueeze(torch.unsqueeze(y, 1), 0), box)
    x = torch.expand(torch.unsqueeze(torch.unsqueeze(x, 0), 0), box)
    return torch.flatten(torch.cat([t, y, x], 3), 0, 2)

  # Places on the three axes -> cos and sin [V, d]: a quarter of a head's width says when, three eighths which row,
  # three eighths which column.
  def rotary_positions(self: __torch__.Kernels, t: Tensor, y: Tensor, x: Tensor, dim: int) -> Tuple[Tensor, Tensor]:
    space = dim // 8 * 3
    t_cos, t_sin, = self.rotary_1d(t, dim // 4)
    y_cos, y_sin, = self.rotary_1d(y, space)
    x_cos, x_sin, = self.rotary_1d(x, space)
    return (self.rotary_box(t_cos, y_cos, x_cos), self.rotary_box(t_sin, y_sin, x_sin))

  # Turns the video's part of x [B, T+V, H, d] by its positions, in place and in fp32. rotary: [] or [cos, sin].
  def rotate(self: __torch__.Kernels, x: Tensor, text: int, rotary: List[Tensor]) -> Tensor:
    if len(rotary) > 0:
      video = torch.slice(x, 1, text)
      wide = torch.to(video, 6)
      pairs = torch.unflatten(wide, 3, [-1, 2])
      turned = torch.flatten(torch.stack([torch.neg(torch.select(pairs, 4, 1)), torch.select(pairs, 4, 0)], 4), 3)
      moved = torch.copy_(video, torch.addcmul_(torch.mul(wide, torch.unsqueeze(rotary[0], 1)), turned, torch.unsqueeze(rotary[1], 1)))
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

  # x [B, T+V, D] -> [B, T+V, D]; queries and keys are normalised a head at a time.
  def joint_attention(self: __torch__.Kernels, x: Tensor, q: List[Tensor], k: List[Tensor], v: List[Tensor], out: List[Tensor], norm_q: List[Tensor], norm_k: List[Tensor], heads: int, eps: float, text: int, rotary: List[Tensor]) -> Tensor:
    query = self.rotate(self.layer_norm(self.split_heads(self.linear(x, q), heads), norm_q, eps), text, rotary)
    key = self.rotate(self.layer_norm(self.split_heads(self.linear(x, k), heads), norm_k, eps), text, rotary)
    value = self.split_heads(self.linear(x, v), heads)
    scale = 1. / torch.sqrt(torch.size(value, 3))
    if ops.prim.is_cpu(query):
      a = self.attention_by_heads(query, key, value, scale)
    else:
      a = self.fused_attention(query, key, value, None, scale)
    return self.linear(a, out)

  def feed_forward(self: __torch__.Kernels, x: Tensor, up: List[Tensor], down: List[Tensor]) -> Tensor:
    return self.linear(self.gelu_linear(x, up), down)

  # feed_forward of so many tokens at a time, each slice's result in the place of what it came of: the inner tensor is
  # as short as a slice.
  def feed_forward_slices(self: __torch__.Kernels, x: Tensor, up: List[Tensor], down: List[Tensor], tokens: int) -> Tensor:
    for i in range((torch.size(x, 1) + tokens - 1) // tokens):
      part = torch.slice(x, 1, i * tokens, (i + 1) * tokens)
      y = torch.copy_(part, self.feed_forward(part, up, down))
    return x

  # x + gate · y, with a gate for the text [B, :T] and one for the video
  def gated_residual(self: __torch__.Kernels, x: Tensor, y: Tensor, text: int, video_gate: Tensor, text_gate: Tensor) -> Tensor:
    z = torch.empty_like(x)
    video_part = torch.addcmul(torch.slice(x, 1, text), torch.slice(y, 1, text), video_gate, out=torch.slice(z, 1, text))
    text_part = torch.addcmul(torch.slice(x, 1, 0, text), torch.slice(y, 1, 0, text), text_gate, out=torch.slice(z, 1, 0, text))
    return z

  # Σ|x - y| / Σ|y|, a part of the tokens at a time: the difference as a whole would be as large as x.
  def relative_change(self: __torch__.Kernels, x: Tensor, y: Tensor) -> float:
    change = 0.
    size = 0.
    for start in range(0, torch.size(x, 1), 256):
      now = torch.to(torch.slice(x, 1, start, start + 256), 6)
      past = torch.to(torch.slice(y, 1, start, start + 256), 6)
      change = change + float(torch.linalg_vector_norm(torch.sub(now, past), 1))
      size = size + float(torch.linalg_vector_norm(past, 1))
    return change / size

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

  # ---------------------------------------------------------------- VAE; x is [B, C, frames, height, width]

  # How features lie in memory, as torch numbers it: channels last (3) where oneDNN is named, which convolves them as
  # they are; any other order it first copies into its own, and the result back.
  def layout(self: __torch__.Kernels, x: Tensor) -> int:
    layout = 0
    if self.named_onednn(x):
      layout = 3
    return layout

  # Memory for features beside x: as many channels and samples, other frames and sizes
  def features(self: __torch__.Kernels, x: Tensor, frames: int, height: int, width: int) -> Tensor:
    shape = [torch.size(x, 0), torch.size(x, 1), frames, height, width]
    return torch.empty(shape, dtype=ops.prim.dtype(x), device=ops.prim.device(x), memory_format=self.layout(x))

  # On a CPU torch takes oneDNN only for inputs that are large by a measure made for 2D, and is up to 17 times slower
  # without it: 43 against 2.5 ms for [1, 16, 11, 64, 64]. So oneDNN is named here.
  def convolution(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], padding: List[int], stride: List[int]) -> Tensor:
    dtype = self.product_dtype(x)
    wide = torch.to(x, dtype)
    weight = self.float_weight(conv, dtype)
    bias = self.bias_of(conv)
    if bias is not None:
      bias = torch.to(bias, dtype)
    if ops.prim.is_cpu(x):
      y = torch.mkldnn_convolution(torch.contiguous(wide, memory_format=3), weight, bias, padding, stride, [1, 1, 1], 1)
    else:
      y = torch.conv3d(wide, weight, bias, stride, padding)
    return torch.to(y, ops.prim.dtype(x))

  # y + the convolution, in y's memory where y is laid out as it should be
  def convolution_onto(self: __torch__.Kernels, y: Tensor, x: Tensor, conv: List[Tensor], padding: List[int]) -> Tensor:
    if self.named_onednn(x):
      weight = self.float_weight(conv, ops.prim.dtype(x))
      onto = torch.contiguous(y, memory_format=3)
      z = ops.mkldnn._convolution_pointwise_(onto, x, weight, self.bias_of(conv), padding, [1, 1, 1], [1, 1, 1], 1, "add", None, None, annotate(List[Optional[number]], []), None)
    else:
      z = torch.add_(self.convolution(x, conv, padding, [1, 1, 1]), y)
    return z

  # [out, in, k, k] -> [out, in, 1, k, k]: a convolution of each frame apart
  def frame_convolution(self: __torch__.Kernels, conv: List[Tensor]) -> List[Tensor]:
    flat = annotate(List[Tensor], [])
    for i in range(len(conv)):
      if torch.dim(conv[i]) > 1:
        torch.append(flat, torch.unsqueeze(conv[i], 2))
      else:
        torch.append(flat, conv[i])
    return flat

  # Fills the frames before body: with the last chunk's tail, or with body's first frame where there is none.
  def fill_past(self: __torch__.Kernels, past: Tensor, body: Tensor, tail: List[Tensor]) -> Tensor:
    if len(tail) > 0:
      filled = torch.copy_(past, tail[0])
    else:
      filled = torch.copy_(past, torch.slice(body, 2, 0, 1))
    return filled

  # padded holds the past frames already -> the convolution [+ residual, whose memory the result may take], and the
  # frames that the next chunk starts from
  def convolve_padded(self: __torch__.Kernels, padded: Tensor, conv: List[Tensor], residual: List[Tensor]) -> Tuple[Tensor, Tensor]:
    past = torch.size(conv[0], 2) - 1
    padding = [0, torch.size(conv[0], 3) // 2, torch.size(conv[0], 4) // 2]
    tail = torch.clone(torch.slice(padded, 2, torch.size(padded, 2) - past))
    if len(residual) > 0:
      y = self.convolution_onto(residual[0], padded, conv, padding)
    else:
      y = self.convolution(padded, conv, padding, [1, 1, 1])
    return (y, tail)

  # The end of a normalised convolution: body is padded without the past frames, which are still to be filled.
  def convolve_activated(self: __torch__.Kernels, padded: Tensor, body: Tensor, conv: List[Tensor], tail: List[Tensor], residual: List[Tensor]) -> Tuple[Tensor, Tensor]:
    filled = self.fill_past(torch.slice(padded, 2, 0, torch.size(padded, 2) - torch.size(body, 2)), body, tail)
    return self.convolve_padded(padded, conv, residual)

  def causal_conv(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], tail: List[Tensor]) -> Tuple[Tensor, Tensor]:
    t, h, w, = torch.slice(torch.size(x), 2)
    past = torch.size(conv[0], 2) - 1
    padded = self.features(x, past + t, h, w)
    body = torch.copy_(torch.slice(padded, 2, past), x)
    return self.convolve_activated(padded, body, conv, tail, annotate(List[Tensor], []))

  # Σ (x - centre)² over frames and places, fp32: [B, C, 1, 1, 1]. A band of rows at a time stays in the cache.
  def squares(self: __torch__.Kernels, x: Tensor, centre: Tensor) -> Tensor:
    b, c, t, h, w, = torch.size(x)
    rows = min([h, 1 + 524288 // (c * w)])
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
    sums = torch.sum(torch.view(torch.sum(x, [2, 3, 4], True, dtype=6), each), [2], True)
    mean = torch.expand(torch.div(sums, count), each)
    squares = torch.sum(torch.view(self.squares(x, torch.reshape(mean, all)), each), [2], True)
    gain = torch.mul(torch.rsqrt(torch.add(torch.div(squares, count), eps)), torch.view(torch.to(norm[0], 6), [1, groups, -1, 1, 1]))
    offset = torch.sub(torch.view(torch.to(norm[1], 6), [1, groups, -1, 1, 1]), torch.mul(mean, gain))
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

  # causal_conv(silu(spatial_norm(x, z))) [+ residual]: GroupNorm whose scale and shift come from the latents z
  # [B, Cz, f, h, w]. The 1x1x1 convolutions run at the latents' size: they commute with nearest resizing. So does what
  # the group norm itself scales and shifts by. Of an odd number of frames the first pairs with z's first alone.
  def spatial_norm_conv(self: __torch__.Kernels, x: Tensor, z: Tensor, groups: int, norm: List[Tensor], conv_y: List[Tensor], conv_b: List[Tensor], eps: float, conv: List[Tensor], tail: List[Tensor], residual: List[Tensor]) -> Tuple[Tensor, Tensor]:
    t, h, w, = torch.slice(torch.size(x), 2)
    gain, offset, = self.group_norm_affine(x, groups, norm, eps)
    scale = self.convolution(z, conv_y, [0, 0, 0], [1, 1, 1])
    shift = self.convolution(z, conv_b, [0, 0, 0], [1, 1, 1])
    shift = torch.to(torch.addcmul(shift, scale, offset), ops.prim.dtype(x))
    scale = torch.to(torch.mul(scale, gain), ops.prim.dtype(x))
    past = torch.size(conv[0], 2) - 1
    padded = self.features(x, past + t, h, w)
    body = torch.slice(padded, 2, past)
    if t > 1 and t % 2 == 1:
      y = self.modulate_boxes(torch.slice(body, 2, 0, 1), torch.slice(x, 2, 0, 1), torch.slice(scale, 2, 0, 1), torch.slice(shift, 2, 0, 1))
      y = self.modulate_boxes(torch.slice(body, 2, 1), torch.slice(x, 2, 1), torch.slice(scale, 2, 1), torch.slice(shift, 2, 1))
    else:
      y = self.modulate_boxes(body, x, scale, shift)
    return self.convolve_activated(padded, torch.silu_(body), conv, tail, residual)

  # causal_conv(silu(group_norm(x))) [+ residual]
  def group_norm_conv(self: __torch__.Kernels, x: Tensor, groups: int, norm: List[Tensor], eps: float, conv: List[Tensor], tail: List[Tensor], residual: List[Tensor]) -> Tuple[Tensor, Tensor]:
    t, h, w, = torch.slice(torch.size(x), 2)
    gain, offset, = self.group_norm_affine(x, groups, norm, eps)
    past = torch.size(conv[0], 2) - 1
    padded = self.features(x, past + t, h, w)
    body = torch.slice(padded, 2, past)
    body = torch.addcmul(torch.to(offset, ops.prim.dtype(x)), x, torch.to(gain, ops.prim.dtype(x)), value=1, out=body)
    return self.convolve_activated(padded, torch.silu_(body), conv, tail, residual)

  # out = each value of x over a box
  def fill_boxes(self: __torch__.Kernels, out: Tensor, x: Tensor) -> Tensor:
    b, c, t, h, w, = torch.size(x)
    box = [b, c, t, torch.size(out, 2) // t, h, torch.size(out, 3) // h, w, torch.size(out, 4) // w]
    return torch.copy_(torch.view(out, box), torch.view(x, [b, c, t, 1, h, 1, w, 1]))

  # Twice the height and width, twice the frames too if asked (of an odd number the first stays single), then a 2D
  # convolution of each frame.
  def upsample(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], double_frames: bool) -> Tensor:
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
    return self.convolution(y, self.frame_convolution(conv), [0, 1, 1], [1, 1, 1])

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
    own = torch.div(torch.arange(n, dtype=7, device=ops.prim.device(tile)), n)
    shape = [1, 1, 1, 1, 1]
    _0 = torch._set_item(shape, dim, n)
    weight = torch.view(torch.to(own, 6), shape)
    rest = torch.view(torch.to(torch.sub(1, own), 6), shape)
    past = torch.mul(torch.slice(before, dim, torch.size(before, dim) - n), rest)
    faded = torch.add_(past, torch.mul(torch.slice(tile, dim, 0, n), weight))
    return torch.cat([torch.to(faded, ops.prim.dtype(tile)), torch.slice(tile, dim, n)], dim)

  # ---------------------------------------------------------------- sampling

  def generator(self: __torch__.Kernels, seed: int) -> Generator:
    g = torch.Generator(device=torch.device("cpu"))
    return g.manual_seed(seed)

  def randn(self: __torch__.Kernels, g: Generator, shape: List[int], dtype: int) -> Tensor:
    return torch.randn(shape, generator=g, dtype=dtype)

  # [2, ...] negative first -> [1, ...], in fp32
  def guide(self: __torch__.Kernels, prediction: Tensor, scale: float) -> Tensor:
    p = torch.to(prediction, 6)
    negative = torch.slice(p, 0, 0, 1)
    return torch.add(negative, torch.mul(torch.sub(torch.slice(p, 0, 1), negative), scale))

  # from_sample·sample + from_output·output
  def mix(self: __torch__.Kernels, sample: Tensor, output: Tensor, from_sample: float, from_output: float) -> Tensor:
    return torch.add(torch.mul(sample, from_sample), torch.mul(output, from_output))

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
    y = torch.clamp(torch.add(torch.div(torch.to(x, 6), 2), 0.5), 0, 1)
    return torch.contiguous(torch.permute(y, [0, 2, 1, 3, 4]))

  # x in [-1, 1] -> the brightest byte that it becomes, or -1 where a value is infinite or NaN; aminmax lets NaN through.
  def brightest_byte(self: __torch__.Kernels, x: Tensor) -> int:
    ends = torch.stack(torch.aminmax(x))
    byte = -1
    if self.all_finite(ends) == 1:
      byte = int(torch.round(torch.mul(torch.clamp(torch.add(torch.div(torch.to(ends[1], 6), 2), 0.5), 0, 1), 255)))
    return byte

  # [1, frames, 3, height, width] in [0, 1] -> [frames, height, width, 3] u8
  def to_rgb8(self: __torch__.Kernels, x: Tensor) -> Tensor:
    y = torch.round(torch.mul(torch.permute(torch.squeeze(x, 0), [0, 2, 3, 1]), 255))
    return torch.contiguous(torch.to(y, 0))
