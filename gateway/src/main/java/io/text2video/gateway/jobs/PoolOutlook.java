package io.text2video.gateway.jobs;

/**
 * How much a pool has to do: what decides how many workers it needs.
 *
 * @param waiting jobs that no worker has begun
 * @param running jobs that one has
 * @param oldestSeconds since the oldest of those that wait was asked for; 0 where none waits
 * @param workSeconds that one worker is expected to take for all of them, as far as it is known how long each takes
 * @param drainSeconds until the workers that are at work are expected to have done all; not a number where nobody can tell
 */
public record PoolOutlook(int waiting, int running, double oldestSeconds, double workSeconds, double drainSeconds) {
    static final PoolOutlook IDLE = new PoolOutlook(0, 0, 0, 0, 0);
}
