package io.text2video.gateway.jobs;

import java.time.Instant;

/**
 * A worker draws a job.
 *
 * @param worker null where its state does not say
 * @param expectedEnd when it is expected to have drawn it; null where it could not tell
 */
record JobRun(String worker, Instant expectedEnd) {}
