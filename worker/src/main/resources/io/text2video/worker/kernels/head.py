# The arithmetic of the engine, in TorchScript's serialized dialect: every function is a method of one class without
# parameters, at the size of a sub-layer, and frees its own intermediates. KernelArchive.java joins the files to one class:
# this one; one of on_cpu.py and on_cuda.py, which have the same methods, each as its device does them best; and those that
# all devices share: tensors, linear, text, transformer, vae, sampling.
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
#
# What is made of nothing names its device. Tables and noise are made on the CPU and placed, so that they are the same bits
# on every device.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Where results are: "cpu", or "cuda:0"
  device : str

  # Dtypes, as torch's ScalarType counts them; DType.java has the numbers.
  U8 : int
  I8 : int
  I32 : int
  I64 : int
  F16 : int
  F32 : int
  F64 : int
  BF16 : int
  F8_E4M3 : int

  # Orders in memory, as torch's MemoryFormat counts them
  CONTIGUOUS : int
  CHANNELS_LAST : int
  CHANNELS_LAST_3D : int

