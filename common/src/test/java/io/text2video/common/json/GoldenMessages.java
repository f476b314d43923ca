package io.text2video.common.json;

import io.text2video.common.access.ApiKey;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.control.ControlMessage;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Priority;
import io.text2video.common.job.PromptTruncation;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A message of each type and kind, by the name of its golden file. What they say stays: a field that a later release adds is said by
 * a message of another name.
 */
final class GoldenMessages {
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    static final JobId ID = JobId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f");
    static final AttemptId FIRST = new AttemptId(1, 1);
    private static final VideoParameters PARAMETERS =
            new VideoParameters("blurry", 25, 2.0, null, null, null, 64, 64, 17, 8, 42L, null, null);
    static final VideoRequest REQUEST = new VideoRequest(
            1,
            ID,
            "cogvideox-tiny",
            "a red ball moving left on a black background",
            PARAMETERS,
            null,
            Webhook.of("https://example.com/hooks"),
            TIME);
    static final JobSnapshot STARTED = JobSnapshot.queued(REQUEST, TIME)
            .started(FIRST, "worker-1", "cogvideox-tiny", PARAMETERS, null, 2.211, TIME.plusSeconds(1));
    static final JobSnapshot COMPLETED = STARTED.completed(
            new VideoFile(ObjectKeys.video(ID, FIRST), ObjectKeys.poster(ID, FIRST), 12_345, 64, 64, 17, 8, 2.125),
            new StageTimings(1.0, 0.01, 1.5, 0.5, 0.05, 0.02),
            null,
            TIME.plusSeconds(4));
    private static final JobSnapshot FAILED = JobSnapshot.queued(REQUEST, TIME)
            .failed(
                    FIRST,
                    "worker-1",
                    new JobError(
                            ErrorCode.INVALID_PARAMETER,
                            "num_frames is 18, but must be a multiple of 8 plus 1; the nearest are 17 and 25",
                            "num_frames"),
                    TIME.plusSeconds(1));

    private static final VideoRequest OF_TIMESTEPS = new VideoRequest(
            1,
            ID,
            "cogvideox-tiny",
            "a red ball",
            new VideoParameters(
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(999, 749, 499, 249),
                    true,
                    true,
                    false),
            null,
            null,
            TIME);

    private static final VideoRequest FROM_IMAGE = new VideoRequest(
                    1,
                    ID,
                    "THUDM/CogVideoX-5b-I2V",
                    "the ball begins to roll",
                    new VideoParameters(
                            null,
                            null,
                            null,
                            true,
                            0.5,
                            0.15,
                            null,
                            null,
                            null,
                            null,
                            42L,
                            List.of(new LoraScale("rain", 0.75), new LoraScale("snow", 1.0)),
                            null),
                    null,
                    null,
                    TIME,
                    "someone",
                    Map.of("project", "spring"),
                    JobId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0e"),
                    new Tenant("acme"),
                    Priority.HIGH,
                    null)
            .startingFrom(new InputReference(ObjectKeys.input(ID, "png")));
    private static final ModelCard CARD = new ModelCard(
            1,
            "THUDM/CogVideoX-2b",
            "CogVideoXPipeline",
            "video.requests",
            true,
            new ModelDefaults(50, 6, false, 480, 720, 49, 8),
            new ModelLimits(16, 16, 4096, 16, 4096, 1_382_400, 4, 193, 1000, false, 66_718_080L, 7200, false),
            new ModelCost(226, 1, 0.5, 0.02, 4.0e-5, 2.0e-9, 2.5e-7),
            List.of("rain", "snow"),
            Map.of(),
            false,
            TIME);

    /** Name and message. */
    static Stream<Arguments> all() {
        return Stream.of(
                Arguments.of("request", REQUEST),
                Arguments.of("request-from-image", FROM_IMAGE),
                Arguments.of(
                        "request-edit",
                        REQUEST.startingFrom(new VideoReference("inputs/acme/ball.mp4", Operation.EDIT, 0.6))),
                Arguments.of(
                        "request-control",
                        REQUEST.startingFrom(new VideoReference("inputs/acme/poses.mp4", Operation.CONTROL, null))),
                Arguments.of(
                        "request-extension",
                        REQUEST.startingFrom(new VideoReference("inputs/acme/ball.webm", Operation.EXTEND, null))),
                Arguments.of("request-timesteps", OF_TIMESTEPS),
                Arguments.of("model-card", CARD),
                Arguments.of(
                        "job-truncated",
                        JobSnapshot.queued(FROM_IMAGE, TIME)
                                .started(
                                        FIRST,
                                        "worker-1",
                                        FROM_IMAGE.model(),
                                        FROM_IMAGE.parameters(),
                                        new PromptTruncation(3, "begins to roll"),
                                        null,
                                        TIME.plusSeconds(1))),
                Arguments.of("job-queued", JobSnapshot.queued(REQUEST, TIME)),
                Arguments.of("job-in-progress", STARTED),
                Arguments.of("job-completed", COMPLETED),
                Arguments.of("job-failed", FAILED),
                Arguments.of("job-cancelled", STARTED.cancelled(TIME.plusSeconds(2))),
                Arguments.of("job-deleted", COMPLETED.deleted()),
                Arguments.of("claim", new Claim(1, "worker-1", "video.requests-0@7", TIME)),
                Arguments.of("event-started", VideoEvent.of(STARTED)),
                Arguments.of("event-decoded", VideoEvent.decoded(STARTED, 25, 9, TIME.plusSeconds(2))),
                Arguments.of("event-progress", VideoEvent.progress(STARTED, 5, 25, TIME.plusSeconds(2))),
                Arguments.of("event-completed", VideoEvent.of(COMPLETED)),
                Arguments.of("event-failed", VideoEvent.of(FAILED)),
                Arguments.of("control", new ControlMessage(1, ID, ControlMessage.Action.CANCEL, TIME, null)),
                Arguments.of(
                        "control-refuse",
                        new ControlMessage(
                                1,
                                ID,
                                ControlMessage.Action.REFUSE,
                                TIME,
                                new JobError(ErrorCode.INVALID_PARAMETER, "prompt must not be blank", "prompt"))),
                Arguments.of(
                        "api-key",
                        new ApiKey(
                                1,
                                new ApiKeySecret("t2v_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").hash(),
                                new Tenant("acme"),
                                "the laptop",
                                TIME,
                                TIME.plusSeconds(86_400))),
                Arguments.of("webhook-delivery", WebhookDelivery.first(COMPLETED)),
                Arguments.of(
                        "webhook-log",
                        WebhookLog.of(
                                WebhookDelivery.first(COMPLETED)
                                        .called(new WebhookAttempt(TIME.plusSeconds(5), 500, null, 12))
                                        .called(new WebhookAttempt(TIME.plusSeconds(10), null, "no connection", 3)),
                                "example.com",
                                DeliveryStatus.PENDING,
                                TIME.plusSeconds(15))));
    }

    private GoldenMessages() {}
}
