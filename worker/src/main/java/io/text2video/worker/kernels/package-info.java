/**
 * The engine's arithmetic: TorchScript functions (resources, {@code *.py}), the archive they travel in, and a facade over
 * DJL, whose types stay inside this package. DJL aborts the process when it meets a dtype that it does not know, so
 * tensors are opaque outside of here and dtypes are {@link io.text2video.worker.kernels.DType}.
 */
package io.text2video.worker.kernels;
