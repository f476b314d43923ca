package io.text2video.worker.kernels;

import java.util.List;

/**
 * The weight of one layer as its kernels take it: {@code [weight]} or {@code [weight, bias]}, and empty for a norm
 * without parameters. A kernel dispatches on what it finds, so that a quantized weight is only another list.
 *
 * <p>A linear's or a convolution's weight may be stored narrower than what is computed in, in fp16 or bf16: its kernel
 * widens it for the one product and frees the copy after. Biases and the parameters of norms have the compute type.
 */
public record LayerWeight(List<Tensor> parts) {
    public LayerWeight {
        parts = List.copyOf(parts);
    }
}
