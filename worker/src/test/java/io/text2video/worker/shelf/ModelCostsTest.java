package io.text2video.worker.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ModelCostsTest {
    private static final ModelLimits LIMITS =
            new ModelLimits(16, 16, 4096, 16, 4096, 0, 4, 1024, 1000, false, null, null, false);
    private static final ModelCost TIMED = new ModelCost(32, 1, 1, 0.1, 0.001, 0, 1e-4);
    private static final GenerationSize SIZE = new GenerationSize(64, 64, 17, 10, 2);

    private final ModelCosts costs = new ModelCosts();

    @Test
    void shouldKnowNothingOfAModelThatWasNeverTimed() {
        costs.measured("a", SIZE, LIMITS, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(costs.of("a")).isEmpty();
    }

    @Test
    void shouldLearnFromTheFirstGenerationNoMoreThanFromOthers() {
        costs.timed("a", TIMED);
        double timed = cost().denoisingSeconds(SIZE, LIMITS);

        measured(3, 4 * timed, 20);

        assertThat(cost().denoisingSeconds(SIZE, LIMITS)).isCloseTo(1.516 * timed, within(0.001 * timed));
    }

    @Test
    void shouldFollowAPaceThatChangesAndNotASingleSlowJob() {
        costs.timed("a", TIMED);
        for (int i = 0; i < 10; i++) {
            measured(2, 10, 5);
        }

        measured(2, 100, 5);
        double afterOne = cost().denoisingSeconds(SIZE, LIMITS);
        for (int i = 0; i < 10; i++) {
            measured(2, 100, 5);
        }

        assertThat(afterOne).isBetween(10.0, 25.0);
        assertThat(cost().denoisingSeconds(SIZE, LIMITS)).isBetween(90.0, 100.0);
    }

    @Test
    void shouldNotTakePromptsThatWereEncodedBeforeForAFastEncoder() {
        costs.timed("a", TIMED);

        measured(0.001, 10, 5);

        assertThat(cost().textSeconds(SIZE)).isEqualTo(TIMED.textSeconds(SIZE));
    }

    @Test
    void shouldKeepWhatGenerationsHaveTaughtWhenTheModelIsLoadedAgain() {
        costs.timed("a", TIMED);
        measured(3, 50, 20);
        double learned = cost().denoisingSeconds(SIZE, LIMITS);

        costs.timed("a", TIMED);

        assertThat(cost().denoisingSeconds(SIZE, LIMITS))
                .isEqualTo(learned)
                .isGreaterThan(TIMED.denoisingSeconds(SIZE, LIMITS));
    }

    private void measured(double text, double denoising, double decoding) {
        costs.measured("a", SIZE, LIMITS, seconds(text), seconds(denoising), seconds(decoding));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private ModelCost cost() {
        return costs.of("a").orElseThrow();
    }
}
