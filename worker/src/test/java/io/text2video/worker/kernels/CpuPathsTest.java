package io.text2video.worker.kernels;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.Tiling;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whichever ways a CPU takes, it comes to diffusers' numbers. */
class CpuPathsTest {
    private static final double TOLERANCE = 1e-5;

    /** 5b's frames are 1.4e-5 off in any way, and where torch chooses for itself. */
    private static final double OF_FRAMES = 2e-5;

    static Stream<CpuPaths> everyWayTheOtherWay() {
        return Stream.of(
                new CpuPaths(false, true, true, true, false),
                new CpuPaths(true, false, true, true, false),
                new CpuPaths(true, true, false, true, false),
                new CpuPaths(true, true, true, false, false),
                new CpuPaths(false, false, false, false, false));
    }

    @ParameterizedTest
    @MethodSource("everyWayTheOtherWay")
    void shouldPredictAndDecodeAsTheReference(CpuPaths paths) throws IOException {
        for (String kind : List.of("2b", "5b")) {
            try (Kernels kernels = Kernels.load(paths);
                    MemoryScope scope = kernels.openScope()) {
                Reference golden = Reference.golden(kind);
                Reference.assertClose(
                        paths + " " + kind + " noise_pred.0",
                        predict(scope, kind, golden),
                        golden.floats("noise_pred.0"),
                        TOLERANCE);
                Reference.assertClose(
                        paths + " " + kind + " frames",
                        decode(scope, kind, golden),
                        golden.floats("frames"),
                        OF_FRAMES);
            }
        }
    }

    private static float[] predict(MemoryScope scope, String kind, Reference golden) throws IOException {
        CogVideoXTransformer3DModel transformer;
        try (Weights weights = Reference.weights(scope, kind, TransformerConfig.FOLDER)) {
            transformer = new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.checkpoint(kind)), weights);
        }
        return TensorKernels.toFloats(scope, transformer.forward(scope, golden.firstPass(scope, transformer)));
    }

    private static float[] decode(MemoryScope scope, String kind, Reference golden) throws IOException {
        VaeConfig config = VaeConfig.read(Reference.checkpoint(kind));
        AutoencoderKLCogVideoX vae;
        try (Weights weights = Reference.weights(scope, kind, VaeConfig.FOLDER)) {
            vae = new AutoencoderKLCogVideoX(config, weights);
        }
        int last = golden.floats("timesteps").length - 1;
        Tensor z = scope.call("latents_to_vae", golden.tensor(scope, "latents." + last), 1 / config.scalingFactor());
        List<Tensor> chunks = new ArrayList<>();
        vae.decode(scope, z, Tiling.NONE, chunk -> chunks.add(scope.adopt(chunk)));
        return TensorKernels.toFloats(scope, scope.call("to_unit_range", TensorKernels.concat(scope, chunks, 2)));
    }
}
