package io.text2video.gateway.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.FreePort;
import io.text2video.embedded.TopicRecords;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicInitializer;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Tag("waits")
class GroupConsumerTest {
    private static final Duration LONG = Duration.ofHours(10);

    @TempDir
    Path data;

    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private int port;
    private EmbeddedKafka broker;
    private Map<String, Object> kafka;

    @BeforeEach
    void startBroker() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
        port = FreePort.find();
        broker = broker();
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        TopicInitializer.initialize(kafka, 4, Duration.ofSeconds(30));
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void shouldMissAKilledMemberSoonUnlessToldOtherwise() {
        assertThat(GroupConsumer.consumerConfig(Map.of(), "group")).containsEntry("session.timeout.ms", 10_000);
        assertThat(GroupConsumer.consumerConfig(Map.of("session.timeout.ms", "30000"), "group"))
                .containsEntry("session.timeout.ms", "30000");
    }

    @Test
    void shouldCallAsOftenAsTheScheduleSaysWhileMembersComeAndGo() throws Exception {
        // Given deliveries of four tries each, whose calls take a while
        int ids = 40;
        send(IntStream.range(0, ids)
                .mapToObj(
                        id -> new Try("id-" + id, 1, Instant.now(), Duration.ofMillis(300), 4, Duration.ofMillis(800)))
                .toList());

        // When a member comes or goes all the while until all is done
        Deque<GroupConsumer> members = new ArrayDeque<>();
        int changes = 0;
        try {
            while (calls.size() < 4 * ids || changes < 12) {
                if (members.size() < 3 && changes % 5 != 4) {
                    members.add(Member.start(kafka, calls::add));
                } else if (!members.isEmpty()) {
                    members.remove().close();
                }
                changes++;
                TimeUnit.MILLISECONDS.sleep(600);
                assertThat(changes).isLessThan(200);
            }
        } finally {
            members.forEach(GroupConsumer::close);
        }

        // Then each was called once for each try, and has one record on the topic for each
        assertThat(calls).hasSize(4 * ids).doesNotHaveDuplicates();
        assertThat(records()).hasSize(4 * ids).doesNotHaveDuplicates();
        assertThat(open()).isZero();
    }

    @Test
    void shouldNotRepeatWhatWasDoneBehindOneThatWaits() throws Exception {
        send(List.of(Try.once("id", Instant.now().plus(LONG))));
        send(IntStream.range(0, 10)
                .mapToObj(number -> new Try("id", number, Instant.now(), Duration.ZERO, number, Duration.ZERO))
                .toList());
        try (var first = Member.start(kafka, calls::add)) {
            await().until(() -> calls.size() == 10);
        }

        // When another takes the place of the one that did it, and comes to what is sent then
        try (var second = Member.start(kafka, calls::add)) {
            send(List.of(new Try("id", 99, Instant.now(), Duration.ZERO, 99, Duration.ZERO)));
            await().until(() -> calls.contains("id#99"));
            await().untilAsserted(() ->
                    assertThat(second.waiting()).as("the one that is not due").isEqualTo(1));
        }

        assertThat(calls).hasSize(11).doesNotHaveDuplicates();
        assertThat(records()).hasSize(12);
        assertThat(open()).isEqualTo(1);
    }

    @Test
    void shouldRepeatAtMostWhatWasInFlightWhenItIsKilled() throws Exception {
        // Given a process that has done much, and is about to do a little more
        send(IntStream.range(0, 100)
                .mapToObj(id -> Try.once("done-" + id, Instant.now()))
                .toList());
        send(IntStream.range(0, 5)
                .mapToObj(id -> new Try("begun-" + id, 1, Instant.now(), Duration.ofMinutes(10), 1, Duration.ZERO))
                .toList());
        Process process = Member.process(kafka);
        try (BufferedReader output = process.inputReader(UTF_8)) {
            while (calls.size() < 105) {
                String line = output.readLine();
                if (line.startsWith(Member.CALL)) {
                    calls.add(line.substring(Member.CALL.length()));
                }
            }
            await().until(() -> open() == 5);

            // When it is killed, and another comes
            process.destroyForcibly().waitFor();
            try (var next = Member.start(kafka, callsThatTakeNoTime(), PartitionProgress.MOST_OPEN)) {
                await().until(() -> open() == 0);
            }
        } finally {
            process.destroyForcibly();
        }

        // Then that was called once more which was in flight
        Map<String, Long> often =
                calls.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(often).hasSize(105);
        assertThat(often).allSatisfy((name, times) -> assertThat(times).isEqualTo(name.startsWith("done") ? 1 : 2));
    }

    @Test
    void shouldCallWhatWaitsAtAMemberThatIsKilled() throws Exception {
        int ids = 40;
        Process killed = Member.process(kafka);
        try (var other = Member.start(kafka, calls::add)) {
            // Given a group of two, and calls of the partitions of both that are not due before one is killed
            await().ignoreExceptions().until(() -> partitionsOfMembers().equals(List.of(2, 2)));
            send(IntStream.range(0, ids)
                    .mapToObj(id -> Try.once("id-" + id, Instant.now().plusSeconds(20)))
                    .toList());

            // When one is killed, and so does not leave
            killed.destroyForcibly().waitFor();

            // Then the other makes its calls too
            await().until(() -> calls.size() == ids && open() == 0);
        } finally {
            killed.destroyForcibly();
        }
        assertThat(calls).doesNotHaveDuplicates();
    }

