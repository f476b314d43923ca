package io.text2video.worker.model;

import io.text2video.worker.kernels.Tensor;
import java.util.List;

/**
 * Where the tokens lie, for every forward pass over latents of one size.
 *
 * @param added to the sequence's last tokens: [1, V, D], [1, T+V, D] or none
 * @param rotary cosines and sines, [V, d] each, that turn the video's queries and keys; or none
 */
public record Positions(List<Tensor> added, List<Tensor> rotary) {
    public Positions {
        added = List.copyOf(added);
        rotary = List.copyOf(rotary);
    }
}
