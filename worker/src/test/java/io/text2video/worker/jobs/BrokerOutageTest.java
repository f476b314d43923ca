package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.TopicRecords;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away when a video is drawn, for longer than the producer tries to send one record. */
class BrokerOutageTest extends JobRunnerFixture {
    private static final Duration RECORD = Duration.ofSeconds(2);
    private static final Duration OUTAGE = RECORD.multipliedBy(4);

    @TempDir
    Path own;

    private EmbeddedKafka kafka;

    private final CompletableFuture<Void> back = new CompletableFuture<>();
    private TestDelivery delivery;

    @Test
    void shouldTellOfTheEndOnceTheBrokerIsBack() throws Exception {
        // Given a broker that goes away while the frames are decoded
        String servers = beginAnOutageAmidFrames(() -> {});

        // When the job runs
        Outcome outcome = run();

        // Then it is completed in this attempt, and the topics tell so
        assertThat(back).succeedsWithin(ONE_MINUTE);
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(pipeline.generated).hasSize(1);
        JobSnapshot end = fleet.folders.end(id).orElseThrow();
        for (Topic topic : new Topic[] {Topic.JOBS, Topic.EVENTS, Topic.WEBHOOKS}) {
            assertThat(TopicRecords.of(servers, topic.topicName(), id.toString()))
                    .isNotEmpty();
        }
        assertThat(lastState(servers)).isEqualTo(end);
    }

    @Test
    void shouldTellLastThatTheJobIsDeletedWhenItIsByThen() throws Exception {
        // Given a broker that goes away, and a job that a gateway ends and deletes before this worker can tell its end
        String servers = beginAnOutageAmidFrames(this::deleteOnceEnded);

        // When the job runs
        run();
        assertThat(back).succeedsWithin(ONE_MINUTE);

        // Then who reads its last state does not find it again, and is told its end all the same
        assertThat(lastState(servers).status()).isEqualTo(JobStatus.DELETED);
        assertThat(TopicRecords.of(servers, Topic.WEBHOOKS.topicName(), id.toString()))
                .hasSize(1);
        assertThat(fleet.folders.look(id).keys()).containsExactly(ObjectKeys.result(id));
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    /**
     * @param meanwhile what happens before the broker is back
     * @return the broker's address
     */
    private String beginAnOutageAmidFrames(Runnable meanwhile) throws IOException {
        kafka = new EmbeddedKafka(own, 0);
        String servers = kafka.bootstrapServers();
        TopicInitializer.initialize(Map.of("bootstrap.servers", servers), 1, Duration.ofSeconds(30));
        pipeline.amidFrames = () -> {
            kafka.close();
            CompletableFuture.delayedExecutor(OUTAGE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        meanwhile.run();
                        restart(URI.create("kafka://" + servers).getPort());
                    });
        };
        publisher.close();
        publisher = new JobPublisher(Map.of(
                "bootstrap.servers",
                servers,
                "delivery.timeout.ms",
                (int) RECORD.toMillis(),
                "request.timeout.ms",
                (int) RECORD.toMillis() / 2,
                "max.block.ms",
                RECORD.toMillis(),
                "linger.ms",
                0));
        return servers;
    }

    private Outcome run() {
        delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        return runner(fleet.store, new Backoff(Duration.ofMinutes(5), Duration.ofMillis(50)))
                .run(delivery);
    }

    private void deleteOnceEnded() {
        try {
            await().atMost(ONE_MINUTE).until(() -> fleet.folders.end(id).isPresent());
            fleet.folders.delete(fleet.folders.end(id).orElseThrow().deleted());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JobSnapshot lastState(String servers) throws Exception {
        var states = TopicRecords.of(servers, Topic.JOBS.topicName(), id.toString());
        return JsonCodec.read(states.get(states.size() - 1).value(), JobSnapshot.class);
    }

    private void restart(int port) {
        try {
            kafka = new EmbeddedKafka(own, port);
            back.complete(null);
        } catch (IOException e) {
            back.completeExceptionally(new UncheckedIOException(e));
        }
    }
}
