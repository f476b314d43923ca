package io.text2video.gateway.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.commands.Cancellation;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.storage.Batch;
import io.text2video.gateway.storage.StoredBatches;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a gateway leaves when it dies in the middle of a batch, and another one makes of it. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class BatchWorkTest {
    private static final int LINES = 150;
    private static final Duration HANGS = Duration.ofMinutes(3);

    @Inject
    StoredBatches batches;

    @Inject
    Submission submission;

    @Inject
    Cancellation cancellation;

    @Inject
    JobView view;

    @Inject
    OtherPrograms others;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final Batch batch = new Batch(BatchId.next(), Tenant.DEFAULT, LINES, "0123", Instant.now());
    private final List<VideoRequest> requests = IntStream.rangeClosed(1, LINES)
            .mapToObj(line ->
                    new VideoRequest(1, batch.id().job(line), null, "a red ball", null, null, null, batch.createdAt()))
            .toList();

    @Test
    void shouldGoOnWithABatchThatAGatewayLeft() {
        // Given a gateway that has submitted some of a batch
        accept();
        submit(70);

        // When another one finds it
        whileAnotherWorks(() -> await().atMost(HANGS).until(() -> !state().isOpen()));

        // Then each job is submitted once
        assertThat(TopicRecords.all(broker, Topic.REQUESTS.topicName()))
                .filteredOn(record -> new String(record.value(), UTF_8).contains(prefix()))
                .hasSize(LINES);
        view.upToDate().await().indefinitely();
        assertThat(BatchCounts.count(state(), view).of(JobStatus.QUEUED)).isEqualTo(LINES);
    }

    @Test
    void shouldFinishTheCancellationThatAGatewayLeft() {
        accept();
        submit(70);
        batches.cancel(batch.id()).await().indefinitely();

        whileAnotherWorks(() -> await().atMost(HANGS)
                .until(() ->
                        !state().isOpen() && BatchCounts.count(state(), view).of(JobStatus.CANCELLED) == LINES));

        assertThat(view.status(batch.id().job(70))).hasValue(JobStatus.CANCELLED);
        assertThat(view.status(batch.id().job(71))).isEmpty();
    }

    @Test
    void shouldLeaveNoMarkOfABatchThatNobodyAccepted() throws Exception {
        batches.markOpen(batch.id());

        whileAnotherWorks(() -> await().atMost(HANGS)
                .until(() ->
                        !batches.leftSince(Instant.now().plusSeconds(60), 1000).contains(batch.id())));

        assertThat(batches.state(batch.id()).await().indefinitely()).isEmpty();
    }

    private void accept() {
        String lines = requests.stream()
                .map(request -> new String(JsonCodec.write(request), UTF_8))
                .collect(Collectors.joining("\n", "", "\n"));
        batches.keep(batch, lines.getBytes(UTF_8)).await().indefinitely();
    }

    private void submit(int some) {
        requests.subList(0, some)
                .forEach(request -> others.request(new String(JsonCodec.write(request), UTF_8), request.id()));
    }

    private void whileAnotherWorks(Runnable waiting) {
        try (var work = new BatchWork(batches, submission, cancellation, view, Duration.ofMillis(20))) {
            work.start();
            waiting.run();
        }
    }

    private StoredBatches.State state() {
        return batches.state(batch.id()).await().indefinitely().orElseThrow();
    }

    /** Of the ids of all its jobs, as they are written. */
    private String prefix() {
        String id = batch.id().toString();
        return id.substring(0, id.length() - 4);
    }
}
