package io.text2video.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
    @ParameterizedTest
    @CsvSource({
        "DIFFUSERS,    diffusion_pytorch_model.fp16.safetensors,             fp16",
        "DIFFUSERS,    diffusion_pytorch_model.non_ema.safetensors,          non_ema",
        "DIFFUSERS,    diffusion_pytorch_model.safetensors.index.fp16.json,  fp16",
        "DIFFUSERS,    diffusion_pytorch_model.safetensors.fp16.index.json,  fp16",
        "DIFFUSERS,    diffusion_pytorch_model.fp16.safetensors.index.json,  fp16",
        "TRANSFORMERS, model.bf16.safetensors,                               bf16",
        "TRANSFORMERS, model.safetensors.index.bf16.json,                    bf16"
    })
    void shouldTakeAVariantThatIsAlone(WeightFiles rules, String file, String variant) {
        // When
        Optional<String> chosen = rules.choose(List.of("config.json", file));

        // Then
        assertThat(chosen).contains(file);
        assertThat(rules.variant(file)).contains(variant);
        assertThat(WeightFiles.isIndex(file)).isEqualTo(file.contains("index"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model-00001-of-00002.safetensors",
                "model-00001-of-00002.fp16.safetensors",
                "model.fp16-00001-of-00002.safetensors",
                "model.fp16.safetensors.part",
                "my.model.safetensors",
                "adapter_model.safetensors"
            })
    void shouldTakeNoShardAndNoOtherFileForWeights(String file) {
        assertThat(WeightFiles.TRANSFORMERS.choose(List.of(file))).isEmpty();
    }

    @Test
    void shouldTakeAVariantsFilesInTheLibrarysOrder() {
        // Given
        List<String> ofDiffusers = List.of(
                "diffusion_pytorch_model.fp16.safetensors", "diffusion_pytorch_model.safetensors.index.fp16.json");
        List<String> ofTransformers = List.of("model.fp16.safetensors", "model.safetensors.index.fp16.json");

        // When / Then
        assertThat(WeightFiles.DIFFUSERS.choose(ofDiffusers)).contains(ofDiffusers.get(1));
        assertThat(WeightFiles.TRANSFORMERS.choose(ofTransformers)).contains(ofTransformers.get(0));
    }
}
