package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.recipe.VideoRecipe;
import io.text2video.worker.video.BlobFrames;
import io.text2video.worker.video.MadeVideos;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the files of jobs tell of how they were drawn. */
class RecipeOfJobTest extends JobRunnerFixture {
    @TempDir
    Path directory;

    @Test
    void shouldKeepInTheFileHowItWasDrawn() throws Exception {
        assertThat(run(null)).isEqualTo(Outcome.COMPLETED);

        JobSnapshot job = states().get(1);
        assertThat(recipe()).hasValueSatisfying(recipe -> {
            assertThat(recipe.model()).isEqualTo(job.model());
            assertThat(recipe.prompt()).isEqualTo(job.prompt());
            assertThat(recipe.parameters()).isEqualTo(job.parameters());
            assertThat(recipe.weights()).isEqualTo("blob");
        });
    }

    @Test
    void shouldTellNothingWhereTheRequestSaysSo() throws Exception {
        assertThat(run(false)).isEqualTo(Outcome.COMPLETED);

        assertThat(recipe()).isEmpty();
        assertThat(states().get(1).parameters().embedRecipe()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void shouldTellNothingOfAVideoThatAnotherOneWasPartOf(Operation operation) throws Exception {
        // Given
        String key = "inputs/%s.mp4".formatted(id);
        fleet.store.putIfAbsent(key, MadeVideos.mp4(BlobFrames.draw(9, 64, 64), 8), "video/mp4");
        var description =
                switch (operation) {
                    case EDIT -> BlobPipeline.FROM_PROMPT;
                    case EXTEND -> BlobPipeline.FROM_IMAGE;
                    case CONTROL -> BlobPipeline.ALONG_A_VIDEO;
                };
        var models = List.of(model("blob", description));
        var pipelines = Map.of("blob", new BlobPipeline(description, Set.of()));
        VideoRequest request = request(null, null).startingFrom(new VideoReference(key, operation, null));

        // When
        Outcome outcome = runner(fleet.store, stop, models, pipelines).run(TestDelivery.of(request));

        // Then
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(recipe()).isEmpty();
    }

    private Outcome run(Boolean embedRecipe) {
        var parameters = new VideoParameters(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, embedRecipe);
        return runner.run(TestDelivery.of(request(null, parameters)));
    }

    private Optional<VideoRecipe> recipe() throws Exception {
        Path file = directory.resolve("video.mp4");
        Files.write(
                file,
                fleet.store.read(ObjectKeys.video(id, new AttemptId(1, 1))).orElseThrow());
        return VideoRecipe.read(file);
    }
}
