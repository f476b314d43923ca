package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.text2video.worker.Reference;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.AutoencoderKLCogVideoX.DiagonalGaussianDistribution;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The video autoencoder against what diffusers computed: the 2b's, and a small one with other widths, depths and ratios,
 * fp16 weights and quant convolutions (src/test/reference/make_vae_reference.py).
 */
class VaeParityTest {
    private static final Path SMALL = Path.of("src/test/resources/reference/vae");
    private static final double TOLERANCE = 1e-5;
    private static final int PIXEL_SEED = 1;
    private static final int LATENT_SEED = 2;
    private static final int DRAW_SEED = 3;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();
    private final Reference golden = Reference.golden();
    private final Reference expected = Reference.open(SMALL.resolve("vae.safetensors"));

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldEncodeAnImageAsTheReferenceDoes() throws IOException {
        // Given
        AutoencoderKLCogVideoX vae = open(Reference.CHECKPOINT);

        // When
        Tensor moments = vae.encode(scope, golden.tensor(scope, "vae_image"), Tiling.NONE);

        // Then
        assertClose("vae_encoded_mean", new DiagonalGaussianDistribution(moments).mean(scope), golden);
    }

    @Test
    void shouldDecodeTilesAsTheReferenceDoes() throws IOException {
        // Given
        AutoencoderKLCogVideoX vae = open(Reference.CHECKPOINT);
        Tiling tiling = Tiling.of(
                VaeConfig.read(Reference.CHECKPOINT),
                Integer.parseInt(golden.metadata("tile_sample_min_height")),
                Integer.parseInt(golden.metadata("tile_sample_min_width")));

        // When
        Tensor pixels = decode(vae, golden.tensor(scope, "vae_latent"), tiling);

        // Then
        assertClose("vae_decoded_tiled", pixels, golden);
    }

    static Stream<String> encoded() {
        return references("encoded");
    }

    @ParameterizedTest
    @MethodSource("encoded")
    void shouldEncodeAnyNumberOfFramesAsTheReferenceDoes(String name) throws IOException {
        // Given
        Path checkpoint = checkpoint(name);
        int side = VaeConfig.read(checkpoint).spatialCompressionRatio();
        Tensor x = pixels(frames(name), 2 * side, 3 * side);

        // When
        Tensor moments = open(checkpoint).encode(scope, x, Tiling.NONE);

        // Then
        assertClose(name, moments, expected);
    }

    static Stream<String> decoded() {
        return references("decoded");
    }

    @ParameterizedTest
    @MethodSource("decoded")
    void shouldDecodeAnyNumberOfLatentFramesAsTheReferenceDoes(String name) throws IOException {
        // Given
        Path checkpoint = checkpoint(name);
        VaeConfig config = VaeConfig.read(checkpoint);
        long width = expected.tensors().get(name).shape()[4] / config.spatialCompressionRatio();
        Tensor z = latents(config.latentChannels(), frames(name), 1, width);

        // When
        Tensor pixels = decode(open(checkpoint), z, Tiling.NONE);

        // Then
        assertClose(name, pixels, expected);
    }

    @Test
    void shouldEncodeTilesAsTheReferenceDoes() throws IOException {
        // Given
        Tensor x = pixels(11, 44, 36);

        // When
        Tensor moments = open(SMALL).encode(scope, x, Tiling.of(VaeConfig.read(SMALL)));

        // Then
        assertClose("small.encoded_tiled", moments, expected);
    }

    @Test
    void shouldDecodeTilesWithAQuantConvolutionAsTheReferenceDoes() throws IOException {
        // Given
        Tensor z = latents(4, 3, 7, 5);

        // When
        Tensor pixels = decode(open(SMALL), z, Tiling.of(VaeConfig.read(SMALL)));

        // Then
        assertClose("small.decoded_tiled", pixels, expected);
    }

    @Test
    void shouldDrawLatentsAsTheReferenceDoes() throws IOException {
        // Given
        Tensor moments = open(SMALL).encode(scope, pixels(9, 8, 12), Tiling.NONE);
        Tensor noise = draw(DRAW_SEED, 1, 4, 5, 2, 3);

        // When
        Tensor drawn = new DiagonalGaussianDistribution(moments).sample(scope, noise);

        // Then
        assertClose("small.drawn", drawn, expected);
    }

