package io.text2video.gateway.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.fleet.BeforeState;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.ShareGroupMember;
import io.text2video.gateway.jobs.HeldReading;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaperTest extends ReaperFixture {
    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void shouldPublishOnceWhatTheShareGroupArchivedInSilence(int deliveries) throws Exception {
        try (var one = new Gateway();
                var other = new Gateway();
                var worker = new ShareGroupMember(kafka)) {
            // Given a record that a rogue rejects, or gives back until the broker has enough
            JobId id = request("a red ball");
            Consumer<ShareGroupMember.Taken> end =
                    deliveries == 1 ? ShareGroupMember.Taken::reject : ShareGroupMember.Taken::release;
            for (int delivery = 0; delivery < deliveries; delivery++) {
                end.accept(worker.take());
            }

            // When the next record comes to a worker that does its job
            ShareGroupMember.Taken again = worker.take();
            assertThat(again.id()).isEqualTo(id);
            complete(again);

            // Then it is the only other one, and the same but for its generation
            awaitStatus(one, id, JobStatus.COMPLETED);
            awaitStatus(other, id, JobStatus.COMPLETED);
            await().until(() -> one.reaped() + other.reaped() == 1);
            var records = requests(id);
            assertThat(records).hasSize(2);
            assertThat(records.get(1).value()).isEqualTo(records.get(0).value());
            assertThat(records.get(1).timestamp()).isEqualTo(records.get(0).timestamp());
            assertThat(records.get(1).headers().lastHeader("traceparent"))
                    .isEqualTo(records.get(0).headers().lastHeader("traceparent"));
            assertThat(Lineage.of(records.get(1).headers())).isEqualTo(new Lineage(2, 0, 0));
        }
    }

    @Test
    void shouldLetAnotherGatewayTakeOver() throws Exception {
        try (var first = new Gateway();
                var worker = new ShareGroupMember(kafka)) {
            await().until(first.leadership::isLeader);
            try (var second = new Gateway()) {
                // When the one that leads leaves while a job is lost
                request("a blue ball");
                ShareGroupMember.Taken lost = worker.take();
                start(lost);
                lost.reject();
                first.close();

                // Then the other finds it
                complete(worker.take());
                await().until(() -> second.reaped("archived") == 1);
            }
        }
    }

    @Test
    void shouldReapNeitherWhatWaitsNorWhatRunsNorWhatJustEnded() throws Exception {
        try (var gateway = new Gateway();
                var one = new ShareGroupMember(kafka);
                var two = new ShareGroupMember(kafka);
                var three = new ShareGroupMember(kafka)) {
            // Given a job that runs, one whose worker is silent and still has the lock, one that ends, and two that
            // wait
            JobId running = request("runs");
            ShareGroupMember.Taken first = one.take();
            try (var heart = beat(start(first))) {
                JobId ended = request("ends");
                complete(two.take());
                JobId lost = request("is lost");
                ShareGroupMember.Taken last = two.take();
                List<JobId> waiting = List.of(request("waits"), request("waits too"));

                // When another is lost after all this
                start(last);
                last.reject();
                await().until(() -> gateway.reaped() > 0);

                // Then only that one is published again
                assertThat(requests(lost)).hasSize(2);
                assertThat(gateway.reaped()).isEqualTo(1);
                assertThat(List.of(running, ended, waiting.get(0), waiting.get(1)))
                        .allSatisfy(id -> assertThat(requests(id)).hasSize(1));
                complete(first);
                for (int left = 0; left < 3; left++) {
                    complete(two.take());
                }
            }
        }
    }

    private AutoCloseable beat(JobSnapshot job) {
        var event = JobRecords.event(VideoEvent.progress(job, 0, 25, Instant.now()));
        var heart = Executors.newSingleThreadScheduledExecutor();
        heart.scheduleAtFixedRate(() -> publish(event), 0, 200, TimeUnit.MILLISECONDS);
        return heart::shutdownNow;
    }

    @Test
    void shouldCountAttemptsThatCameToNothing() throws Exception {
        try (var gateway = new Gateway();
                var worker = new ShareGroupMember(kafka)) {
            // Given a job that was begun twice, once ended in good order, and lost
            JobId id = request("a dark ball");
            ShareGroupMember.Taken taken = worker.take();
            start(taken);
            start(taken);
            folders.release(id, new AttemptId(1, 2));
            taken.reject();

            ShareGroupMember.Taken again = worker.take();

            assertThat(Lineage.of(again.record().headers())).isEqualTo(new Lineage(2, 1, 0));
            awaitStatus(gateway, id, JobStatus.QUEUED);
            complete(again);
        }
    }

    @Test
    void shouldRebuildARequestThatHasExpired() throws Exception {
        try (var gateway = new Gateway();
                var worker = new ShareGroupMember(kafka)) {
            // Given a job that was begun, and whose request the broker has no more
            JobId id = request("an old ball");
            ShareGroupMember.Taken taken = worker.take();
            JobSnapshot started = start(taken);
            try (var heart = beat(started)) {
                taken.reject();
                deleteRequestsUpTo(taken.record().offset() + 1);
            }

            ShareGroupMember.Taken again = worker.take();

            assertThat(again.id()).isEqualTo(id);
            assertThat(again.request().prompt()).isEqualTo("an old ball");
            assertThat(again.request().parameters()).isEqualTo(started.parameters());
            assertThat(again.request().createdAt()).isEqualTo(started.createdAt());
            assertThat(Lineage.of(again.record().headers())).isEqualTo(new Lineage(2, 1, 0));
            complete(again);
            await().until(() -> gateway.reaped("expired") == 1);
        }
    }

    @Test
    void shouldTellAnEndThatNobodyTold() throws Exception {
        try (var gateway = new Gateway();
                var worker = new ShareGroupMember(kafka)) {
            // Given a worker that commits the end and dies, so often that its record is archived
            JobId id = request("a lost end");
            ShareGroupMember.Taken taken = worker.take();
            folders.end(Jobs.completed(state(taken), 1));
            taken.reject();

            awaitStatus(gateway, id, JobStatus.COMPLETED);

            assertThat(requests(id)).hasSize(1);
            await().until(() -> gateway.reaped("untold_end") == 1);
            assertThat(folders.look(id).keys()).containsExactly("videos/" + id + "/result.json");
        }
    }

    @Test
    void shouldTellLastThatAJobIsDeletedWhoseEndItTellsLate() throws Exception {
        try (var gateway = new Gateway(false);
                var worker = new ShareGroupMember(kafka)) {
            // Given an end that nobody told, and a reaper that is cut off until another gateway has deleted the job
            JobId id = request("a deleted end");
            ShareGroupMember.Taken taken = worker.take();
            JobSnapshot end = folders.end(Jobs.completed(state(taken), 1));
            taken.reject();
            BeforeState.once(job -> delete(end));

            // When it tells the end
            try (Reaper reaper = gateway.reaper(BeforeState.clients(kafka))) {
                reaper.start();
                await().until(() -> gateway.reaped("untold_end") == 1);
            }

            assertThat(states(id)).containsExactly(JobStatus.DELETED, JobStatus.COMPLETED, JobStatus.DELETED);
            assertThat(folders.look(id).keys()).containsExactly("videos/" + id + "/result.json");
        }
    }

    @Test
    void shouldFindWhatWasArchivedBehindAJobThatStillRuns() throws Exception {
        try (var gateway = new Gateway();
                var worker = new ShareGroupMember(kafka);
                var rogue = new ShareGroupMember(kafka)) {
            // Given a job that runs, and one behind it that was begun and then rejected: the group's start stays
            request("runs");
            ShareGroupMember.Taken running = worker.take();
            JobId id = request("begun");
            ShareGroupMember.Taken begun = rogue.take();
            start(begun);
            begun.reject();

            ShareGroupMember.Taken again = rogue.take();

            assertThat(again.id()).isEqualTo(id);
            await().until(() -> gateway.reaped("dropped") == 1);
            complete(again);
            complete(running);
        }
    }

    @Test
    void shouldSayThatAJobIsQueuedBeforeItsRequestIsPublishedAgain() throws Exception {
        try (var gateway = new Gateway();
                var worker = new ShareGroupMember(kafka)) {
            // Given a job that was begun and lost, and a topic that takes no request
            JobId id = request("a slow ball");
            ShareGroupMember.Taken taken = worker.take();
            start(taken);
            limitRequests(1);
            taken.reject();

            // When the reaper tries, then the state is there before the request: no end can come before it
            awaitStatus(gateway, id, JobStatus.QUEUED);
            assertThat(requests(id)).hasSize(1);

            // And when the topic takes it, the job goes on
            limitRequests(1 << 20);
            complete(worker.take());
            awaitStatus(gateway, id, JobStatus.COMPLETED);
        }
    }

    @Test
    void shouldCloseItsConsumerWhenItIsDoneWithIt() throws Exception {
        try (var gateway = new Gateway(false);
                var worker = new ShareGroupMember(kafka)) {
            // Given a reaper that is reading a lost request back
            Map<String, Object> held = new HashMap<>(kafka);
            held.put("interceptor.classes", HeldReading.class.getName());
            request("a held ball");
            worker.take().reject();
            HeldReading.hold();
            var reaper = gateway.reaper(held);
            reaper.start();
            await().until(HeldReading::isHolding);

            // When it is closed
            reaper.close();

            // Then its own thread has closed the consumer, and nothing is lost
            assertThat(reaper.isAlive()).isFalse();
            assertThat(HeldReading.closedBy()).isEqualTo("reaper");
            HeldReading.release();
            gateway.reaper.start();
            complete(worker.take());
        }
    }

    private static void limitRequests(int bytes) throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topic.REQUESTS.topicName());
            var limit = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
            admin.incrementalAlterConfigs(Map.of(topic, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static void deleteRequestsUpTo(long offset) throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(Topic.REQUESTS.topicName(), 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }
}
