package io.text2video.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.FleetConfig;
import io.text2video.kafka.Misconfiguration;
import io.text2video.kafka.MisconfiguredKafkaException;
import io.text2video.kafka.QueueChoice;
import io.text2video.kafka.TopicInitializer;
import io.text2video.kafka.TopicVerifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class TopicVerifierTest {
    private static final Duration LOCK = Duration.ofSeconds(30);
    private static final Pool LARGE = new Pool("large");
    private static final Fleet FLEET = new Fleet(2, LOCK, QueueChoice.AUTO);

    @TempDir
    static Path data;

    private static EmbeddedKafka broker;
    private static Map<String, Object> kafka;
    private static Admin admin;

    private record Fleet(int partitions, Duration recordLock, QueueChoice queue) implements FleetConfig {}

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new EmbeddedKafka(data.resolve("one"), 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        admin = Admin.create(kafka);
        initialize();
        TopicInitializer.initialize(kafka, 2, LOCK, LARGE);
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void shouldWarnOnceThatTheFleetsOwnTopicsHaveOneReplica() {
        TopicVerifier.Result result = TopicVerifier.verify(kafka, FLEET);

        assertThat(result.topics())
                .contains(LARGE.topic())
                .containsAll(Arrays.stream(Topic.values()).map(Topic::topicName).toList());
        assertThat(result.misconfigurations()).singleElement().satisfies(each -> {
            assertThat(each.fatal()).isFalse();
            assertThat(each.setting()).isEqualTo("replication.factor");
            assertThat(each.topics()).containsExactlyInAnyOrderElementsOf(result.topics());
            assertThat(each.toString().lines()).hasSize(1);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "video.jobs,           cleanup.policy,    delete,         compact,             deleted after a time",
        "video.jobs,           cleanup.policy,    'compact,delete', compact,           deleted after a time",
        "video.models,         cleanup.policy,    delete,         compact,             deleted after a time",
        "video.requests,       cleanup.policy,    compact,        delete,              all but the last are deleted",
        "video.requests.large, cleanup.policy,    compact,        delete,              all but the last are deleted",
        "video.retry,          cleanup.policy,    compact,        delete,              all but the last are deleted",
        "video.webhooks,       cleanup.policy,    compact,        delete,              all but the last are deleted",
        "video.control,        cleanup.policy,    'compact,delete', delete,            all but the last are deleted",
        "video.requests,       retention.ms,      3600000,        86400000 at least,   still wait to be read",
        "video.retry,          retention.ms,      3600000,        86400000 at least,   still wait to be read",
        "video.webhooks,       retention.ms,      0,              86400000 at least,   still wait to be read",
        "video.dead-letters,   max.message.bytes, 65536,          2097152,             does not fit even when it is cut"
    })
    void shouldRefuseATopicThatLosesRecords(String topic, String setting, String value, String needed, String reason)
            throws Exception {
        try (var changed = new Changed(topic, setting, value)) {
            assertThatThrownBy(TopicVerifierTest::initialize)
                    .isInstanceOfSatisfying(MisconfiguredKafkaException.class, e -> assertThat(e.misconfigurations())
                            .singleElement()
                            .satisfies(each -> {
                                assertThat(each.fatal()).isTrue();
                                assertThat(each.topics()).containsExactly(topic);
                            }))
                    .hasMessageContainingAll(topic + ": " + setting + " is " + value, "needed is " + needed, reason)
                    .hasMessageContaining(
                            "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s="
                                    .formatted(broker.bootstrapServers(), topic, setting));
            assertThat(of(setting)).singleElement().satisfies(each -> assertThat(each.fatal())
                    .isTrue());
        }
        assertThatCode(TopicVerifierTest::initialize).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "video.jobs,         cleanup.policy,    '',        compact,   grows for ever",
        "video.events,       cleanup.policy,    '',        delete,    grows for ever",
        "video.requests,     retention.ms,      86400000,  604800000, earlier than documented",
        "video.events,       retention.ms,      3600000,   259200000, earlier than documented",
        "video.dead-letters, retention.ms,      3600000,   2592000000, earlier than documented",
        "video.requests,     retention.bytes,   1000000,   -1,        when there are many",
        "video.requests,     max.message.bytes, 500000,    1048588,   large records are refused",
        "video.dead-letters, max.message.bytes, 1048588,   2097152,   cannot be replayed"
    })
    void shouldWarnOfATopicThatMayDoHarm(String topic, String setting, String value, String needed, String reason)
            throws Exception {
        try (var changed = new Changed(topic, setting, value)) {
            assertThatCode(TopicVerifierTest::initialize).doesNotThrowAnyException();
            assertThat(of(setting)).singleElement().satisfies(each -> {
                assertThat(each.fatal()).isFalse();
                assertThat(each.topics()).containsExactly(topic);
                assertThat(each.needed()).isEqualTo(needed);
                assertThat(each.toString()).contains(reason, "--entity-name " + topic + " --add-config " + setting);
            });
        }
    }

    @Test
    void shouldTakeRecordsThatAreKeptForLonger() throws Exception {
        try (var forEver = new Changed("video.requests", "retention.ms", "-1");
                var larger = new Changed("video.requests", "max.message.bytes", "4000000")) {
            assertThat(TopicVerifier.verify(kafka, FLEET).misconfigurations())
                    .extracting(Misconfiguration::setting)
                    .containsExactly("replication.factor");
        }
    }

    @Test
    void shouldWarnOfPartitions() throws Exception {
        try (var own = new EmbeddedKafka(data.resolve("partitions"), 0);
                var client = Admin.create(Map.of("bootstrap.servers", own.bootstrapServers()))) {
            // Given topics with other partitions than the fleet makes
            Map<String, Object> config = Map.of("bootstrap.servers", own.bootstrapServers());
            TopicInitializer.initialize(config, 2, LOCK);
            client.createPartitions(Map.of(
                            "video.models", NewPartitions.increaseTo(2), "video.requests", NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            Awaitility.await()
                    .atMost(ONE_MINUTE)
                    .until(() -> ofPartitions(config, FLEET).size() == 2);

            // Then share groups want one of requests, and a consumer group one for each worker
            assertThat(ofPartitions(config, FLEET))
                    .containsExactlyInAnyOrder("video.models 2 1", "video.requests 3 1 with share groups");
            assertThat(ofPartitions(config, new Fleet(3, LOCK, QueueChoice.CONSUMER_GROUP)))
                    .containsExactly("video.models 2 1");
            assertThat(ofPartitions(config, new Fleet(4, LOCK, QueueChoice.CONSUMER_GROUP)))
                    .containsExactlyInAnyOrder("video.models 2 1", "video.requests 3 4 as FLEET_PARTITIONS says");
            assertThatCode(() -> TopicInitializer.initialize(config, 2, LOCK)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "61, group.share.max.record.lock.duration.ms is 60000, FLEET_RECORD_LOCK=60000ms or less",
        "14, group.share.min.record.lock.duration.ms is 15000, FLEET_RECORD_LOCK=15000ms or more"
    })
    void shouldRefuseALockThatTheBrokersRefuse(long seconds, String what, String remedy) {
        assertThatThrownBy(() -> TopicInitializer.initialize(kafka, 2, Duration.ofSeconds(seconds)))
                .isInstanceOf(MisconfiguredKafkaException.class)
                .hasMessageContainingAll("the brokers: " + what, "FLEET_RECORD_LOCK says", remedy, "server.properties");
    }

    @Test
    void shouldWarnOfWhatTwoBrokersDoNotPromise() throws Exception {
        Map<String, String> careless = Map.of(
                "default.replication.factor",
                "2",
                "unclean.leader.election.enable",
                "true",
                "group.share.delivery.count.limit",
                "3");
        try (var brokers = new TwoBrokers(data.resolve("two"), careless)) {
            Map<String, Object> config = Map.of("bootstrap.servers", brokers.bootstrapServers());
            TopicInitializer.initialize(config, 2, LOCK);

            TopicVerifier.Result result = TopicVerifier.verify(config, FLEET);

            assertThat(result.misconfigurations())
                    .extracting(each -> each.setting() + "=" + each.value() + " " + each.needed())
                    .containsExactlyInAnyOrder(
                            "min.insync.replicas=1 2",
                            "unclean.leader.election.enable=true false",
                            "group.share.delivery.count.limit=3 5 at least");
            assertThat(result.misconfigurations()).allSatisfy(each -> {
                assertThat(each.fatal()).isFalse();
                assertThat(each.topics()).isIn(Set.of(List.of(), List.copyOf(result.topics())));
            });

            // And more in sync than there are replicas would stop all writes
            try (var client = Admin.create(config);
                    var stopped = new Changed(client, "video.jobs", "min.insync.replicas", "3")) {
                // Which both brokers know: either may be asked.
                Awaitility.await().atMost(ONE_MINUTE).untilAsserted(() -> assertThat(
                                TopicVerifier.verify(config, FLEET).misconfigurations())
                        .filteredOn(each -> each.value().equals("3"))
                        .extracting(Misconfiguration::reason, Misconfiguration::topics)
                        .contains(tuple("nothing can be written, as there are 2 replicas", List.of("video.jobs"))));
            }
        }
    }

    private static void initialize() {
        TopicInitializer.initialize(kafka, 2, LOCK);
    }

    private static List<Misconfiguration> of(String setting) {
        return TopicVerifier.verify(kafka, FLEET).misconfigurations().stream()
                .filter(each -> each.setting().equals(setting))
                .toList();
    }

    private static Set<String> ofPartitions(Map<String, Object> config, FleetConfig fleet) {
        return TopicVerifier.verify(config, fleet).misconfigurations().stream()
                .filter(each -> each.setting().equals("partitions"))
                .map(each -> "%s %s %s".formatted(String.join(",", each.topics()), each.value(), each.needed()))
                .collect(Collectors.toSet());
    }

    /** A topic's setting, until this is closed. */
    private static final class Changed implements AutoCloseable {
        private final Admin admin;
        private final ConfigResource topic;
        private final ConfigEntry before;

        Changed(String topic, String setting, String value) throws Exception {
            this(TopicVerifierTest.admin, topic, setting, value);
        }

        Changed(Admin admin, String topic, String setting, String value) throws Exception {
            this.admin = admin;
            this.topic = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            before = told(setting);
            set(new ConfigEntry(setting, value));
        }

        private void set(ConfigEntry entry) throws Exception {
            var change = new AlterConfigOp(entry, OpType.SET);
            admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
            Awaitility.await()
                    .atMost(ONE_MINUTE)
                    .until(() -> told(entry.name()).value().equals(entry.value()));
        }

        private ConfigEntry told(String setting) throws Exception {
            return admin.describeConfigs(List.of(topic)).all().get().get(topic).get(setting);
        }

        @Override
        public void close() throws Exception {
            set(new ConfigEntry(before.name(), before.value()));
        }
    }
}
