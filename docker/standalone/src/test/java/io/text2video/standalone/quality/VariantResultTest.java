package io.text2video.standalone.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VariantResultTest {
    @Test
    void shouldLeaveIdenticalVideosOutOfThePsnr() {
        // Given one video like the baseline's, and two that differ
        List<PromptResult> prompts = List.of(result(null, 1, 3), result(40.0, 0.9, 1), result(30.0, 0.8, 2));

        // When
        VariantResult variant = VariantResult.of("dtype=bf16", prompts, 5);

        // Then
        assertThat(variant).isEqualTo(new VariantResult("dtype=bf16", 1, 35.0, 30.0, 0.9, 0.8, 2, 2.5, prompts));
    }

    @Test
    void shouldHaveNoPsnrWhereAllAreIdentical() {
        VariantResult variant = VariantResult.of("vae_tiling=true", List.of(result(null, 1, 1)), 1);

        assertThat(variant.meanPsnr()).isNull();
        assertThat(variant.minPsnr()).isNull();
        assertThat(variant.identical()).isEqualTo(1);
    }

    private static PromptResult result(Double psnr, double ssim, double seconds) {
        return new PromptResult("a ball", 0, psnr, ssim, seconds, 0);
    }
}