    @Test
    void shouldLeaveToTheNextOwnerWhatItHasNotBegun() {
        send(List.of(Try.once("id", Instant.now())));
        Queue<String> handedOver = new ConcurrentLinkedQueue<>();
        RecordHandler busy = (record, start) -> {
            handedOver.add(Try.of(record).name());
            return new CompletableFuture<>();
        };
        try (var first = Member.start(kafka, busy, PartitionProgress.MOST_OPEN)) {
            await().until(() -> handedOver.size() == 1);
        }

        try (var second = Member.start(kafka, calls::add)) {
            await().until(() -> open() == 0);
        }

        assertThat(calls).containsExactly("id#1");
    }

    @Test
    void shouldWriteARecordAgainOnceThatHoldsTooManyOthersUp() {
        int mostOpen = 8;
        int others = 100;
        send(List.of(Try.once("far", Instant.now().plus(LONG))));
        send(IntStream.range(0, others)
                .mapToObj(id -> Try.once("id-" + id, Instant.now()))
                .toList());

        try (var member = Member.start(kafka, Member.handler(calls::add), mostOpen)) {
            await().until(() -> open() == 1);
        }

        assertThat(calls).hasSize(others).doesNotHaveDuplicates();
        assertThat(records().stream().filter("far#1"::equals)).hasSizeBetween(2, others / mostOpen);
    }

    @Test
    void shouldDeadLetterWhatItCannotReadAndGoOn() {
        publish(new ProducerRecord<>(Topic.WEBHOOKS.topicName(), "id".getBytes(UTF_8), "none".getBytes(UTF_8)));
        send(List.of(Try.once("id", Instant.now())));

        try (var member = Member.start(kafka, calls::add)) {
            await().until(() -> open() == 0);
            assertThat(member.deadLettered()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(member.waiting()).isZero());
        }

        assertThat(calls).containsExactly("id#1");
        assertThat(TopicRecords.of(broker.bootstrapServers(), Topic.DEAD_LETTERS.topicName(), "id"))
                .hasSize(1);
    }

    @Test
    void shouldWaitWhileTheBrokerIsAway() throws Exception {
        // Given a call that is under way and is to be followed by another
        send(List.of(
                new Try("id", 1, Instant.now(), Duration.ofMillis(1500), 3, Duration.ofMillis(100)),
                Try.once("later", Instant.now().plusSeconds(2))));
        try (var member = Member.start(kafka, calls::add)) {
            await().until(() -> !calls.isEmpty());

            // When the broker goes before it is done, and comes back
            broker.close();
            TimeUnit.MILLISECONDS.sleep(2500);
            broker = broker();

            await().until(() -> calls.size() == 4 && open() == 0);
            assertThat(member.isAlive()).isTrue();
        }
        assertThat(calls).containsExactlyInAnyOrder("id#1", "id#2", "id#3", "later#1");
        assertThat(records()).hasSize(4);
    }

    private List<Integer> partitionsOfMembers() throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            return admin
                    .describeConsumerGroups(List.of(Member.GROUP))
                    .describedGroups()
                    .get(Member.GROUP)
                    .get()
                    .members()
                    .stream()
                    .map(member -> member.assignment().topicPartitions().size())
                    .toList();
        }
    }

    private RecordHandler callsThatTakeNoTime() {
        return (record, start) -> {
            calls.add(Try.of(record).name());
            return CompletableFuture.completedFuture(HandlerOutcome.FINISHED);
        };
    }

    private EmbeddedKafka broker() throws Exception {
        return new EmbeddedKafka(data, port, Map.of("group.min.session.timeout.ms", "1000"));
    }

    private void send(List<Try> tries) {
        try (var publisher = new ReliablePublisher(kafka)) {
            publisher.publish(tries.stream().map(Try::record).toList());
        }
    }

    private void publish(ProducerRecord<byte[], byte[]> record) {
        try (var publisher = new ReliablePublisher(kafka)) {
            publisher.publish(record);
        }
    }

    /** What is on the topic, by name. */
    private List<String> records() {
        return TopicRecords.all(broker.bootstrapServers(), Topic.WEBHOOKS.topicName()).stream()
                .map(record -> record.key() + "#" + new String(record.value(), UTF_8).split(" ")[0])
                .toList();
    }

    /** How many records the group has not finished, as it has committed. */
    private long open() throws Exception {
        long open = TopicRecords.all(broker.bootstrapServers(), Topic.WEBHOOKS.topicName())
                .size();
        try (Admin admin = Admin.create(kafka)) {
            for (OffsetAndMetadata committed : admin.listConsumerGroupOffsets(Member.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()) {
                open -= committed.offset();
                String finished = committed.metadata().replace("finished=", "");
                open -= BitSet.valueOf(Base64.getDecoder().decode(finished)).cardinality();
            }
        }
        return open;
    }
}
