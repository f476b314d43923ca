  # ---------------------------------------------------------------- tensors: files, dtypes, shapes

  # x on the device: the same tensor where it is there already. The host does not wait for the device.
  def placed(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.to(x, dtype=None, layout=None, device=torch.device(self.device), non_blocking=True)

  # Part of a mapped file as another dtype, without a copy. offset counts elements of that dtype.
  def view_mapped(self: __torch__.Kernels, mapped: Tensor, dtype: int, offset: int, shape: List[int]) -> Tensor:
    stride = annotate(List[int], [])
    step = 1
    for i in range(len(shape)):
      stride.insert(0, step)
      step = step * shape[len(shape) - 1 - i]
    return torch.set_(torch.empty([0], dtype=dtype, device=torch.device("cpu")), mapped, offset, shape, stride)

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
    return torch.to(torch.mul(torch.to(x, self.F32), factor), dtype)

  def all_finite(self: __torch__.Kernels, x: Tensor) -> int:
    return int(torch.all(torch.isfinite(x)))

  def dtype_of(self: __torch__.Kernels, x: Tensor) -> int:
    return ops.prim.dtype(x)

  # [bytes] u8, whatever x holds: the only way out of the engine that is safe for every dtype.
  def to_bytes(self: __torch__.Kernels, x: Tensor) -> Tensor:
    host = torch.to(x, dtype=None, layout=None, device=torch.device("cpu"))
    return torch.view(torch.view_copy(torch.reshape(host, [-1]), dtype=self.U8), [-1])

  def concat(self: __torch__.Kernels, parts: List[Tensor], dim: int) -> Tensor:
    return torch.cat(parts, dim)

  def add(self: __torch__.Kernels, x: Tensor, y: Tensor) -> Tensor:
    return torch.add(x, y)

  def copy(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.clone(x)

  def narrow(self: __torch__.Kernels, x: Tensor, dim: int, start: int, end: int) -> Tensor:
    return torch.slice(x, dim, start, end)

