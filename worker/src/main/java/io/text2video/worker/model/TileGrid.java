package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A network's results for overlapping tiles of frames, each faded into its neighbours above and to the left. Source:
 * diffusers 0.39, {@code tiled_decode} and {@code tiled_encode} of {@code autoencoder_kl_cogvideox.py}.
 */
final class TileGrid {
    private static final int HEIGHT = 3;
    private static final int WIDTH = 4;

    private final Axis rows;
    private final Axis columns;

    /** Overlapping still: each reaches {@code blend} below and to the right of what is kept. */
    private final List<List<Tensor>> tiles = new ArrayList<>();

    /**
     * How one dimension is cut.
     *
     * @param size of a tile that goes in
     * @param step from one to the next
     * @param blend how far a tile that comes out fades in from the one before
     * @param keep how much of it stays where another follows
     */
    record Axis(int size, int step, int blend, int keep) {
        /** The lengths of all tiles of so long a dimension, added up. */
        long covered(int length) {
            long sum = 0;
            for (int start = 0; start < length; start += step) {
                sum += Math.min(size, length - start);
            }
            return sum;
        }
    }

    /**
     * Runs the network, tile by tile.
     *
     * @param owner owns the tiles
     * @param x [B, C, frames, height, width]
     * @param network gives a tile's result in the scope it is handed
     */
    TileGrid(MemoryScope owner, Tensor x, Axis rows, Axis columns, BiFunction<MemoryScope, Tensor, Tensor> network) {
        this.rows = rows;
        this.columns = columns;
        List<Tensor> above = List.of();
        for (int top = 0; top < x.size(HEIGHT); top += rows.step()) {
            List<Tensor> row = new ArrayList<>();
            for (int left = 0; left < x.size(WIDTH); left += columns.step()) {
                try (MemoryScope scope = owner.open()) {
                    Tensor part = TensorKernels.narrow(scope, x, HEIGHT, top, top + rows.size());
                    Tensor tile =
                            network.apply(scope, TensorKernels.narrow(scope, part, WIDTH, left, left + columns.size()));
                    if (!above.isEmpty()) {
                        tile = scope.call("blend", above.get(row.size()), tile, rows.blend(), HEIGHT);
                    }
                    if (!row.isEmpty()) {
                        tile = scope.call("blend", row.get(row.size() - 1), tile, columns.blend(), WIDTH);
                    }
                    row.add(owner.adopt(tile));
                }
            }
            tiles.add(row);
            above = row;
        }
    }

    /** How many frames the results have. */
    int frames() {
        return tiles.get(0).get(0).size(2);
    }

    /**
     * Puts the tiles together.
     *
     * @param start first frame
     * @param end after the last one
     * @return [B, C', end − start, height', width']
     */
    Tensor join(MemoryScope out, int start, int end) {
        try (MemoryScope scope = out.open()) {
            List<Tensor> joined = new ArrayList<>();
            for (List<Tensor> row : tiles) {
                List<Tensor> parts = new ArrayList<>();
                for (Tensor tile : row) {
                    Tensor part = TensorKernels.narrow(scope, tile, 2, start, end);
                    part = TensorKernels.narrow(scope, part, HEIGHT, 0, rows.keep());
                    parts.add(TensorKernels.narrow(scope, part, WIDTH, 0, columns.keep()));
                }
                joined.add(TensorKernels.concat(scope, parts, WIDTH));
            }
            return TensorKernels.concat(out, joined, HEIGHT);
        }
    }
}
