package io.text2video.worker.hub;

/** Adds up what several threads fetch. Safe across threads. */
final class ProgressCount {
    private final DownloadListener listener;
    private long fetched;
    private long bytes;
    private long allBytes;
    private int files;
    private int allFiles;

    ProgressCount(DownloadListener listener) {
        this.listener = listener;
    }

    synchronized void expect(long moreBytes, int moreFiles) {
        allBytes += moreBytes;
        allFiles += moreFiles;
        tell();
    }

    synchronized void fetched(long more) {
        fetched += more;
        bytes += more;
        tell();
    }

    /** Bytes that lay there already, or, when negative, that were thrown away. */
    synchronized void found(long more) {
        bytes += more;
        tell();
    }

    synchronized void completed() {
        files++;
        tell();
    }

    synchronized long fetched() {
        return fetched;
    }

    private void tell() {
        listener.progress(new DownloadListener.Progress(bytes, allBytes, files, allFiles));
    }
}
