package io.text2video.worker.hub;

/** Told how a download gets on. Called by several threads, at each piece of some hundred kilobytes. */
@FunctionalInterface
public interface DownloadListener {
    DownloadListener NONE = progress -> {};

    void progress(Progress progress);

    /**
     * @param bytes here, those that were here before included; less than before when a file had to start over
     * @param allBytes of all files known so far; the weights join when their index has been read
     * @param files complete
     * @param allFiles known so far
     */
    record Progress(long bytes, long allBytes, int files, int allFiles) {}
}
