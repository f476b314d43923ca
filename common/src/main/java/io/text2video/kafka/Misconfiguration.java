package io.text2video.kafka;

import java.util.List;

/**
 * A setting of Kafka that is not as the fleet needs it.
 *
 * @param fatal whether gateways and workers refuse to start with it, as records would be lost or no job would run
 * @param topics that have it; none where it is a setting of the brokers
 * @param setting as Kafka names it
 * @param needed what it should be
 * @param reason what comes of it
 * @param remedy the command, or the change, that mends it
 */
public record Misconfiguration(
        boolean fatal, List<String> topics, String setting, String value, String needed, String reason, String remedy) {
    public Misconfiguration {
        topics = List.copyOf(topics);
    }

    /** All of it in one line. */
    @Override
    public String toString() {
        return "%s: %s is %s, needed is %s, or %s; to mend it: %s"
                .formatted(
                        topics.isEmpty() ? "the brokers" : String.join(", ", topics),
                        setting,
                        value,
                        needed,
                        reason,
                        remedy);
    }
}
