package io.text2video.worker.info;

import io.text2video.worker.weights.SafetensorsDtype;
import java.util.List;

/**
 * One part of a checkpoint as it lies on disk.
 *
 * @param name its folder: {@code text_encoder}, {@code transformer} or {@code vae}
 * @param className its class in transformers or diffusers
 * @param parameters values of its weights; an embedding that is stored twice counts once
 * @param stored bytes of each element type, the largest first
 * @param files safetensors files, each of which may be a link into a cache
 * @param bytes of those files on disk, headers included
 * @param sharded whether there are several files
 */
public record ComponentInfo(
        String name,
        String className,
        long parameters,
        List<StoredDtype> stored,
        int files,
        long bytes,
        boolean sharded) {

    /** Bytes that one element type takes in a component. */
    public record StoredDtype(SafetensorsDtype dtype, int tensors, long bytes) {}

    public ComponentInfo {
        stored = List.copyOf(stored);
    }
}
