package io.text2video.worker.lora;

import io.text2video.worker.weights.TensorInfo;

/**
 * What a LoRA adds to one layer: alpha/rank · B·A.
 *
 * @param down A, [rank, in] or [rank, in, kernel…]
 * @param up B, [out, rank] or [out, rank, 1…]
 * @param alpha one number; null where the file has none for this layer
 */
record LoraLayer(TensorInfo down, TensorInfo up, TensorInfo alpha) {
    long rank() {
        return down.shape()[0];
    }
}
