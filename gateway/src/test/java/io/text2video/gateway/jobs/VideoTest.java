package io.text2video.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.PromptTruncation;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.VideoParameters;
import io.text2video.gateway.fleet.Jobs;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Video object as it is on the wire. A golden file changes only by fields that are added. */
class VideoTest {
    private static final JobId ID = JobId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f");

    static Stream<Arguments> jobs() {
        var request = new VideoRequest(0, ID, null, "a red ball", null, null, null, null);
        var error = new JobError(ErrorCode.UNKNOWN_MODEL, "no worker has the model \"x\"", "model");
        return Stream.of(
                Arguments.of("video-queued", JobSnapshot.queued(request, Jobs.TIME)),
                Arguments.of(
                        "video-edit",
                        JobSnapshot.queued(
                                request.startingFrom(new VideoReference("inputs/a.mp4", null, null)), Jobs.TIME)),
                Arguments.of("video-in-progress", started()),
                Arguments.of("video-completed", Jobs.completed(ID, 12_345)),
                Arguments.of(
                        "video-failed",
                        Jobs.started(ID).failed(new AttemptId(1, 1), "worker-1", error, Jobs.TIME.plusSeconds(2))));
    }

    private static JobSnapshot started() {
        var parameters = new VideoParameters(
                "blurry", 25, 2.0, true, 0.5, 0.15, 64, 96, 17, 8, 42L, List.of(new LoraScale("rain", 0.75)), null);
        var truncation = new PromptTruncation(3, "on a lawn");
        return Jobs.queued(ID)
                .started(new AttemptId(1, 1), "worker-1", "cogvideox-tiny", parameters, truncation, 2.211, Jobs.TIME);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void shouldWriteTheGoldenFile(String name, JobSnapshot snapshot) throws Exception {
        byte[] json = JsonCodec.write(Video.of(new Job(snapshot, new JobProgress(new AttemptId(1, 1), 10, 25))));

        try (InputStream golden = getClass().getResourceAsStream("/golden/" + name + ".json")) {
            assertThat(new ObjectMapper().readTree(json))
                    .isEqualTo(new ObjectMapper().readTree(Objects.requireNonNull(golden, name)));
        }
    }

    @ParameterizedTest
    @CsvSource({"49,8,6", "17,8,2", "18,8,2.13", "1,8,0", ",8,", "49,,"})
    void shouldTellTheSecondsBetweenTheFirstAndTheLastFrame(Integer numFrames, Integer fps, String seconds) {
        var parameters =
                new VideoParameters(null, null, null, null, null, null, null, null, numFrames, fps, null, null, null);
        var request = new VideoRequest(0, ID, null, "a red ball", parameters, null, null, Jobs.TIME);

        Video video = Video.of(new Job(JobSnapshot.queued(request, Jobs.TIME), JobProgress.NONE));

        assertThat(video.seconds()).isEqualTo(seconds);
    }
}
