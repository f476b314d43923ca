package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.shelf.ServedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeveralModelsTest extends JobRunnerFixture {
    private final BlobPipeline other = new BlobPipeline();

    @Test
    void shouldDrawWithTheModelThatIsAskedFor() throws Exception {
        TestDelivery delivery = TestDelivery.of(request("THUDM/CogVideoX-5b", VideoParameters.DEFAULTS));

        Outcome outcome = twoModels().run(delivery);

        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(other.generated).hasSize(1);
        assertThat(pipeline.generated).isEmpty();
        assertThat(states()).extracting(JobSnapshot::model).containsOnly("THUDM/CogVideoX-5b");
    }

    @Test
    void shouldDrawWithThePreferredOneWhenNoneIsAskedFor() throws Exception {
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

        Outcome outcome = twoModels().run(delivery);

        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(other.generated).isEmpty();
        assertThat(states()).extracting(JobSnapshot::model).containsOnly("blob");
    }

    @Test
    void shouldFailAJobWhoseModelDoesNotLoadAndGoOn() throws Exception {
        // Given a model whose weights break when they are read
        var models = List.of(model("blob", BlobPipeline.FROM_PROMPT), model("broken", BlobPipeline.FROM_PROMPT));
        JobRunner runner = runner(fleet.store, stop, models, Map.of("blob", pipeline));

        // When a job asks for it
        Outcome outcome = runner.run(TestDelivery.of(request("broken", VideoParameters.DEFAULTS)));

        // Then that job fails, and the next one runs
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        assertThat(states()).singleElement().satisfies(failed -> {
            assertThat(failed.error().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
            assertThat(failed.error().message()).contains("the weights of broken do not load");
        });
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldNotLoadAModelForARequestThatItCannotServe() throws Exception {
        // Given a model that would not even load
        var models = List.of(model("blob", BlobPipeline.FROM_PROMPT), model("broken", BlobPipeline.FROM_PROMPT));
        JobRunner runner = runner(fleet.store, stop, models, Map.of("blob", pipeline));
        var odd = new VideoParameters(null, null, null, null, null, null, 100, null, null, null, null, null, null);

        // When it is asked for what no such model can do
        runner.run(TestDelivery.of(request("broken", odd)));

        // Then the request is at fault
        assertThat(states()).singleElement().satisfies(failed -> {
            assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
            assertThat(failed.error().param()).isEqualTo("height");
        });
    }

    @Test
    void shouldDrawWithALoraOfTheModelAndRefuseAnother() throws Exception {
        // Given a model with a LoRA
        var model = new ServedModel("styled", Path.of("styled"), BlobPipeline.FROM_PROMPT, Map.of("ink", Path.of("i")));
        var styled = new BlobPipeline(BlobPipeline.FROM_PROMPT, model.loras().keySet());
        JobRunner runner = runner(fleet.store, stop, List.of(model), Map.of("styled", styled));

        // When one job asks for it, and one for another
        var ink = new LoraScale("ink", 0.5);
        Outcome drawn = runner.run(TestDelivery.of(request(null, with(ink))));
        Outcome refused = runner.run(TestDelivery.of(other(with(new LoraScale("oil", 1.0)))));

        // Then the first has it, and the second fails
        assertThat(drawn).isEqualTo(Outcome.COMPLETED);
        assertThat(styled.generated).singleElement().satisfies(parameters -> assertThat(parameters.loras())
                .containsExactly(ink));
        assertThat(states().get(0).parameters().loras()).containsExactly(ink);
        assertThat(refused).isEqualTo(Outcome.FAILED);
    }

    private static VideoParameters with(LoraScale lora) {
        return new VideoParameters(
                null, null, null, null, null, null, null, null, null, null, null, List.of(lora), null);
    }

    private static VideoRequest other(VideoParameters parameters) {
        return new VideoRequest(VideoRequest.VERSION, JobId.next(), null, "another ball", parameters, null, null, null);
    }

    private JobRunner twoModels() {
        var models =
                List.of(model("blob", BlobPipeline.FROM_PROMPT), model("THUDM/CogVideoX-5b", BlobPipeline.FROM_PROMPT));
        return runner(fleet.store, stop, models, Map.of("blob", pipeline, "THUDM/CogVideoX-5b", other));
    }
}
