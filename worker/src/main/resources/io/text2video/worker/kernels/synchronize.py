# What the schemas of a libtorch without CUDA do not know: an archive with it loads where libtorch has CUDA alone.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Waits until x's device has done all that was asked of it.
  def synchronize(self: __torch__.Kernels, x: Tensor) -> Tensor:
    ops.cuda.synchronize(ops.prim.device(x))
    return x
