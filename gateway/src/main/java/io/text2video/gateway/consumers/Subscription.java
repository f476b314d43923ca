package io.text2video.gateway.consumers;

import io.text2video.common.topic.Topic;
import java.time.Duration;

/**
 * A topic that each gateway reads as a member of a group. Each bean of this type is read from the gateway's start to its end.
 *
 * @param group the consumer group, and the thread's name
 * @param handler is handed the records
 * @param releaseTimeout how long what was begun is waited for before its partition is given away
 */
public record Subscription(Topic topic, String group, RecordHandler handler, Duration releaseTimeout) {}