    @Test
    void shouldKeepTheDeviationWithinBounds() {
        // Given: logarithms of variances far out of range
        Tensor moments = TensorKernels.ofFloats(scope, new float[] {1, 1, -1e9f, 1e9f}, 1, 4, 1, 1, 1);
        Tensor noise = TensorKernels.ofFloats(scope, new float[] {1e6f, 1}, 1, 2, 1, 1, 1);

        // When
        float[] drawn = TensorKernels.toFloats(scope, new DiagonalGaussianDistribution(moments).sample(scope, noise));

        // Then
        assertThat(drawn[0]).isCloseTo((float) (1 + 1e6 * Math.exp(-15)), withPercentage(1e-3));
        assertThat(drawn[1]).isCloseTo((float) (1 + Math.exp(10)), withPercentage(1e-3));
    }

    @Test
    void shouldNotCutWhatFitsIntoOneTile() throws IOException {
        // Given: latents and frames of exactly a tile
        Tiling tiling = Tiling.of(VaeConfig.read(SMALL));
        AutoencoderKLCogVideoX vae = open(SMALL);
        Tensor z = latents(4, 3, 6, 5);
        Tensor x = pixels(5, 24, 20);

        // When
        float[] decoded = TensorKernels.toFloats(scope, decode(vae, z, tiling));
        float[] encoded = TensorKernels.toFloats(scope, vae.encode(scope, x, tiling));

        // Then
        assertThat(decoded).isEqualTo(TensorKernels.toFloats(scope, decode(vae, z, Tiling.NONE)));
        assertThat(encoded).isEqualTo(TensorKernels.toFloats(scope, vae.encode(scope, x, Tiling.NONE)));
    }

    @Test
    void shouldHandOnAFewFramesAtATime() throws IOException {
        // Given
        AutoencoderKLCogVideoX vae = open(SMALL);
        Tensor z = latents(4, 5, 7, 5);
        List<Integer> whole = new ArrayList<>();
        List<Integer> tiled = new ArrayList<>();

        // When
        vae.decode(scope, z, Tiling.NONE, pixels -> whole.add(pixels.size(2)));
        vae.decode(scope, z, Tiling.of(VaeConfig.read(SMALL)), pixels -> tiled.add(pixels.size(2)));

        // Then
        assertThat(whole).containsExactly(5, 4);
        assertThat(tiled).containsExactly(4, 4, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void shouldRefuseFramesThatAreNoWholeLatents(int height) throws IOException {
        // Given
        AutoencoderKLCogVideoX vae = open(SMALL);
        Tensor x = pixels(1, height, 8);

        // When, Then
        assertThatThrownBy(() -> vae.encode(scope, x, Tiling.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("height is " + height, "multiple", "4");
    }

    private static Stream<String> references(String kind) {
        return Reference.open(SMALL.resolve("vae.safetensors")).tensors().keySet().stream()
                .filter(name -> name.contains("." + kind + "."))
                .sorted();
    }

    private static Path checkpoint(String name) {
        return name.startsWith("2b.") ? Reference.CHECKPOINT : SMALL;
    }

    private static int frames(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
    }

    private AutoencoderKLCogVideoX open(Path checkpoint) throws IOException {
        try (Weights weights = Reference.weights(scope, checkpoint, Component.VAE, DType.F32)) {
            AutoencoderKLCogVideoX vae = new AutoencoderKLCogVideoX(VaeConfig.read(checkpoint), weights);
            weights.requireAllRead();
            return vae;
        }
    }

    private Tensor decode(AutoencoderKLCogVideoX vae, Tensor z, Tiling tiling) {
        List<Tensor> parts = new ArrayList<>();
        vae.decode(scope, z, tiling, part -> parts.add(scope.adopt(part)));
        return TensorKernels.concat(scope, parts, 2);
    }

    private Tensor draw(long seed, long... shape) {
        try (Generator generator = Generator.seeded(scope, seed)) {
            return generator.randn(scope, DType.F32, shape);
        }
    }

    private Tensor latents(int channels, int frames, int height, long width) {
        return draw(LATENT_SEED, 1, channels, frames, height, width);
    }

    private Tensor pixels(int frames, int height, int width) {
        Tensor noise = draw(PIXEL_SEED, 1, 3, frames, height, width);
        float[] values = TensorKernels.toFloats(scope, noise);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(Math.max(values[i], -1), 1);
        }
        return TensorKernels.ofFloats(scope, values, 1, 3, frames, height, width);
    }

    private void assertClose(String name, Tensor actual, Reference reference) {
        assertThat(actual.shape()).isEqualTo(reference.tensors().get(name).shape());
        Reference.assertClose(name, TensorKernels.toFloats(scope, actual), reference.floats(name), TOLERANCE);
    }
}
