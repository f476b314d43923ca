  # ---------------------------------------------------------------- products, attention and convolutions on a GPU

  # Whether tensor cores multiply e4m3 (compute capability 8.9 and later)
  fp8_products : bool

  # Whether attention's kernels are named: flash for half precision (8.0 and later), memory-efficient for what it does not
  # take. Otherwise torch chooses, as it must where only a CPU's kernels are.
  flash_attention : bool
  efficient_attention : bool

  # Values that are worked on at once: 256 MiB of fp32. A launch costs as much as some 10⁷ values, and a CPU's 1 MiB would
  # make some 10⁷ launches a video.
  def values_at_once(self: __torch__.Kernels) -> int:
    return 67108864

  # Rows of a product with rounded inputs whose i32 sums are held at once; at least 17, as _int_mm takes no fewer.
  def sums_at_once(self: __torch__.Kernels, rows: int, width: int) -> int:
    most = max([17, self.values_at_once() // width])
    parts = (rows + most - 1) // most
    return (rows + parts - 1) // max([1, parts])

  # What products of x are computed in: its own dtype.
  def product_dtype(self: __torch__.Kernels, x: Tensor) -> int:
    return ops.prim.dtype(x)

  # x·Wᵀ + bias of floats, in x's dtype
  def product(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    dtype = ops.prim.dtype(x)
    b = annotate(Optional[Tensor], None)
    if bias is not None:
      b = torch.to(bias, dtype)
    return torch.linear(x, torch.to(weight, dtype), b)

  # gelu(x·Wᵀ + bias), approximated by tanh
  def gelu_product(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    return self.gelu(self.product(x, weight, bias))

  # gelu(y) in the memory of y, approximated by tanh
  def gelu(self: __torch__.Kernels, y: Tensor) -> Tensor:
    return torch.gelu_(y, approximate="tanh")

  # codes [m, in] · Wᵀ [in, n] in i32, or in fp32 for the shapes that cuBLAS does not take in i8
  def rounded_product(self: __torch__.Kernels, codes: Tensor, weight: Tensor) -> Tensor:
    m, width, = torch.size(codes)
    if m > 16 and width % 8 == 0 and torch.size(weight, 0) % 8 == 0:
      sums = torch._int_mm(codes, torch.t(weight))
    else:
      sums = torch.linear(torch.to(codes, self.F32), torch.to(weight, self.F32))
    return sums

  # x·Wᵀ + bias where the weight is codes: it is widened, or inputs are rounded to e4m3 too where e4m3 is multiplied. What
  # comes of that is bf16, so it is for half precision alone.
  def coded_product(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    codes = weight[0]
    fits = ops.prim.dtype(codes) == self.F8_E4M3 and torch.size(codes, 0) % 16 == 0 and torch.size(codes, 1) % 16 == 0
    if self.fp8_products and fits and ops.prim.dtype(x) != self.F32:
      y = self.fp8_product(x, weight)
    else:
      y = self.product(x, self.float_weight(weight, ops.prim.dtype(x)), self.bias_of(weight))
    return y

  # Each token of x has a scale, as each row of W has: codes are at most e4m3's 448.
  def fp8_product(self: __torch__.Kernels, x: Tensor, weight: List[Tensor]) -> Tensor:
    flat = torch.reshape(x, [-1, torch.size(x, -1)])
    m, width, = torch.size(flat)
    n = torch.size(weight[0], 0)
    y = torch.empty([m, n], dtype=ops.prim.dtype(x), device=ops.prim.device(x))
    scales = torch.reshape(weight[2], [1, n])
    step = self.rows_at_once(max([width, n]))
    for i in range((m + step - 1) // step):
      wide = torch.to(torch.slice(flat, 0, i * step, (i + 1) * step), self.F32)
      scale = torch.div(self.row_peaks(wide), 448.)
      codes = torch.to(torch.clamp_(torch.div(wide, scale), -448., 448.), self.F8_E4M3)
      sums = torch._scaled_mm(codes, torch.t(weight[0]), scale, scales, out_dtype=self.BF16, use_fast_accum=True)
      filled = torch.copy_(torch.slice(y, 0, i * step, (i + 1) * step), sums)
    if torch.numel(weight[1]) > 0:
      y = torch.add_(y, weight[1])
    return self.in_rows_of(x, y)

  # softmax(scale · q·kᵀ)·v of q [B, Q, H, d] and k, v [B, S, H, d] -> [B, Q, H·d]. Both kernels that are named want widths of whole 16
  # bytes.
  def attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    queries = torch.transpose(q, 1, 2)
    keys = torch.transpose(k, 1, 2)
    values = torch.transpose(v, 1, 2)
    aligned = torch.size(q, 3) % 8 == 0
    if self.flash_attention and aligned and ops.prim.dtype(q) != self.F32:
      y = (torch._scaled_dot_product_flash_attention(queries, keys, values, 0., False, False, scale=scale))[0]
    elif self.efficient_attention and aligned:
      y = (torch._scaled_dot_product_efficient_attention(queries, keys, values, None, False, 0., False, scale=scale))[0]
    else:
      y = torch.scaled_dot_product_attention(queries, keys, values, scale=scale)
    return torch.flatten(torch.transpose(y, 1, 2), 2)

  # How features lie in memory: channels last, as tensor cores read them.
  def layout(self: __torch__.Kernels, x: Tensor) -> int:
    return self.CHANNELS_LAST_3D

  # A convolution's weight as it is kept: laid out once, at load.
  def weight_layout(self: __torch__.Kernels, weight: Tensor) -> Tensor:
    if torch.dim(weight) == 5:
      y = torch.contiguous(weight, memory_format=self.CHANNELS_LAST_3D)
    elif torch.dim(weight) == 4:
      y = torch.contiguous(weight, memory_format=self.CHANNELS_LAST)
    else:
      y = weight
    return y

  # x [B, C, frames, height, width], without padding in time. cuDNN counts elements in 31 bits: a video of 768x1360 has
  # more where its last upsampling is convolved, so some frames are convolved at a time.
  def convolution(self: __torch__.Kernels, x: Tensor, conv: List[Tensor], padding: List[int], stride: List[int]) -> Tensor:
    weight = self.float_weight(conv, ops.prim.dtype(x))
    b, c, t, h, w, = torch.size(x)
    deep = torch.size(weight, 2)
    frame = b * h * w * max([c, torch.size(weight, 0)])
    step = max([1, 2147483647 // frame - deep])
    frames = t - deep + 1
    if frames <= step:
      y = self.convolve(x, weight, self.bias_of(conv), padding, stride)
    else:
      first = self.convolve(torch.slice(x, 2, 0, step + deep - 1), weight, self.bias_of(conv), padding, stride)
      shape = [b, torch.size(first, 1), frames, torch.size(first, 3), torch.size(first, 4)]
      y = torch.empty(shape, dtype=ops.prim.dtype(x), device=ops.prim.device(x), memory_format=self.CHANNELS_LAST_3D)
      filled = torch.copy_(torch.slice(y, 2, 0, step), first)
      for start in range(step, frames, step):
        part = self.convolve(torch.slice(x, 2, start, start + step + deep - 1), weight, self.bias_of(conv), padding, stride)
        filled = torch.copy_(torch.slice(y, 2, start, start + step), part)
    return y

  # What sees one frame at a time is a convolution in 2D of B·F images, which has the faster kernels: channels last, frames
  # are images without a copy.
  def convolve(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor], padding: List[int], stride: List[int]) -> Tensor:
    if torch.size(weight, 2) == 1 and torch.size(weight, 3) > 1:
      frames = torch.flatten(torch.transpose(x, 1, 2), 0, 1)
      images = torch.contiguous(frames, memory_format=self.CHANNELS_LAST)
      flat = torch.contiguous(torch.select(weight, 2, 0), memory_format=self.CHANNELS_LAST)
      z = torch.conv2d(images, flat, bias, torch.slice(stride, 1), torch.slice(padding, 1))
      y = torch.transpose(torch.unflatten(z, 0, [torch.size(x, 0), torch.size(x, 2)]), 1, 2)
    else:
      y = torch.conv3d(torch.contiguous(x, memory_format=self.CHANNELS_LAST_3D), weight, bias, stride, padding)
    return y

  # y + the convolution
  def convolution_onto(self: __torch__.Kernels, y: Tensor, x: Tensor, conv: List[Tensor], padding: List[int]) -> Tensor:
    return torch.add_(self.convolution(x, conv, padding, [1, 1, 1]), y)

