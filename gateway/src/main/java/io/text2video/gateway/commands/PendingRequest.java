package io.text2video.gateway.commands;

import java.time.Instant;

/**
 * A request that waits for the broker.
 *
 * @param json the message
 * @param deadline from which on nobody waits for its acknowledgement
 */
record PendingRequest(byte[] json, Instant deadline) {}
