package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.model.ModelCost;
import io.text2video.worker.Reference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is timed of each kind of model: its numbers, not how large they are. */
class CostProbeTest {
    @ParameterizedTest
    @CsvSource({"2b, 1", "5b, 1", "i2v, 1", "1.5, 2", "1.5-i2v, 2"})
    void shouldTimeAPieceOfEachNetwork(String kind, int patchFrames) throws Exception {
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(kind))) {
            ModelCost cost = pipeline.cost().orElseThrow();

            assertThat(cost.textTokens()).isEqualTo(226);
            assertThat(cost.patchFrames()).isEqualTo(patchFrames);
            assertThat(cost.textSeconds()).isPositive().isFinite();
            assertThat(cost.stepSeconds()).isNotNegative().isFinite();
            assertThat(cost.tokenSeconds()).isPositive().isFinite();
            assertThat(cost.tokenPairSeconds()).isPositive().isFinite();
            assertThat(cost.pixelSeconds()).isPositive().isFinite();
        }
    }
}
