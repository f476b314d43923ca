package io.text2video.worker.pipeline;

/** Knows whether a sink has been given frames, after which a generation cannot start anew. For one thread. */
final class WatchedFrames implements FrameSink {
    private final FrameSink sink;
    private boolean come;

    WatchedFrames(FrameSink sink) {
        this.sink = sink;
    }

    boolean haveCome() {
        return come;
    }

    @Override
    public void accept(Frames chunk) {
        come = true;
        sink.accept(chunk);
    }
}
