  # ---------------------------------------------------------------- products, attention and convolutions on a CPU

  # No way is the fastest on every CPU. CpuPaths.java times them and sets these; docs/performance has the figures.
  onednn_linear : bool
  onednn_gelu : bool
  attention_by_heads : bool
  channels_last : bool
  integer_products : bool

  # Values that are worked on at once where a whole tensor need not be: 1 MiB of fp32 stays in a core's cache.
  def values_at_once(self: __torch__.Kernels) -> int:
    return 262144

  # Rows of a product with rounded inputs whose sums are held at once: all, since they become the result.
  def sums_at_once(self: __torch__.Kernels, rows: int, width: int) -> int:
    return rows

  # What products of x are computed in: its own dtype where that is as fast as fp32, else fp32. On a CPU whose oneDNN
  # knows no fp16 a linear takes 4 times as long in fp16 as with both sides widened, and a convolution 250 times.
  def product_dtype(self: __torch__.Kernels, x: Tensor) -> int:
    dtype = ops.prim.dtype(x)
    if dtype == self.F16 and not ops.mkldnn._is_mkldnn_fp16_supported():
      dtype = self.F32
    if dtype == self.BF16 and not ops.mkldnn._is_mkldnn_bf16_supported():
      dtype = self.F32
    return dtype

  # oneDNN has to be named for what torch gives to MKL, which on AMD keeps to AVX2 and half of oneDNN's speed.
  def names_onednn(self: __torch__.Kernels, x: Tensor) -> bool:
    dtype = ops.prim.dtype(x)
    return dtype == self.F32 or dtype == self.BF16 and ops.mkldnn._is_mkldnn_bf16_supported()

  # x·Wᵀ + bias of floats, in x's dtype
  def product(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    dtype = self.product_dtype(x)
    wide = torch.to(x, dtype)
    w = torch.to(weight, dtype)
    b = annotate(Optional[Tensor], None)
    if bias is not None:
      b = torch.to(bias, dtype)
    if self.onednn_linear and self.names_onednn(wide):
      y = ops.mkldnn._linear_pointwise(wide, w, b, "none", annotate(List[Optional[number]], []), "")
    else:
      y = torch.linear(wide, w, b)
    return torch.to(y, ops.prim.dtype(x))

  # gelu(x·Wᵀ + bias), approximated by tanh. oneDNN applies it while it writes the product.
  def gelu_product(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    if self.onednn_gelu and self.names_onednn(x):
      w = torch.to(weight, ops.prim.dtype(x))
      y = ops.mkldnn._linear_pointwise(x, w, bias, "gelu", annotate(List[Optional[number]], []), "tanh")
    else:
      y = self.gelu(self.product(x, weight, bias))
    return y

  # gelu(y) in the memory of y, approximated by tanh. In fp32 without torch's slow tanh, and some values at once.
  def gelu(self: __torch__.Kernels, y: Tensor) -> Tensor:
    if ops.prim.dtype(y) == self.F32:
      flat = torch.view(y, [-1])
      n = self.values_at_once()
      for i in range((torch.numel(y) + n - 1) // n):
        part = self.gelu_in_place(torch.slice(flat, 0, i * n, (i + 1) * n))
    else:
      flat = torch.gelu_(y, approximate="tanh")
    return y

  # Whether a product of i8 is exact here, at the ends of its range too: before VNNI, CPUs summed pairs in 16 bits.
  def integers_are_exact(self: __torch__.Kernels) -> int:
    a = torch.sub(torch.mul(torch.to(torch.gt(torch.randn([33, 515], device=torch.device("cpu")), 0), self.I32), 254), 127)
    b = torch.sub(torch.mul(torch.to(torch.gt(torch.randn([65, 515], device=torch.device("cpu")), 0), self.I32), 255), 128)
    a = torch.cat([a, torch.full([1, 515], -127, dtype=self.I32, device=torch.device("cpu"))])
    b = torch.cat([b, torch.full([1, 515], -128, dtype=self.I32, device=torch.device("cpu"))])
    sums = torch._int_mm(torch.to(a, self.I8), torch.t(torch.to(b, self.I8)))
    exact = torch.to(torch.linear(torch.to(a, self.F64), torch.to(b, self.F64)), self.I32)
    return int(torch.all(torch.eq(sums, exact)))

  # codes [m, in] · Wᵀ [in, n] in i32 where the machine does that right and fast, else in fp32. The one of floats is exact
  # but for the rounding of sums above 2²⁴.
  def rounded_product(self: __torch__.Kernels, codes: Tensor, weight: Tensor) -> Tensor:
    if self.integer_products:
      sums = torch._int_mm(codes, torch.t(weight))
    else:
      sums = self.product(torch.to(codes, self.F32), torch.to(weight, self.F32), None)
    return sums

  # x·Wᵀ + bias where the weight alone is codes: it is widened.
  def coded_product(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    return self.product(x, self.float_weight(weight, self.product_dtype(x)), self.bias_of(weight))

  # softmax(scale · q·kᵀ)·v of q [B, Q, H, d] and k, v [B, S, H, d] -> [B, Q, H·d]
  def attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    if self.attention_by_heads:
      y = self.plain_attention(q, k, v, scale)
    else:
      y = self.fused_attention(q, k, v, None, scale)
    return y

  # One head of one sample, copied as products want it: [B, S, H, d] -> [S, d]
  def one_head(self: __torch__.Kernels, x: Tensor, sample: int, head: int) -> Tensor:
    return torch.contiguous(torch.select(torch.select(x, 0, sample), 1, head))

  # Plain products and a softmax in fp32, a head at a time and of that as many rows of queries as have their scores in
  # 16 MiB. torch's fused kernel also avoids large scores, but with MKL's products. What is given in half precision is
  # widened, a head at a time: the fused kernel is slower in it than in fp32.
  def plain_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    b, s, heads, d, = torch.size(q)
    y = torch.empty_like(q, memory_format=self.CONTIGUOUS)
    rows = min([s, 1 + 4194304 // torch.size(k, 1)])
    none = annotate(Optional[Tensor], None)
    for sample in range(b):
      for head in range(heads):
        queries = torch.mul(torch.to(self.one_head(q, sample, head), self.F32), scale)
        keys = torch.to(self.one_head(k, sample, head), self.F32)
        values = torch.to(torch.contiguous(torch.t(torch.select(torch.select(v, 0, sample), 1, head))), self.F32)
        result = torch.select(torch.select(y, 0, sample), 1, head)
        for i in range((s + rows - 1) // rows):
          part = torch.slice(queries, 0, i * rows, (i + 1) * rows)
          scores = self.product(part, keys, none)
          weights = torch._softmax(scores, -1, False, out=scores)
          filled = torch.copy_(torch.slice(result, 0, i * rows, (i + 1) * rows), self.product(weights, values, none))
    return torch.flatten(y, 2)

  # How features lie in memory: channels last where oneDNN convolves them as they are. Any other order it first copies
  # into its own, and the result back.
  def layout(self: __torch__.Kernels, x: Tensor) -> int:
    layout = self.CONTIGUOUS
    if self.channels_last and self.names_onednn(x):
      layout = self.CHANNELS_LAST_3D
    return layout

  # A convolution's weight as it is kept: as it is, since oneDNN lays it out for each product.
  def weight_layout(self: __torch__.Kernels, weight: Tensor) -> Tensor:
    return weight

  # x [B, C, frames, height, width]. torch takes oneDNN only for inputs that are large by a measure made for 2D, and is up
  # to 17 times slower without it: 43 against 2.5 ms for [1, 16, 11, 64, 64]. So it is named here.
  def convolution(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], padding: List[int], stride: List[int]) -> Tensor:
    dtype = self.product_dtype(x)
    wide = torch.to(x, dtype)
    layout = self.CONTIGUOUS
    if self.channels_last:
      layout = self.CHANNELS_LAST_3D
    weight = self.float_weight(conv, dtype)
    bias = self.bias_of(conv)
    if bias is not None:
      bias = torch.to(bias, dtype)
    y = torch.mkldnn_convolution(torch.contiguous(wide, memory_format=layout), weight, bias, padding, stride, [1, 1, 1], 1)
    return torch.to(y, ops.prim.dtype(x))

  # y + the convolution, in y's memory where y is laid out as it should be
  def convolution_onto(self: __torch__.Kernels, y: Tensor, x: Tensor, conv: List[Tensor], padding: List[int]) -> Tensor:
    if self.channels_last and self.names_onednn(x):
      weight = self.float_weight(conv, ops.prim.dtype(x))
      onto = torch.contiguous(y, memory_format=self.CHANNELS_LAST_3D)
      z = ops.mkldnn._convolution_pointwise_(onto, x, weight, self.bias_of(conv), padding, [1, 1, 1], [1, 1, 1], 1, "add", None, None, annotate(List[Optional[number]], []), None)
    else:
      z = torch.add_(self.convolution(x, conv, padding, [1, 1, 1]), y)
    return z

