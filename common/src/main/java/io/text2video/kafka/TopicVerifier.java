package io.text2video.kafka;

import static io.text2video.kafka.KafkaFutures.await;

import io.text2video.common.topic.QueueKind;
import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/**
 * Compares the fleet's topics, and the brokers' limits for share groups, with what the fleet needs of them. It changes
 * nothing.
 */
public final class TopicVerifier {
    private static final String LEAST_LOCK = "group.share.min.record.lock.duration.ms";
    private static final String LONGEST_LOCK = "group.share.max.record.lock.duration.ms";
    private static final String DELIVERIES = "group.share.delivery.count.limit";

    /** Kafka's default. A job whose worker dies, or is told to end, is delivered once more. */
    private static final int FEWEST_DELIVERIES = 5;

    /** How often to ask for a topic that was made a moment ago: not every broker knows it yet. */
    private static final int TRIES = 50;

    private static final Duration PAUSE = Duration.ofMillis(200);

    /**
     * What was found.
     *
     * @param topics the fleet's topics that there are
     */
    public record Result(Set<String> topics, List<Misconfiguration> misconfigurations) {}

    private TopicVerifier() {}

    /**
     * Looks at those of the fleet's topics that there are.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @throws UnsupportedQueueException when the broker does not have the queue that {@code fleet} insists on
     * @throws IllegalStateException when it refuses or does not answer
     */
    public static Result verify(Map<String, Object> kafka, FleetConfig fleet) {
        try (Admin admin = Admin.create(kafka)) {
            QueueKind queue = fleet.queue().settle(admin);
            return verify(admin, servers(kafka), fleet.partitions(), fleet.recordLock(), queue, Set.of());
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    "the broker at %s does not tell its settings: %s".formatted(servers(kafka), e.getMessage()), e);
        }
    }

    /** @param expected topics that there must be, or come within seconds */
    static Result verify(
            Admin admin, String servers, int partitions, Duration recordLock, QueueKind queue, Set<String> expected) {
        var found = new Misconfigurations();
        Described described = describe(admin, expected);
        Map<String, TopicDescription> topics = described.topics();
        var rules = new TopicRules(servers, partitions, queue, found);
        topics.forEach((name, topic) -> rules.verify(
                Topic.of(name).orElseThrow(), topic, described.settings().get(name)));
        if (queue == QueueKind.SHARE_GROUP) {
            Set<String> brokers = await(admin.describeCluster().nodes()).stream()
                    .map(Node::idString)
                    .collect(Collectors.toCollection(TreeSet::new));
            for (Settings broker :
                    settings(admin, ConfigResource.Type.BROKER, brokers).values()) {
                limits(recordLock.toMillis()).forEach(limit -> limit.verify(broker, found));
            }
        }
        return new Result(topics.keySet(), found.all());
    }

    static String servers(Map<String, Object> kafka) {
        return String.valueOf(kafka.get("bootstrap.servers"));
    }

    private record Described(Map<String, TopicDescription> topics, Map<String, Settings> settings) {}

    private static Described describe(Admin admin, Set<String> expected) {
        for (int tries = 1; ; tries++) {
            try {
                Set<String> names = new TreeSet<>(expected);
                await(admin.listTopics().names()).stream()
                        .filter(name -> Topic.of(name).isPresent())
                        .forEach(names::add);
                return new Described(
                        new TreeMap<>(await(admin.describeTopics(names).allTopicNames())),
                        settings(admin, ConfigResource.Type.TOPIC, names));
            } catch (UnknownTopicOrPartitionException e) {
                if (tries == TRIES) {
                    throw e;
                }
                Utils.sleep(PAUSE.toMillis());
            }
        }
    }

    private static Map<String, Settings> settings(Admin admin, ConfigResource.Type type, Set<String> names) {
        var resources =
                names.stream().map(name -> new ConfigResource(type, name)).toList();
        Map<String, Settings> settings = new HashMap<>();
        await(admin.describeConfigs(resources).all())
                .forEach((resource, config) -> settings.put(resource.name(), new Settings(config)));
        return settings;
    }

    /** What the brokers' limits of share groups must allow. */
    private static List<Limit> limits(long lock) {
        return List.of(
                new Limit(
                        true,
                        LONGEST_LOCK,
                        longest -> lock <= longest,
                        lock,
                        "at least %d as FLEET_RECORD_LOCK says",
                        "the brokers refuse so long a lock",
                        "FLEET_RECORD_LOCK=%dms or less everywhere, or "),
                new Limit(
                        true,
                        LEAST_LOCK,
                        least -> lock >= least,
                        lock,
                        "at most %d as FLEET_RECORD_LOCK says",
                        "the brokers refuse so short a lock",
                        "FLEET_RECORD_LOCK=%dms or more everywhere, or "),
                new Limit(
                        false,
                        DELIVERIES,
                        limit -> limit >= FEWEST_DELIVERIES,
                        FEWEST_DELIVERIES,
                        "%d at least",
                        "the broker drops a job early whose workers end, and it waits until a gateway finds it lost",
                        ""));
    }

    /**
     * A setting of the brokers.
     *
     * @param right what it is to be set to where it is not good
     * @param needed the same in words, for a number
     * @param instead what may be set instead, for the number that there is; may be empty
     */
    private record Limit(
            boolean fatal,
            String setting,
            LongPredicate good,
            long right,
            String needed,
            String reason,
            String instead) {
        void verify(Settings broker, Misconfigurations found) {
            broker.number(setting)
                    .filter(value -> !good.test(value))
                    .ifPresent(value -> found.ofBrokers(
                            fatal,
                            setting,
                            value,
                            needed.formatted(right),
                            reason,
                            "set %s%s=%d in each broker's server.properties"
                                    .formatted(instead.formatted(value), setting, right)));
        }
    }
}
