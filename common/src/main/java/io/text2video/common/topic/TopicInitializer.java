package io.text2video.common.topic;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Makes the topics and configures the workers' share groups (KIP-932). Every gateway and worker runs it at its start,
 * before anything is sent: a share group's default, {@code latest}, would lose what was asked for before the first
 * worker came. Topics that exist keep their configuration.
 */
public final class TopicInitializer {
    /** The share group of the default pool's workers. */
    public static final String WORKERS_GROUP = "video-workers";

    private static final Logger LOG = Logger.getLogger(TopicInitializer.class);

    private TopicInitializer() {}

    /** As below, for the default pool. */
    public static void initialize(Map<String, Object> kafka, int partitions, Duration recordLock) {
        initialize(kafka, partitions, recordLock, Pool.DEFAULT);
    }

    /**
     * Prepares what every program of the fleet needs, and what {@code pool} does.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @param partitions of each topic that does not exist yet, but for {@code video.models} and those of requests, which
     *     have one
     * @param recordLock how long a worker may hold a job without renewing
     * @throws IllegalStateException when the broker is too old or does not answer
     */
    public static void initialize(Map<String, Object> kafka, int partitions, Duration recordLock, Pool pool) {
        Set<Pool> pools = new LinkedHashSet<>(List.of(Pool.DEFAULT));
        pools.add(pool);
        try (Admin admin = Admin.create(kafka)) {
            createTopics(admin, partitions, pools);
            admin.incrementalAlterConfigs(pools.stream()
                            .collect(Collectors.toMap(TopicInitializer::group, any -> configuration(recordLock))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot prepare the topics at %s (Kafka 4.2 or later with share groups is needed): %s"
                            .formatted(
                                    kafka.get("bootstrap.servers"), e.getCause().getMessage()),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while preparing the topics", e);
        }
    }

    private static void createTopics(Admin admin, int partitions, Set<Pool> pools)
            throws ExecutionException, InterruptedException {
        var everybodys = Arrays.stream(Topic.values())
                .filter(topic -> topic != Topic.REQUESTS)
                .map(topic -> topic(topic.topicName(), topic, partitions));
        var ofPools = pools.stream().map(pool -> topic(pool.topic(), Topic.REQUESTS, partitions));
        var created = admin.createTopics(Stream.concat(everybodys, ofPools).toList());
        for (var topic : created.values().entrySet()) {
            try {
                topic.getValue().get();
                LOG.infof("topic created topic=%s", topic.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static NewTopic topic(String name, Topic kind, int partitions) {
        return new NewTopic(name, Optional.of(kind.partitions(partitions)), Optional.<Short>empty())
                .configs(kind.configuration());
    }

    private static ConfigResource group(Pool pool) {
        return new ConfigResource(ConfigResource.Type.GROUP, pool.group());
    }

    private static Collection<AlterConfigOp> configuration(Duration recordLock) {
        return List.of(
                set("share.auto.offset.reset", "earliest"),
                set("share.record.lock.duration.ms", Long.toString(recordLock.toMillis())));
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }
}
