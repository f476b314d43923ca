package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.CloudEvents;
import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobRunnerTest extends JobRunnerFixture {
    @Test
    void shouldPublishAVideoAndEverythingAboutIt() throws Exception {
        // Given a request that leaves most to the model
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

        // When it runs
        Outcome outcome = runner.run(delivery);

        // Then the objects are in the store
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(delivery.end).isEqualTo("accepted");
        List<JobSnapshot> states = states();
        JobSnapshot done = states.get(1);
        assertThat(fleet.store.size(ObjectKeys.video(id, new AttemptId(1, 1))))
                .contains(done.video().bytes());
        assertThat(fleet.store.size(ObjectKeys.poster(id, new AttemptId(1, 1)))).isPresent();
        assertThat(JsonCodec.read(fleet.store.read(ObjectKeys.result(id)).orElseThrow(), JobSnapshot.class))
                .isEqualTo(done);

        // And the states follow each other, with every parameter filled in
        assertThat(states).extracting(JobSnapshot::status).containsExactly(JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
        assertThat(states).extracting(JobSnapshot::worker).containsOnly("w1");
        assertThat(states).extracting(JobSnapshot::model).containsOnly("blob");
        assertThat(done.parameters())
                .isEqualTo(states.get(0).parameters())
                .hasNoNullFieldsOrPropertiesExcept(
                        "timesteps", "enhancePrompt", "enhancePromptRequired", "embedRecipe");
        assertThat(done.parameters().seed()).isBetween(0L, 1L << 53);
        assertThat(done.video().durationSeconds()).isEqualTo(9 / 8.0);

        // And so do the events, the last step and the last frame among them
        var events = fleet.messages(Topic.EVENTS, id, VideoEvent.class);
        assertThat(events.get(0).type()).isEqualTo(EventType.STARTED);
        assertThat(events.get(events.size() - 2).step()).isEqualTo(4);
        assertThat(events.get(events.size() - 2).decodedFrames()).isEqualTo(9);
        VideoEvent completed = events.get(events.size() - 1);
        assertThat(completed).isEqualTo(VideoEvent.of(done));
        assertThat(completed.seed()).isEqualTo(done.parameters().seed());
        var headers = fleet.records(Topic.EVENTS, id).get(events.size() - 1).headers();
        assertThat(CloudEvents.attribute(headers, "type")).contains("video.completed");
        assertThat(CloudEvents.attribute(headers, "id")).contains(id + ".1-1.video.completed");

        // And the webhook is due
        assertThat(fleet.messages(Topic.WEBHOOKS, id, WebhookDelivery.class))
                .containsExactly(WebhookDelivery.first(done));
        assertThat(meters.counter("text2video.worker.jobs", "outcome", "completed")
                        .count())
                .isEqualTo(1);
        assertThat(meters.timer("text2video.worker.stage", "stage", "upload").count())
                .isEqualTo(1);
        assertThat(meters.timer("text2video.worker.step").count())
                .as("4 steps but the first")
                .isEqualTo(3);
    }

    @Test
    void shouldTellHowManyStepsAJobWithACacheReused() throws Exception {
        pipeline.reusedSteps = 3;
        var cached = new VideoParameters(null, 8, null, null, null, 0.1, null, null, null, null, null, null, null);

        runner.run(TestDelivery.of(request(null, cached)));

        JobSnapshot done = states().get(1);
        assertThat(done.parameters().cacheThreshold()).isEqualTo(0.1);
        assertThat(done.reusedSteps()).isEqualTo(3);
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class))
                .last()
                .isEqualTo(VideoEvent.of(done))
                .extracting(VideoEvent::reusedSteps)
                .isEqualTo(3);
    }

    @Test
    void shouldDrawTheSameVideoInAnotherAttempt() {
        pipeline.atStep = step -> stop.send();
        assertThat(runner.run(TestDelivery.of(request(null, VideoParameters.DEFAULTS))))
                .isEqualTo(Outcome.RELEASED);

        pipeline.atStep = step -> {};
        runner(fleet.store, new StopSignal()).run(TestDelivery.of(request(null, VideoParameters.DEFAULTS)));

        assertThat(pipeline.generated).hasSize(2);
        assertThat(pipeline.generated.get(1)).isEqualTo(pipeline.generated.get(0));
    }

    @Test
    void shouldHaveAWebhookCalledForTheStartWhereThatIsAskedFor() throws Exception {
        // Given
        var webhook = new Webhook("https://example.com/hook", List.of(WebhookEvent.IN_PROGRESS), null);
        var request = new VideoRequest(1, id, null, "a ball", VideoParameters.DEFAULTS, null, webhook, null);

        // When
        runner.run(TestDelivery.of(request));
        // What was sent and forgotten is there once the publisher is closed.
        publisher.close();

        // Then
        assertThat(fleet.messages(Topic.WEBHOOKS, id, WebhookDelivery.class))
                .containsExactly(WebhookDelivery.first(states().get(0)));
    }

    @Test
    void shouldPublishAgainWhatAnEarlierAttemptCompleted() throws Exception {
        // Given an attempt that was killed before it could accept
        runner.run(TestDelivery.of(request(null, VideoParameters.DEFAULTS)));

        // When the record comes again
        TestDelivery again = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        Outcome outcome = runner.run(again);

        // Then nothing is drawn, and everybody is told the same again
        assertThat(outcome).isEqualTo(Outcome.REPEATED);
        assertThat(again.end).isEqualTo("accepted");
        assertThat(pipeline.generated).hasSize(1);
        assertThat(states()).hasSize(3);
        assertThat(states().get(2)).isEqualTo(states().get(1));
        assertThat(fleet.messages(Topic.WEBHOOKS, id, WebhookDelivery.class))
                .hasSize(2)
                .containsOnly(WebhookDelivery.first(states().get(1)));
        assertThat(fleet.store.size(ObjectKeys.video(id, new AttemptId(1, 2)))).isEmpty();
    }

    @Test
    void shouldPublishNothingOfItsOwnWhenAnotherAttemptWasFaster() throws Exception {
        // Given a worker whose lock ran out while it decoded, and another that completed its job
        TestDelivery zombie = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        pipeline.atEnd = () -> {
            zombie.lost = true;
            pipeline.atEnd = () -> {};
            runner.run(TestDelivery.of(request(null, VideoParameters.DEFAULTS)));
        };

        // When the first one finishes
        Outcome outcome = runner.run(zombie);

        // Then its video is gone and the other's stands, whoever tells of it
        assertThat(outcome).isEqualTo(Outcome.LOST);
        assertThat(fleet.store.size(ObjectKeys.video(id, new AttemptId(1, 1)))).isEmpty();
        assertThat(fleet.store.size(ObjectKeys.video(id, new AttemptId(1, 2)))).isPresent();
        assertThat(states()).filteredOn(state -> state.status().isTerminal()).hasSize(1);
        assertThat(fleet.messages(Topic.WEBHOOKS, id, WebhookDelivery.class)).hasSize(1);
    }

    @Test
    void shouldFinishAJobWhoseLockIsLostAndThatNobodyElseHas() throws Exception {
        // Given a broker that does not answer for a while
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        pipeline.atStep = step -> delivery.lost = step == 2;

        // When the job runs on, then it is the job's one end
        assertThat(runner.run(delivery)).isEqualTo(Outcome.COMPLETED);
        assertThat(states())
                .extracting(JobSnapshot::status)
                .containsExactly(JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
    }

    @Test
    void shouldNotFailAJobThatAnotherWorkerMayHave() throws Exception {
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        pipeline.atStep = step -> {
            delivery.lost = true;
            throw new IllegalStateException("broken");
        };

        assertThat(runner.run(delivery)).isEqualTo(Outcome.LOST);
        assertThat(fleet.store.size(ObjectKeys.result(id))).isEmpty();
    }

    @Test
    void shouldAbandonAJobThatIsAnothersByNow() throws Exception {
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        pipeline.atStep = step -> {
            if (step == 2) {
                delivery.lost = true;
                claim(new AttemptId(1, 2), "w2");
            }
        };

        Outcome outcome = runner.run(delivery);

        // What was sent and forgotten is there once the publisher is closed.
        publisher.close();
        assertThat(outcome).isEqualTo(Outcome.LOST);
        assertThat(states()).extracting(JobSnapshot::status).containsExactly(JobStatus.IN_PROGRESS);
        assertThat(fleet.store.size(ObjectKeys.video(id, new AttemptId(1, 1)))).isEmpty();
    }

    @Test
    void shouldGiveTheJobBackWhenToldToStop() throws Exception {
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        pipeline.atStep = step -> stop.send();

        Outcome outcome = runner.run(delivery);

        // What was sent and forgotten is there once the publisher is closed.
        publisher.close();
        assertThat(outcome).isEqualTo(Outcome.RELEASED);
        assertThat(delivery.end).isEqualTo("released");
        assertThat(states()).extracting(JobSnapshot::status).containsExactly(JobStatus.IN_PROGRESS);
    }
}
