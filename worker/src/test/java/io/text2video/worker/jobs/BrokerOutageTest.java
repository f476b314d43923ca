package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.common.topic.TopicInitializer;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.TopicRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away when a video is drawn, for longer than the producer tries to send one record. */
class BrokerOutageTest extends JobRunnerFixture {
    private static final Duration RECORD = Duration.ofSeconds(2);
    private static final Duration OUTAGE = RECORD.multipliedBy(4);

    @TempDir
    Path own;

    private EmbeddedKafka kafka;

    @Test
    void shouldTellOfTheEndOnceTheBrokerIsBack() throws Exception {
        // Given a broker that goes away while the frames are decoded
        kafka = new EmbeddedKafka(own, 0);
        String servers = kafka.bootstrapServers();
        TopicInitializer.initialize(Map.of("bootstrap.servers", servers), 1, Duration.ofSeconds(30));
        CompletableFuture<Void> back = new CompletableFuture<>();
        pipeline.amidFrames = () -> {
            kafka.close();
            CompletableFuture.delayedExecutor(OUTAGE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> restart(URI.create("kafka://" + servers).getPort(), back));
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
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

        // When the job runs
        Outcome outcome = runner(fleet.store, new Backoff(Duration.ofMinutes(5), Duration.ofMillis(50)))
                .run(delivery);

        // Then it is completed in this attempt, and the topics tell so
        assertThat(back).isCompleted();
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(pipeline.generated).hasSize(1);
        JobSnapshot end = fleet.folders.end(id).orElseThrow();
        for (Topic topic : new Topic[] {Topic.JOBS, Topic.EVENTS, Topic.WEBHOOKS}) {
            assertThat(TopicRecords.of(servers, topic.topicName(), id.toString()))
                    .isNotEmpty();
        }
        var states = TopicRecords.of(servers, Topic.JOBS.topicName(), id.toString());
        assertThat(JsonCodec.read(states.get(states.size() - 1).value(), JobSnapshot.class))
                .isEqualTo(end);
        kafka.close();
    }

    private void restart(int port, CompletableFuture<Void> back) {
        try {
            kafka = new EmbeddedKafka(own, port);
            back.complete(null);
        } catch (IOException e) {
            back.completeExceptionally(new UncheckedIOException(e));
        }
    }
}
