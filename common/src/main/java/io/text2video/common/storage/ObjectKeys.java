package io.text2video.common.storage;

import io.text2video.common.job.JobId;

/** Where a job's objects lie in the bucket. Keys are made from parsed ids only. */
public final class ObjectKeys {
    private ObjectKeys() {}

    /** The MP4 of one attempt. */
    public static String video(JobId id, int attempt) {
        return "videos/%s/%d.mp4".formatted(id, attempt);
    }

    /** The PNG of one attempt's first frame. */
    public static String poster(JobId id, int attempt) {
        return "videos/%s/%d.png".formatted(id, attempt);
    }

    /**
     * The image that a job starts from, where a gateway has put it.
     *
     * @param extension of the file's name, such as {@code png}
     */
    public static String input(JobId id, String extension) {
        return "inputs/%s.%s".formatted(id, extension);
    }

    /**
     * The completed job's snapshot. Whoever writes it first has completed the job: it is only ever written on the
     * condition that it is absent.
     */
    public static String result(JobId id) {
        return "videos/%s/result.json".formatted(id);
    }
}
