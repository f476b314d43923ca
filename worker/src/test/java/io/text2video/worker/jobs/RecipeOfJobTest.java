package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.recipe.VideoRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
