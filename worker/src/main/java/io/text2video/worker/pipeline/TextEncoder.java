package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.model.T5EncoderModel;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The text encoder, whose weights are there only from when they are needed until they are released. */
final class TextEncoder {
    private final MemoryScope parent;
    private final Network network;
    private MemoryScope weights;
    private T5EncoderModel model;

    @FunctionalInterface
    interface Network {
        /** Builds it from the checkpoint's files, in a scope that owns its weights. */
        T5EncoderModel build(MemoryScope owner) throws IOException;
    }

    /**
     * Loads it, so that a checkpoint that cannot be is refused at once.
     *
     * @param parent closes what is not released
     * @throws IOException when a file cannot be read
     */
    TextEncoder(MemoryScope parent, Network network) throws IOException {
        this.parent = parent;
        this.network = network;
        load();
    }

    /** As {@link T5EncoderModel#forward}. */
    Tensor forward(MemoryScope out, long... ids) {
        if (model == null) {
            try {
                load();
            } catch (IOException e) {
                throw new UncheckedIOException("the text encoder was released and does not load again", e);
            }
        }
        return model.forward(out, ids);
    }

    /** Gives up the weights, until the next text. */
    void release() {
        if (model != null) {
            model = null;
            weights.close();
        }
    }

    private void load() throws IOException {
        MemoryScope scope = parent.open();
        try {
            model = network.build(scope);
            weights = scope;
        } catch (IOException | RuntimeException e) {
            scope.close();
            throw e;
        }
    }
}
