package io.text2video.worker.info;

/** What this build of the engine can run, on the CPU; whoever teaches it more says so here. */
final class Build {
    private Build() {}

    static boolean runs(Precision weights) {
        return !weights.quantized();
    }
}
