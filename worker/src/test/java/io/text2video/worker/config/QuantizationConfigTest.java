package io.text2video.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.quantization.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizationConfigTest {
    /** As compressed-tensors 0.20 writes its scheme W8A8. */
    private static final String W8A8 =
            """
            {"d_model": 64, "quantization_config": {"config_groups": {"group_0": {"targets": ["Linear"],
              "weights": {"num_bits": 8, "type": "int", "symmetric": true, "group_size": null, "strategy": "channel",
                "dynamic": false},
              "input_activations": {"num_bits": 8, "type": "int", "symmetric": true, "group_size": null,
                "strategy": "token", "dynamic": true},
              "output_activations": null, "format": null}},
            "quant_method": "compressed-tensors", "kv_cache_scheme": null, "format": "int-quantized",
            "quantization_status": "compressed", "global_compression_ratio": null, "ignore": ["lm_head"],
            "moe_sparsity_config": null}}
            """;

    private static final String INPUTS = "\"input_activations\": \\{[^}]*}";

    @TempDir
    Path directory;

    @Test
    void shouldReadWhatCompressedTensorsWrites() throws IOException {
        assertThat(read(W8A8)).isEqualTo(Scheme.INT8);
        assertThat(read(W8A8.replaceAll(INPUTS, "\"input_activations\": null"))).isEqualTo(Scheme.INT8WO);
        assertThat(read(W8A8.replaceAll(INPUTS, "\"input_activations\": null").replace("\"int\"", "\"float\"")))
                .isEqualTo(Scheme.FP8);
    }

    @Test
    void shouldReadFloatsWhereNothingIsSaid() throws IOException {
        assertThat(read("{\"d_model\": 64}")).isEqualTo(Scheme.NONE);
        assertThat(read("{\"quantization_config\": null}")).isEqualTo(Scheme.NONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheme.class,
            names = {"INT8", "INT8WO", "FP8"})
    void shouldReadWhatItWrites(Scheme scheme) throws IOException {
        // Given
        Files.writeString(directory.resolve("config.json"), "{\"d_model\": 64}");
        Path out = Files.createDirectory(directory.resolve("out"));

        // When
        QuantizationConfig.write(directory, out, scheme, false, List.of("proj_out"));

        // Then
        assertThat(QuantizationConfig.read(out)).contains(scheme);
        assertThat(out.resolve("config.json")).content().contains("\"d_model\" : 64", "proj_out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"compressed-tensors\"        | \"bitsandbytes\"   | quant_method",
                "\"int-quantized\"             | \"pack-quantized\" | quantization_config.format",
                "\"compressed\"                | \"frozen\"         | quantization_status",
                "\"kv_cache_scheme\": null     | \"kv_cache_scheme\": {\"num_bits\": 8} | kv_cache_scheme",
                "\"symmetric\": true           | \"symmetric\": false                   | weights.symmetric",
                "\"num_bits\": 8               | \"num_bits\": 4    | weights.num_bits",
                "\"channel\"                   | \"group\"          | weights.strategy",
                "\"dynamic\": true             | \"dynamic\": false | input_activations.dynamic",
                "\"token\"                     | \"tensor\"         | input_activations.strategy",
                "\"type\": \"int\"             | \"type\": \"float\" | input_activations",
                "\"output_activations\": null  | \"output_activations\": {\"num_bits\": 8} | output_activations",
                "\"format\": null              | \"format\": \"pack-quantized\" | group_0.format",
                "\"config_groups\": {          | \"config_groups\": {\"other\": 3, | other.weights.type",
                "{\"config_groups\"            | {\"groups\"        | config_groups",
            })
    void shouldRefuseWhatMeansSomethingElse(String from, String to, String field) {
        assertThatThrownBy(() -> read(W8A8.replace(from, to)))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining(field);
    }

    @Test
    void shouldRefuseAConfigThatIsNoObject() {
        assertThatThrownBy(() -> read("{\"quantization_config\": 7}")).isInstanceOf(InvalidCheckpointException.class);
    }

    private Scheme read(String json) throws IOException {
        Files.writeString(directory.resolve("config.json"), json);
        return QuantizationConfig.read(directory).orElse(Scheme.NONE);
    }
}
