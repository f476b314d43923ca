package io.text2video.gateway.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Priority;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.ShareGroupMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class BacklogDispatcherTest extends ReaperFixture {
    private static final Tenant MANY = new Tenant("many");
    private static final Tenant FEW = new Tenant("few");

    @Test
    void shouldFeedAWorkerFairlyAndEachJobOnce() throws Exception {
        try (var gateway = new Gateway(false);
                var dispatcher = dispatcher(gateway);
                var worker = new ShareGroupMember(kafka)) {
            // Given one tenant's many jobs, and another's two, the last of which is to be first
            List<JobId> many = held(MANY, 12);
            JobId second = held(FEW, Priority.NORMAL);
            JobId first = held(FEW, Priority.HIGH);

            // When a worker takes one after the other
            dispatcher.start();
            List<JobId> taken = new ArrayList<>();
            for (int job = 0; job < 14; job++) {
                ShareGroupMember.Taken next = worker.take();
                taken.add(next.id());
                start(next);
                complete(next);
            }

            // Then the few come early, and none comes twice
            assertThat(taken).containsExactlyInAnyOrderElementsOf(union(many, List.of(first, second)));
            assertThat(taken.indexOf(first)).isLessThan(taken.indexOf(second));
            assertThat(taken.indexOf(second)).isLessThanOrEqualTo(6);
            assertThat(taken.stream().filter(many::contains)).containsExactlyElementsOf(many);
            for (JobId job : taken) {
                assertThat(requests(job)).singleElement().satisfies(record -> assertThat(new String(
                                record.headers()
                                        .lastHeader(Lineage.FORWARDED_FROM)
                                        .value(),
                                UTF_8))
                        .isEqualTo(Topic.BACKLOG.topicName()));
            }
        }
    }

    @Test
    void shouldPutNoMoreOnATopicThanIsSoonTaken() throws Exception {
        try (var gateway = new Gateway(false);
                var dispatcher = dispatcher(gateway);
                var worker = new ShareGroupMember(kafka)) {
            dispatcher.start();
            List<JobId> jobs = held(MANY, 8);

            // Then there are two for each that runs, and two where none does
            await().until(() -> onTheTopic(jobs) == 2);
            ShareGroupMember.Taken taken = worker.take();
            start(taken);
            await().until(() -> onTheTopic(jobs) == 3);
            await().until(() ->
                    gateway.view.openJobs().load(Topic.REQUESTS.topicName()).room() == 0);

            // When jobs are cancelled in the backlog, then none of them leaves it
            for (JobId job : jobs.subList(3, 7)) {
                JobSnapshot queued = gateway.view
                        .find(job)
                        .await()
                        .indefinitely()
                        .orElseThrow()
                        .snapshot();
                publish(JobRecords.state(queued.cancelled(Instant.now())));
                awaitStatus(gateway, job, JobStatus.CANCELLED);
            }
            complete(taken);
            for (JobId job : List.of(jobs.get(1), jobs.get(2), jobs.get(7))) {
                ShareGroupMember.Taken next = worker.take();
                assertThat(next.id()).isEqualTo(job);
                complete(next);
            }
            assertThat(onTheTopic(jobs)).isEqualTo(4);
        }
    }

    @Test
    void shouldGoOnWhenTheGatewayThatLedIsGone() throws Exception {
        try (var first = new Gateway(false);
                var itsDispatcher = dispatcher(first);
                var worker = new ShareGroupMember(kafka)) {
            await().until(first.leadership::isLeader);
            itsDispatcher.start();
            List<JobId> jobs = held(MANY, 6);
            await().until(() -> onTheTopic(jobs) == 2);
            try (var second = new Gateway(false);
                    var otherDispatcher = dispatcher(second)) {
                otherDispatcher.start();

                // When
                itsDispatcher.close();
                first.close();

                // Then
                for (JobId job : jobs) {
                    ShareGroupMember.Taken next = worker.take();
                    assertThat(next.id()).isEqualTo(job);
                    complete(next);
                }
            }
        }
    }

    /** The reaper looks for jobs that no worker will get, and these will. */
    @Test
    void shouldBeTheOnlyOneThatTakesFromTheBacklog() throws Exception {
        try (var gateway = new Gateway();
                var worker = new ShareGroupMember(kafka)) {
            // Given a job in the backlog for longer than any may be silent, and one that is lost
            JobId waits = held(MANY, Priority.NORMAL);
            JobId lost = request("a red ball");
            worker.take().reject();

            // When that one is found
            ShareGroupMember.Taken found = worker.take();
            assertThat(found.id()).isEqualTo(lost);
            complete(found);

            // Then the other is where it was
            await().until(() -> gateway.reaped() == 1);
            assertThat(requests(waits)).isEmpty();
            assertThat(TopicRecords.of(broker.bootstrapServers(), Topic.BACKLOG.topicName(), waits.toString()))
                    .hasSize(1);

            // And goes on when there is somebody for it
            try (var dispatcher = dispatcher(gateway)) {
                dispatcher.start();
                ShareGroupMember.Taken next = worker.take();
                assertThat(next.id()).isEqualTo(waits);
                complete(next);
            }
        }
    }

    private static BacklogDispatcher dispatcher(Gateway gateway) {
        return new BacklogDispatcher(kafka, gateway.view, gateway.leadership, gateway.meters);
    }

    private static int onTheTopic(List<JobId> jobs) {
        var ids = jobs.stream().map(JobId::toString).collect(Collectors.toSet());
        return (int) TopicRecords.all(broker.bootstrapServers(), Topic.REQUESTS.topicName()).stream()
                .filter(record -> ids.contains(record.key()))
                .count();
    }

    private List<JobId> held(Tenant tenant, int jobs) {
        return IntStream.range(0, jobs)
                .mapToObj(job -> held(tenant, Priority.NORMAL))
                .toList();
    }

    /** As a gateway accepts it that finds no room. */
    private JobId held(Tenant tenant, Priority priority) {
        JobId id = JobId.next();
        var request = new VideoRequest(
                VideoRequest.VERSION,
                id,
                "cogvideox-tiny",
                "a red ball",
                Jobs.PARAMETERS,
                null,
                null,
                Instant.now(),
                null,
                null,
                null,
                tenant,
                priority,
                null);
        publish(new ProducerRecord<>(
                Topic.BACKLOG.topicName(), id.toString().getBytes(UTF_8), JsonCodec.write(request)));
        return id;
    }

    private static List<JobId> union(List<JobId> some, List<JobId> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
