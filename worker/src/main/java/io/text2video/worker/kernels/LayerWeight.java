package io.text2video.worker.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weight of one layer as its kernels take it: {@code [weight]} or {@code [weight, bias]}, and empty for a norm
 * without parameters. A kernel dispatches on what it finds, so that a quantized weight is only another list.
 *
 * <p>A linear's or a convolution's weight may be stored narrower than what is computed in, in fp16 or bf16: its kernel
 * widens it for the one product and frees the copy after. Biases and the parameters of norms have the compute type.
 *
 * <p>A quantized one is {@code [weight, bias, scale]}, with an empty bias where there is none: codes of {@link DType#I8} or
 * {@link DType#F8_E4M3}, and a scale in fp32 for each output channel.
 */
public record LayerWeight(List<Tensor> parts) {
    public LayerWeight {
        parts = List.copyOf(parts);
    }

    /**
     * Codes that their kernel widens.
     *
     * @param codes [out, …]
     * @param bias [out] in the compute type, or empty
     * @param scale [out, 1, …] with as many dimensions as the codes; or [out], which makes a linear round its inputs to
     *     {@link DType#I8} too, a token at a time
     */
    public static LayerWeight quantized(Tensor codes, Tensor bias, Tensor scale) {
        return new LayerWeight(List.of(codes, bias, scale));
    }

    /** Operations of floating point that the product takes for one row, or the convolution for one place of its result. */
    public long operations() {
        return 2 * Arrays.stream(parts.get(0).shape()).reduce(1, Math::multiplyExact);
    }

    /**
     * The weight of a linear, or of a convolution of patches, with low-rank terms beside it: {@code y = base(x) + Σ (x·Aᵀ)·Bᵀ}.
     * The parts are then {@code [weight, bias, A1, B1, A2, B2, …]}, after the scale where the weight is quantized.
     *
     * @param pairs A [rank, in, kernel…] and B [out, rank, 1…] in turn, in the compute type; a scale is part of B
     * @param noBias an empty tensor, which stands for the bias where there is none
     */
    public LayerWeight withLowRank(List<Tensor> pairs, Tensor noBias) {
        List<Tensor> all = new ArrayList<>(parts);
        if (all.size() == 1) {
            all.add(noBias);
        }
        all.addAll(pairs);
        return new LayerWeight(all);
    }
}
