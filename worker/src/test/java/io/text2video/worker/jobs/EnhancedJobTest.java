package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.prompt.ChatServer;
import io.text2video.worker.prompt.PromptEnhancer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs whose prompt a language model writes out. */
class EnhancedJobTest extends JobRunnerFixture {
    private ChatServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new ChatServer();
        enhancer = Optional.of(new PromptEnhancer(server.url(), "writer", Optional.empty(), Duration.ofMinutes(1)));
        runner = runner(fleet.store, stop);
    }

    @AfterEach
    void hangUp() {
        server.close();
    }

    @Test
    void shouldDrawWhatTheLanguageModelWrites() throws Exception {
        server.say("A ball rolls to the left.");

        assertThat(run(true, null)).isEqualTo(Outcome.COMPLETED);

        assertThat(pipeline.generated)
                .extracting(GenerationParameters::prompt)
                .containsExactly("A ball rolls to the left.");
        assertThat(states()).last().satisfies(job -> {
            assertThat(job.prompt()).isEqualTo("a ball");
            assertThat(job.enhancedPrompt()).isEqualTo("A ball rolls to the left.");
            assertThat(job.parameters().enhancePrompt()).isTrue();
        });
        assertThat(fleet.store.list(ObjectKeys.folder(id))).doesNotContain(ObjectKeys.prompt(id));
    }

    @Test
    void shouldAskNobodyWhereThatIsNotAskedFor() throws Exception {
        assertThat(run(null, null)).isEqualTo(Outcome.COMPLETED);

        assertThat(server.asked).isEmpty();
        assertThat(states()).last().extracting(JobSnapshot::enhancedPrompt).isNull();
    }

    @Test
    void shouldDrawTheSameInAnotherAttempt() throws Exception {
        // Given a worker that stops after it was told one prompt, where another one would be told another
        server.say("A ball rolls.");
        server.say("A cube rolls.");
        pipeline.atStep = step -> stop.send();
        assertThat(run(true, null)).isEqualTo(Outcome.RELEASED);

        // When
        pipeline.atStep = step -> {};
        runner = runner(fleet.store, new StopSignal());
        assertThat(run(true, null)).isEqualTo(Outcome.COMPLETED);

        // Then
        assertThat(server.asked).hasSize(1);
        assertThat(pipeline.generated).hasSize(2);
        assertThat(pipeline.generated.get(1)).isEqualTo(pipeline.generated.get(0));
    }

    @Test
    void shouldDrawThePromptAsItIsWhereThatFailsInEachAttempt() throws Exception {
        // Given
        server.answer(400, "");
        pipeline.atStep = step -> stop.send();
        assertThat(run(true, null)).isEqualTo(Outcome.RELEASED);
        server.say("A cube rolls.");

        // When
        pipeline.atStep = step -> {};
        runner = runner(fleet.store, new StopSignal());
        assertThat(run(true, null)).isEqualTo(Outcome.COMPLETED);

        // Then
        assertThat(pipeline.generated).extracting(GenerationParameters::prompt).containsExactly("a ball", "a ball");
        assertThat(states()).last().extracting(JobSnapshot::enhancedPrompt).isNull();
    }

    @Test
    void shouldFailWhereItIsRequired() throws Exception {
        server.answer(400, "");

        assertThat(run(null, true)).isEqualTo(Outcome.FAILED);

        assertThat(pipeline.generated).isEmpty();
        assertThat(states()).last().satisfies(job -> {
            assertThat(job.status()).isEqualTo(JobStatus.FAILED);
            assertThat(job.error().code()).isEqualTo(ErrorCode.PROMPT_NOT_ENHANCED);
            assertThat(job.error().message()).isEqualTo("the prompt was not enhanced: 127.0.0.1 answered 400");
        });
    }

    @Test
    void shouldBeTriedAgainWhereItIsRequired() throws Exception {
        server.answer(400, "");
        retries = new Retries(1, Duration.ZERO, Duration.ZERO);
        runner = runner(fleet.store, stop);

        assertThat(run(null, true)).isEqualTo(Outcome.RETRIED);
    }

    @Test
    void shouldRefuseItWhereThereIsNoLanguageModel() throws Exception {
        enhancer = Optional.empty();
        runner = runner(fleet.store, stop);

        assertThat(run(true, null)).isEqualTo(Outcome.FAILED);

        assertThat(states()).last().satisfies(job -> {
            assertThat(job.error().code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
            assertThat(job.error().param()).isEqualTo("enhance_prompt");
            assertThat(job.error().message()).contains("WORKER_ENHANCER_URL");
        });
    }

    private Outcome run(Boolean wanted, Boolean required) {
        var parameters = new VideoParameters(
                null, null, null, null, null, null, null, null, null, null, null, null, null, wanted, required, null);
        return runner.run(TestDelivery.of(request(null, parameters)));
    }
}
