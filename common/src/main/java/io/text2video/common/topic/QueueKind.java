package io.text2video.common.topic;

/** How a broker hands a pool's requests to its workers. */
public enum QueueKind {
    /** Each record is locked for the worker that has it (KIP-932): as many workers as there are, Kafka 4.2 or later. */
    SHARE_GROUP,
    /** Each partition belongs to one worker: at most as many of them work as there are partitions. Any Kafka. */
    CONSUMER_GROUP
}
