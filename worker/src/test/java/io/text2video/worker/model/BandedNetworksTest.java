package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.Bands;
import io.text2video.worker.kernels.CpuPaths;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Pass;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks whose kernels may compute next to nothing at once, against what diffusers computed. */
class BandedNetworksTest {
    /** A few rows of the reference's models a band. */
    private static final Bands FEW = new Bands(30_000);

    private static final double TOLERANCE = 1e-5;

    private final List<String> ran = new ArrayList<>();
    private Kernels kernels = Kernels.load();

    @AfterEach
    void free() {
        kernels.close();
    }

    @ParameterizedTest
    @CsvSource({"2b, true", "5b, true", "1.5, true", "i2v, true", "1.5-i2v, true", "2b, false", "5b, false"})
    void shouldPredictTheVelocityInBandsAsTheReferenceDoes(String kind, boolean byHeads) throws IOException {
        // Given
        kernels.close();
        kernels = Kernels.load(CpuPaths.DEFAULT.with(CpuPaths.Part.ATTENTION, byHeads));
        Reference golden = Reference.golden(kind);
        MemoryScope scope = scope(FEW);
        CogVideoXTransformer3DModel transformer = transformer(scope, kind);

        // When
        Tensor velocity = transformer.forward(scope, golden.firstPass(scope, transformer));

        // Then
        assertThat(ran)
                .contains("linear_band", "attention_band", "feed_forward_band")
                .doesNotContain("joint_attention", "feed_forward");
        Reference.assertClose(
                kind + " in bands", TensorKernels.toFloats(scope, velocity), golden.floats("noise_pred.0"), TOLERANCE);
    }

    @Test
    void shouldComeToTheSameBitsInOnePassAsInTwo() throws IOException {
        // Given
        Reference golden = Reference.golden("5b");
        MemoryScope scope = scope(FEW);
        CogVideoXTransformer3DModel transformer = transformer(scope, "5b");
        Pass both = golden.firstPass(scope, transformer);

        // When
        float[] batch = TensorKernels.toFloats(scope, transformer.forward(scope, both));

        // Then
        List<Tensor> passes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Tensor latents = TensorKernels.narrow(scope, both.latents(), 0, i, i + 1);
            Tensor text = TensorKernels.narrow(scope, both.text(), 0, i, i + 1);
            passes.add(transformer.forward(scope, new Pass(latents, text, both.timestep(), both.positions())));
        }
        assertThat(TensorKernels.toFloats(scope, TensorKernels.concat(scope, passes, 0)))
                .isEqualTo(batch);
    }

    @Test
    void shouldLeaveItsInputsAsTheyWere() throws IOException {
        Reference golden = Reference.golden("5b");
        MemoryScope scope = scope(FEW);
        CogVideoXTransformer3DModel transformer = transformer(scope, "5b");
        Pass pass = golden.firstPass(scope, transformer);

        float[] once = TensorKernels.toFloats(scope, transformer.forward(scope, pass));

        assertThat(TensorKernels.toFloats(scope, transformer.forward(scope, pass)))
                .isEqualTo(once);
    }

    /** Bands of some frames, and of some rows of one. */
    @ParameterizedTest
    @ValueSource(longs = {20_000_000, 2_000_000, 30_000})
    void shouldDecodeInBandsAsTheReferenceDoes(long operations) throws IOException {
        // Given
        Reference golden = Reference.golden();
        MemoryScope scope = scope(new Bands(operations));
        AutoencoderKLCogVideoX vae = vae(scope);
        List<Tensor> chunks = new ArrayList<>();

        // When
        vae.decode(scope, golden.tensor(scope, "vae_latent"), Tiling.NONE, chunk -> chunks.add(scope.adopt(chunk)));

        // Then
        assertThat(ran).contains("convolution_band");
        Reference.assertClose(
                "vae_decoded in bands",
                TensorKernels.toFloats(scope, TensorKernels.concat(scope, chunks, 2)),
                golden.floats("vae_decoded"),
                TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(longs = {2_000_000, 30_000})
    void shouldEncodeInBandsAsTheReferenceDoes(long operations) throws IOException {
        // Given
        Reference golden = Reference.golden();
        MemoryScope scope = scope(new Bands(operations));
        AutoencoderKLCogVideoX vae = vae(scope);

        // When
        Tensor moments = vae.encode(scope, golden.tensor(scope, "vae_image"), Tiling.NONE);

        // Then
        assertThat(ran).contains("convolution_band");
        Tensor mean = TensorKernels.narrow(scope, moments, 1, 0, moments.size(1) / 2);
        Reference.assertClose(
                "vae_encoded_mean in bands",
                TensorKernels.toFloats(scope, mean),
                golden.floats("vae_encoded_mean"),
                TOLERANCE);
    }

    /** Within one product, within one attention, within one feed-forward. */
    @ParameterizedTest
    @ValueSource(strings = {"linear_band", "attention_band", "feed_forward_band"})
    void shouldStopBetweenTwoBands(String kernel) throws IOException {
        // Given
        Reference golden = Reference.golden("5b");
        MemoryScope whole = scope(FEW);
        CogVideoXTransformer3DModel transformer = transformer(whole, "5b");
        Pass pass = golden.firstPass(whole, transformer);
        ran.clear();
        transformer.forward(whole, pass);
        List<String> all = List.copyOf(ran);
        int first = all.indexOf(kernel);
        int second = first + 1 + all.subList(first + 1, all.size()).indexOf(kernel);
        assertThat(second - first).as("with at most a view between them").isBetween(1, 2);
        ran.clear();

        // When it is interrupted after the first one
        Interruption interruption = next -> {
            if (ran.size() == second) {
                throw new CancellationException("enough");
            }
            ran.add(next);
        };
        try (MemoryScope interrupted = whole.open(interruption)) {
            assertThatThrownBy(() -> transformer.forward(interrupted, pass)).isInstanceOf(CancellationException.class);
        }

        // Then nothing is computed after that
        assertThat(ran).isEqualTo(all.subList(0, second));
    }

    @Test
    void shouldStopBetweenTwoBandsOfAConvolution() throws IOException {
        // Given
        MemoryScope whole = scope(new Bands(2_000_000));
        AutoencoderKLCogVideoX vae = vae(whole);
        Tensor latents = Reference.golden().tensor(whole, "vae_latent");
        ran.clear();

        // When
        Interruption interruption = next -> {
            if (ran.contains("convolution_band")) {
                throw new CancellationException("enough");
            }
            ran.add(next);
        };
        try (MemoryScope interrupted = whole.open(interruption)) {
            assertThatThrownBy(() -> vae.decode(interrupted, latents, Tiling.NONE, chunk -> ran.add("chunk")))
                    .isInstanceOf(CancellationException.class);
        }

        // Then
        assertThat(ran).endsWith("convolution_band").doesNotContain("chunk");
    }

    private MemoryScope scope(Bands bands) {
        return kernels.openScope(ran::add, bands);
    }

    private static CogVideoXTransformer3DModel transformer(MemoryScope scope, String kind) throws IOException {
        try (Weights weights = Reference.weights(scope, kind, TransformerConfig.FOLDER)) {
            return new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.checkpoint(kind)), weights);
        }
    }

    private static AutoencoderKLCogVideoX vae(MemoryScope scope) throws IOException {
        try (Weights weights = Reference.weights(scope, VaeConfig.FOLDER)) {
            return new AutoencoderKLCogVideoX(VaeConfig.read(Reference.CHECKPOINT), weights);
        }
    }
}
