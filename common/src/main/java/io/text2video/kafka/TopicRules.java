package io.text2video.kafka;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG;

import io.text2video.common.topic.QueueKind;
import io.text2video.common.topic.Topic;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * What a topic must be like, whatever it holds; the numbers that differ are with the {@link Topic}. Settings that the broker
 * does not tell are passed over.
 */
final class TopicRules {
    private final String servers;
    private final int partitions;
    private final QueueKind queue;
    private final Misconfigurations found;

    /**
     * @param servers for the commands that mend
     * @param partitions as {@link FleetConfig#partitions}
     */
    TopicRules(String servers, int partitions, QueueKind queue, Misconfigurations found) {
        this.servers = servers;
        this.partitions = partitions;
        this.queue = queue;
        this.found = found;
    }

    void verify(Topic kind, TopicDescription topic, Settings settings) {
        String name = topic.name();
        partitions(kind, name, topic.partitions().size());
        settings.text(CLEANUP_POLICY_CONFIG).ifPresent(policy -> cleanup(kind, name, policy));
        if (!kind.isCompacted()) {
            settings.number(RETENTION_MS_CONFIG).ifPresent(millis -> retention(kind, name, millis));
            settings.number(RETENTION_BYTES_CONFIG).ifPresent(bytes -> retainedBytes(name, bytes));
        }
        settings.number(MAX_MESSAGE_BYTES_CONFIG).ifPresent(bytes -> messageBytes(kind, name, bytes));
        int replicas = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (replicas == 1) {
            found.warn(
                    name,
                    "replication.factor",
                    1,
                    "3 where there are so many brokers",
                    "what is on a broker is lost with its disk",
                    "kafka-reassign-partitions.sh --bootstrap-server %s --reassignment-json-file FILE --execute"
                            .formatted(servers));
        } else {
            settings.number(MIN_IN_SYNC_REPLICAS_CONFIG).ifPresent(inSync -> inSync(name, inSync, replicas));
            settings.text(UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG).ifPresent(unclean -> leaders(name, unclean));
        }
    }

    private void partitions(Topic kind, String name, int there) {
        int needed = kind.partitions(partitions, queue);
        if (kind == Topic.MODELS && there != needed) {
            found.warn(
                    name,
                    "partitions",
                    there,
                    needed,
                    "an old card of a model may outlive its successor",
                    "delete the topic while no worker runs; the next one to start makes it");
        } else if (kind == Topic.REQUESTS && queue == QueueKind.SHARE_GROUP && there != needed) {
            found.warn(
                    name,
                    "partitions",
                    there,
                    needed + " with share groups",
                    "a job may wait behind another while workers are idle",
                    "delete the topic while no job is queued; the next worker to start makes it");
        } else if (kind == Topic.REQUESTS && queue == QueueKind.CONSUMER_GROUP && there < needed) {
            found.warn(
                    name,
                    "partitions",
                    there,
                    needed + " as FLEET_PARTITIONS says",
                    "no more of the pool's workers work at once",
                    "kafka-topics.sh --bootstrap-server %s --alter --topic %s --partitions %d"
                            .formatted(servers, Misconfigurations.TOPIC, needed));
        }
    }

    private void cleanup(Topic kind, String name, String value) {
        Set<String> policies =
                Arrays.stream(value.split(",")).map(String::strip).collect(Collectors.toSet());
        String needed = kind.isCompacted() ? CLEANUP_POLICY_COMPACT : CLEANUP_POLICY_DELETE;
        String harmful = kind.isCompacted() ? CLEANUP_POLICY_DELETE : CLEANUP_POLICY_COMPACT;
        String remedy = alter(CLEANUP_POLICY_CONFIG, needed);
        if (policies.contains(harmful)) {
            String reason = kind.isCompacted()
                    ? "what is to be kept for ever is deleted after a time"
                    : "of the records with one key, all but the last are deleted";
            found.refuse(name, CLEANUP_POLICY_CONFIG, value, needed, reason, remedy);
        } else if (!policies.contains(needed)) {
            String shown = value.isBlank() ? "none" : value;
            found.warn(name, CLEANUP_POLICY_CONFIG, shown, needed, "the topic grows for ever", remedy);
        }
    }

    private void retention(Topic kind, String name, long value) {
        long usual = kind.retention().toMillis();
        long least = kind.leastRetention().toMillis();
        String remedy = alter(RETENTION_MS_CONFIG, usual);
        if (value >= 0 && value < least) {
            String reason = "records are deleted that still wait to be read";
            found.refuse(name, RETENTION_MS_CONFIG, value, least + " at least", reason, remedy);
        } else if (value >= 0 && value < usual) {
            found.warn(name, RETENTION_MS_CONFIG, value, usual, "records go earlier than documented", remedy);
        }
    }

    private void retainedBytes(String name, long value) {
        if (value >= 0) {
            String reason = "records are deleted when there are many, read or not";
            found.warn(name, RETENTION_BYTES_CONFIG, value, -1, reason, alter(RETENTION_BYTES_CONFIG, -1));
        }
    }

    private void messageBytes(Topic kind, String name, long value) {
        int needed = kind.maxMessageBytes();
        String remedy = alter(MAX_MESSAGE_BYTES_CONFIG, needed);
        if (value < kind.leastMessageBytes()) {
            String reason = "a record is lost that does not fit even when it is cut";
            found.refuse(name, MAX_MESSAGE_BYTES_CONFIG, value, needed, reason, remedy);
        } else if (value < needed) {
            String reason = kind == Topic.DEAD_LETTERS
                    ? "large records are cut, and cannot be replayed"
                    : "large records are refused";
            found.warn(name, MAX_MESSAGE_BYTES_CONFIG, value, needed, reason, remedy);
        }
    }

    private void inSync(String name, long value, int replicas) {
        String remedy = alter(MIN_IN_SYNC_REPLICAS_CONFIG, 2);
        if (value < 2) {
            String reason = "a record that one broker alone has is acknowledged, and lost if that one dies";
            found.warn(name, MIN_IN_SYNC_REPLICAS_CONFIG, value, 2, reason, remedy);
        } else if (value > replicas) {
            String reason = "nothing can be written, as there are %d replicas".formatted(replicas);
            found.warn(name, MIN_IN_SYNC_REPLICAS_CONFIG, value, 2, reason, remedy);
        }
    }

    private void leaders(String name, String unclean) {
        if (Boolean.parseBoolean(unclean)) {
            String reason = "a broker that lacks the last records may come to lead, and they are lost";
            String remedy = alter(UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, false);
            found.warn(name, UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, unclean, false, reason, remedy);
        }
    }

    private String alter(String setting, Object value) {
        return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                .formatted(servers, Misconfigurations.TOPIC, setting, value);
    }
}
