package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.worker.Reference;
import io.text2video.worker.pipeline.AlteredCheckpoint;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.shelf.CogVideoXLoader;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.ServedModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that computes in fp16, with a model that does not fit it and one that does. */
class NonFiniteOutputTest extends JobRunnerFixture {
    private static final VideoParameters SHORT =
            new VideoParameters(null, 2, null, null, null, null, 32, 32, 9, null, null, null, null);

    @TempDir
    Path models;

    @Test
    void shouldFailTheJobForGoodAndDrawTheNext() throws Exception {
        // Given
        var options = new PipelineOptions(Optional.of(ComputeType.FP16), Optional.empty(), false);
        var loader = new CogVideoXLoader(() -> options);
        Path overflowing = AlteredCheckpoint.overflowing(models.resolve("overflowing"));
        List<ServedModel> served = List.of(
                new ServedModel("overflowing", overflowing, loader.check(overflowing), Map.of()),
                new ServedModel("tiny", Reference.TINY_CHECKPOINT, loader.check(Reference.TINY_CHECKPOINT), Map.of()));
        try (var shelf = new ModelShelf(served, 2, loader)) {
            JobRunner fp16 = runner(Pool.DEFAULT, fleet.store, stop, shelf);
            TestDelivery delivery = TestDelivery.of(request("overflowing", SHORT));
            JobId next = JobId.next();

            // When
            Outcome outcome = fp16.run(delivery);
            Outcome afterwards = fp16.run(TestDelivery.of(
                    new VideoRequest(VideoRequest.VERSION, next, "tiny", "a ball", SHORT, null, null, Instant.now())));

            // Then
            assertThat(outcome).isEqualTo(Outcome.FAILED);
            assertThat(delivery.end).isEqualTo("accepted");
            JobSnapshot failed = states().get(states().size() - 1);
            assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
            assertThat(failed.video()).isNull();
            assertThat(failed.error().code()).isEqualTo(ErrorCode.NON_FINITE_OUTPUT);
            assertThat(failed.error().message()).contains("fp16", "bf16 or fp32");
            assertThat(afterwards).isEqualTo(Outcome.COMPLETED);
            assertThat(fleet.messages(Topic.JOBS, next, JobSnapshot.class))
                    .last()
                    .satisfies(job -> assertThat(job.status()).isEqualTo(JobStatus.COMPLETED));
        }
    }
}
