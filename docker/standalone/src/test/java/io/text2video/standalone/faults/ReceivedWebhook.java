package io.text2video.standalone.faults;

import java.time.Instant;

/**
 * A call that the receiver got.
 *
 * @param number the submission's, from the path
 * @param id the {@code webhook-id}
 * @param signed whether its signature was right, and in time
 * @param answer the status that it got
 */
record ReceivedWebhook(
        Instant time, int number, String id, boolean signed, String type, String job, String status, int answer) {}
