package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The equal blocks of a network: all held, or each made from the files as it is needed and given up after it, so that a
 * device holds no more than one.
 *
 * @param <B> a block
 */
final class Blocks<B> {
    private final List<B> held;
    private final int count;
    private final Weights weights;
    private final Maker<B> maker;

    private Blocks(List<B> held, int count, Weights weights, Maker<B> maker) {
        this.held = held;
        this.count = count;
        this.weights = weights;
        this.maker = maker;
    }

    /** Makes a block of its weights. */
    @FunctionalInterface
    interface Maker<B> {
        B make(Weights weights) throws IOException;
    }

    /** All of them, for as long as the weights' owner is open. */
    static <B> Blocks<B> hold(Weights weights, int count, Maker<B> maker) throws IOException {
        List<B> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(maker.make(weights.at(i)));
        }
        return new Blocks<>(blocks, count, weights, maker);
    }

    /**
     * None of them. Each is made once, so that weights that do not fit are refused now.
     *
     * @param parent to make them in
     */
    static <B> Blocks<B> stream(MemoryScope parent, Weights weights, int count, Maker<B> maker) throws IOException {
        for (int i = 0; i < count; i++) {
            try (MemoryScope scope = parent.open()) {
                maker.make(weights.within(scope).at(i));
            }
        }
        return new Blocks<>(List.of(), count, weights, maker);
    }

    int size() {
        return count;
    }

    /**
     * Uses one.
     *
     * @param scope to make it in
     * @param use what it returns must not belong to the block
     */
    <R> R with(MemoryScope scope, int index, Function<B, R> use) {
        if (!held.isEmpty()) {
            return use.apply(held.get(index));
        }
        try (MemoryScope own = scope.open()) {
            return use.apply(maker.make(weights.within(own).at(index)));
        } catch (IOException e) {
            throw new UncheckedIOException("a block's weights do not load again", e);
        }
    }
}
