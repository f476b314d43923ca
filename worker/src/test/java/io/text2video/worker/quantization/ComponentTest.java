package io.text2video.worker.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.weights.SafetensorsIndex;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ComponentTest {
    @ParameterizedTest
    @CsvSource({
        "TEXT_ENCODER, encoder.block.23.layer.0.SelfAttention.q, true",
        "TEXT_ENCODER, encoder.block.23.layer.1.DenseReluDense.wo, true",
        "TEXT_ENCODER, encoder.block.0.layer.0.SelfAttention.relative_attention_bias, false",
        "TEXT_ENCODER, shared, false",
        "TRANSFORMER, transformer_blocks.29.attn1.to_out.0, true",
        "TRANSFORMER, transformer_blocks.0.ff.net.0.proj, true",
        "TRANSFORMER, transformer_blocks.0.norm1.linear, false",
        "TRANSFORMER, patch_embed.text_proj, false",
        "TRANSFORMER, time_embedding.linear_1, false",
        "TRANSFORMER, norm_out.linear, false",
        "TRANSFORMER, proj_out, false",
        "VAE, decoder.up_blocks.0.resnets.1.conv2.conv, true",
        "VAE, decoder.up_blocks.0.upsamplers.0.conv, true",
        "VAE, decoder.mid_block.resnets.0.norm1.conv_y.conv, false",
        "VAE, decoder.conv_in.conv, false",
        "VAE, decoder.conv_out.conv, false",
    })
    void shouldQuantizeTheProductsThatManyTokensShare(Component component, String layer, boolean quantized) {
        assertThat(component.quantizes(layer, 512, 512)).isEqualTo(quantized);
    }

    @Test
    void shouldLeaveAloneWhatAScaleWouldNotPayFor() {
        String layer = "transformer_blocks.0.attn1.to_q";

        assertThat(Component.TRANSFORMER.quantizes(layer, 512, 63)).isFalse();
        assertThat(Component.TRANSFORMER.quantizes(layer, 512, 64)).isTrue();
        assertThat(Component.TRANSFORMER.quantizes(layer, 512)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeMostOfTheTinyCheckpointToo(Component component) throws IOException {
        // Given all that networks multiply by
        List<TensorInfo> products =
                SafetensorsIndex.open(Reference.TINY_CHECKPOINT.resolve(component.label()), component)
                        .tensors()
                        .values()
                        .stream()
                        .filter(tensor -> tensor.shape().length > 1)
                        .filter(tensor -> !tensor.name().equals("shared.weight"))
                        .sorted(Comparator.comparing(TensorInfo::name))
                        .toList();

        // When
        Stream<TensorInfo> quantized = products.stream()
                .filter(tensor -> component.quantizes(tensor.name().replaceAll("\\.weight$", ""), tensor.shape()));

        // Then
        double share = (double) quantized.mapToLong(TensorInfo::elements).sum()
                / products.stream().mapToLong(TensorInfo::elements).sum();
        System.out.printf("%s: %.1f %% of the weights are quantized%n", component.label(), 100 * share);
        assertThat(share).isGreaterThan(0.45);
    }
}
