package io.text2video.gateway.jobs;

/**
 * How far an attempt is.
 *
 * @param percent of its denoising steps, 0 to 100
 */
public record Progress(int attempt, int percent) {
    public static final Progress NONE = new Progress(0, 0);

    /** Whether this is news to one who knows {@code other}, whichever was read first. */
    boolean supersedes(Progress other) {
        return attempt > other.attempt || (attempt == other.attempt && percent > other.percent);
    }
}
