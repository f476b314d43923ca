package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.VideoParameters;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelRequestTest {
    @Test
    void shouldTakeWhatIsAskedForAndTheRestFromTheModel() {
        var wanted = new VideoParameters("blurry", 2, null, null, null, 0.25, null, 32, null, null, 42L, null, null);

        var parameters = ModelRequest.resolve(request(JobId.next(), wanted), BlobPipeline.FROM_PROMPT, Map.of());

        assertThat(ModelRequest.published(parameters, wanted))
                .isEqualTo(new VideoParameters("blurry", 2, 6.0, false, 0.0, 0.25, 64, 32, 9, 8, 42L, List.of(), null));
        assertThat(parameters.prompt()).isEqualTo("a ball");
    }

    @Test
    void shouldWantAControlVideoWhereTheModelDoes() {
        assertThatThrownBy(() -> ModelRequest.resolve(
                        request(JobId.next(), VideoParameters.DEFAULTS), BlobPipeline.ALONG_A_VIDEO, Map.of()))
                .isInstanceOf(InvalidGenerationException.class)
                .hasMessage("input_video is missing: this model draws along a control video (operation control)");
    }

    @Test
    void shouldTakeAStepForEachTimestep() {
        var wanted = new VideoParameters(
                null, null, null, null, null, null, null, null, null, null, 1L, null, List.of(999, 856, 665));

        VideoParameters published = ModelRequest.published(
                ModelRequest.resolve(request(JobId.next(), wanted), BlobPipeline.FROM_PROMPT, Map.of()), wanted);

        assertThat(published.timesteps()).containsExactly(999, 856, 665);
        assertThat(published.numInferenceSteps()).isEqualTo(3);
    }

    @Test
    void shouldDrawASeedThatIsTheJobsOwnAndExactInJavaScript() {
        long[] seeds = Stream.generate(JobId::next)
                .limit(1000)
                .mapToLong(id -> seed(id))
                .toArray();

        assertThat(seeds).doesNotHaveDuplicates();
        for (long seed : seeds) {
            assertThat(seed).isBetween(0L, (1L << 53) - 1);
        }
        JobId id = JobId.next();
        assertThat(seed(id)).isEqualTo(seed(id));
    }

    private static long seed(JobId id) {
        return ModelRequest.resolve(request(id, VideoParameters.DEFAULTS), BlobPipeline.FROM_PROMPT, Map.of())
                .seed();
    }

    private static VideoRequest request(JobId id, VideoParameters parameters) {
        return new VideoRequest(VideoRequest.VERSION, id, null, "a ball", parameters, null, null, null);
    }
}
