package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelRequestTest {
    @Test
    void shouldTakeWhatIsAskedForAndTheRestFromTheModel() {
        var wanted = new VideoParameters("blurry", 2, null, null, null, 0.25, null, 32, null, null, 42L, null);

        var parameters = ModelRequest.resolve(request(JobId.next(), wanted), BlobPipeline.FROM_PROMPT);

        assertThat(ModelRequest.published(parameters))
                .isEqualTo(new VideoParameters("blurry", 2, 6.0, false, 0.0, 0.25, 64, 32, 9, 8, 42L, List.of()));
        assertThat(parameters.prompt()).isEqualTo("a ball");
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
        return ModelRequest.resolve(request(id, VideoParameters.DEFAULTS), BlobPipeline.FROM_PROMPT)
                .seed();
    }

    private static VideoRequest request(JobId id, VideoParameters parameters) {
        return new VideoRequest(VideoRequest.VERSION, id, null, "a ball", parameters, null, null, null);
    }
}
