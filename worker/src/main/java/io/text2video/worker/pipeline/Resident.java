package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A network whose weights are in memory from when it is acquired until it is released, and again when it is acquired after
 * that. Safe across threads, as far as nobody releases what another one uses.
 *
 * @param <N> the network
 */
final class Resident<N> implements AutoCloseable {
    private final Kernels kernels;
    private final Resident<?> base;
    private final Loader<N> loader;
    private MemoryScope scope;
    private Loaded<N> loaded;

    /** What it was built on, where it has a base. */
    private Object builtOn;

    @FunctionalInterface
    interface Loader<N> {
        /** Builds it from files, in a scope that owns its weights. */
        Loaded<N> load(MemoryScope owner) throws IOException;
    }

    @FunctionalInterface
    interface Network<N> {
        N build(Weights weights) throws IOException;
    }

    @FunctionalInterface
    interface Opening {
        Weights open(MemoryScope owner) throws IOException;
    }

    /**
     * A network and what it was built from.
     *
     * @param weights closed; it may be built from them once more, with LoRAs
     */
    record Loaded<N>(N network, Weights weights) {
        /** Builds a network that must ask for all of its weights. */
        static <N> Loaded<N> of(Weights opened, Network<N> network) throws IOException {
            try (Weights weights = opened) {
                N built = network.build(weights);
                weights.requireAllRead();
                return new Loaded<>(built, weights);
            }
        }
    }

    /** Of whoever has it loaded, and of nobody after that: the scope that owns the weights outlives that job. */
    private static final class WhileLoading implements Interruption {
        private volatile Interruption interruption;

        WhileLoading(Interruption interruption) {
            this.interruption = interruption;
        }

        void end() {
            interruption = Interruption.NONE;
        }

        @Override
        public void check(String kernel) {
            interruption.check(kernel);
        }
    }

    private Resident(Kernels kernels, Resident<?> base, Loader<N> loader) {
        this.kernels = kernels;
        this.base = base;
        this.loader = loader;
    }

    /**
     * Loads a network, so that a checkpoint that cannot be is refused at once.
     *
     * @param kernels free what is not released when they close
     * @param interruption asked before each of its weights
     * @throws IOException when a file cannot be read
     */
    static <N> Resident<N> load(Kernels kernels, Interruption interruption, Opening weights, Network<N> network)
            throws IOException {
        Resident<N> resident = new Resident<>(kernels, null, owner -> Loaded.of(weights.open(owner), network));
        try {
            resident.load(interruption);
        } catch (OutOfMemoryException e) {
            // Of a GPU a generation's plan may need it alone, or not whole.
            if (!kernels.device().isCuda()) {
                throw e;
            }
        }
        return resident;
    }

    /** A network that is not loaded before it is acquired. */
    static <N> Resident<N> lazily(Kernels kernels, Opening weights, Network<N> network) {
        return new Resident<>(kernels, null, owner -> Loaded.of(weights.open(owner), network));
    }

    /** Another network that shares this one's weights: it is released with it, and built anew after that. */
    Resident<N> adapted(Loader<N> adapting) {
        return new Resident<>(kernels, this, adapting);
    }

    /**
     * The network, to be used until it is released.
     *
     * @param interruption asked before each of its weights, where it was released; what it throws leaves it released
     * @throws UncheckedIOException when it was released and does not load again
     */
    synchronized N acquire(Interruption interruption) {
        Object under = base == null ? null : base.acquire(interruption);
        if (under != builtOn) {
            close();
        }
        if (loaded == null) {
            try {
                load(interruption);
            } catch (IOException e) {
                throw new UncheckedIOException("a network's weights do not load: " + e.getMessage(), e);
            }
            builtOn = under;
        }
        return loaded.network();
    }

    /** What {@link #acquire} gives was built from. */
    synchronized Weights weights() {
        acquire(Interruption.NONE);
        return loaded.weights();
    }

    /** Gives up the weights, and those that it shares. */
    synchronized void release() {
        close();
        if (base != null) {
            base.release();
        }
    }

    /** Gives up what is its own. */
    @Override
    public synchronized void close() {
        if (loaded != null) {
            loaded = null;
            scope.close();
        }
    }

    synchronized boolean isLoaded() {
        return loaded != null;
    }

    private synchronized void load(Interruption interruption) throws IOException {
        var asked = new WhileLoading(interruption);
        MemoryScope owner = kernels.openScope(asked);
        try {
            loaded = loader.load(owner);
            scope = owner;
            asked.end();
        } catch (IOException | RuntimeException e) {
            owner.close();
            throw e;
        }
    }
}
