package io.text2video.worker.kernels;

import java.util.List;

/**
 * The weight of one layer as its kernels take it: {@code [weight]} or {@code [weight, bias]}, and empty for a norm
 * without parameters. A kernel dispatches on what it finds, so that a quantized weight is only another list.
 */
public record LayerWeight(List<Tensor> parts) {
    public LayerWeight {
        parts = List.copyOf(parts);
    }
}
