package io.text2video.worker.pipeline;

/**
 * Frames of a video that goes on where another one ends: those of the other one, then the generated ones but the first, which
 * shows the other one's last. For one thread.
 */
public final class StitchedFrames implements FrameSink {
    private final Frames before;
    private final FrameSink sink;
    private boolean begun;

    /**
     * @param before of the generated frames' height and width
     * @param sink given all of them
     */
    public StitchedFrames(Frames before, FrameSink sink) {
        this.before = before;
        this.sink = sink;
    }

    @Override
    public void accept(Frames chunk) {
        if (begun) {
            sink.accept(chunk);
            return;
        }
        if (chunk.height() != before.height() || chunk.width() != before.width()) {
            throw new IllegalArgumentException("frames of %dx%d cannot follow those of %dx%d"
                    .formatted(chunk.width(), chunk.height(), before.width(), before.height()));
        }
        begun = true;
        sink.accept(before);
        if (chunk.count() > 1) {
            sink.accept(chunk.from(1));
        }
    }
}
