package io.text2video.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Pass;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.WeightStorage;
import io.text2video.worker.weights.MappedTensors;
import io.text2video.worker.weights.SafetensorsFile;
import io.text2video.worker.weights.SafetensorsIndex;
import io.text2video.worker.weights.TensorInfo;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What diffusers computed, from a safetensors file of this module's test resources. */
public final class Reference {
    private static final Path ALL = Path.of("src/test/resources/reference");

    /** A CogVideoX-2b of random weights; see src/test/reference/README.md. */
    public static final Path CHECKPOINT = checkpoint("2b");

    public static final Path TINY_CHECKPOINT = Path.of("../models/cogvideox-tiny");

    /** How many times the reference's own rounding error is allowed. */
    private static final double NO_FURTHER = 1.5;

    private final SafetensorsFile file;

    private Reference(SafetensorsFile file) {
        this.file = file;
    }

    /** A model of random weights and of that kind: 2b, 5b, 1.5, i2v, 1.5-i2v, control/2b or control/5b. */
    public static Path checkpoint(String kind) {
        return ALL.resolve(kind);
    }

    public static Reference golden() {
        return golden("2b");
    }

    /** What diffusers computed with that kind. */
    public static Reference golden(String kind) {
        return open(checkpoint(kind).resolve("golden.safetensors"));
    }

    /** What diffusers computed with that kind in half precision, and beside it in fp32; see make_half_reference.py. */
    public static Reference half(String kind, ComputeType type) {
        return open(ALL.resolve("half").resolve(kind).resolve(type.label() + ".safetensors"));
    }

    /** What diffusers made of a video; see make_video_reference.py. */
    public static Reference video(String name) {
        return open(ALL.resolve("video").resolve(name + ".safetensors"));
    }

    /** What diffusers drew along a video; see make_control_reference.py. */
    public static Reference control(String name) {
        return open(ALL.resolve("control").resolve(name + ".safetensors"));
    }

    public static Reference open(Path file) {
        try {
            return new Reference(SafetensorsFile.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Map<String, TensorInfo> tensors() {
        return file.tensors();
    }

    public String metadata(String key) {
        return file.metadata().get(key);
    }

    public float[] floats(String name) {
        FloatBuffer buffer = bytes(name).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    public long[] longs(String name) {
        LongBuffer buffer = bytes(name).asLongBuffer();
        long[] values = new long[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** A tensor in the dtype that it is stored in. */
    public Tensor stored(MemoryScope scope, String name) {
        try (MappedTensors mapped = new MappedTensors(scope)) {
            return mapped.view(scope, tensors().get(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Tensor tensor(MemoryScope scope, String name) {
        return TensorKernels.ofFloats(
                scope, floats(name), file.tensors().get(name).shape());
    }

    /** What the reference gives the transformer in its first step, the negative prompt first. */
    public Pass firstPass(MemoryScope scope, CogVideoXTransformer3DModel transformer) {
        Tensor text = TensorKernels.concat(
                scope, List.of(tensor(scope, "negative_prompt_embeds"), tensor(scope, "prompt_embeds")), 0);
        Tensor latents = tensor(scope, "transformer_input.0");
        var positions = transformer.positions(scope, latents.size(1), latents.size(3), latents.size(4));
        return new Pass(latents, text, floats("timesteps")[0], positions);
    }

    public static Weights weights(MemoryScope owner, String component) throws IOException {
        return weights(owner, "2b", component);
    }

    public static Weights weights(MemoryScope owner, String kind, String component) throws IOException {
        return weights(owner, kind, component, DType.F32);
    }

    public static Weights weights(MemoryScope owner, String kind, String component, DType dtype) throws IOException {
        return weights(owner, checkpoint(kind), Component.ofLabel(component).orElseThrow(), dtype);
    }

    /** The weights of any checkpoint, as they are stored. */
    public static Weights weights(MemoryScope owner, Path checkpoint, Component component, DType dtype)
            throws IOException {
        Path folder = checkpoint.resolve(component.label());
        return Weights.open(owner, folder, SafetensorsIndex.open(folder, component), dtype, WeightStorage.FLOATS);
    }

    /**
     * Holds an error against the reference's own, both to what unrounded arithmetic gives.
     *
     * @param actual what is tested
     * @param name of what diffusers computed
     * @param exact of the same without rounding
     */
    public void assertNoFurtherOff(MemoryScope scope, String what, float[] actual, String name, String exact) {
        float[] unrounded = TensorKernels.toFloats(scope, stored(scope, exact));
        float[] theirs = TensorKernels.toFloats(scope, stored(scope, name));
        double our = rootMeanSquare(actual, unrounded);
        double their = rootMeanSquare(theirs, unrounded);
        System.out.printf(
                "%-28s error %.1e, of diffusers %.1e (%.2f times); largest difference %.1e, of diffusers %.1e%n",
                what, our, their, our / their, relativeError(actual, unrounded), relativeError(theirs, unrounded));
        assertThat(our)
                .as("error of %s, largest difference %s", what, relativeError(actual, unrounded))
                .isLessThanOrEqualTo(NO_FURTHER * their);
    }

    /** Of the difference, over that of what is expected. */
    private static double rootMeanSquare(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            magnitude += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / magnitude);
    }

    /** Largest difference over the largest expected magnitude. */
    public static double relativeError(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < expected.length; i++) {
            // Math.max lets a NaN through, which then fails every comparison.
            difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
            magnitude = Math.max(magnitude, Math.abs(expected[i]));
        }
        return difference / magnitude;
    }

    public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        double error = relativeError(actual, expected);
        System.out.printf("%-24s largest relative error %.2e%n", what, error);
        assertThat(error).as("largest relative error of %s", what).isLessThanOrEqualTo(tolerance);
    }

    public ByteBuffer bytes(String name) {
        TensorInfo info = file.tensors().get(name);
        assertThat(info).as("reference tensor %s", name).isNotNull();
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.toIntExact(info.byteLength())).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(info.file())) {
            channel.read(buffer, info.offset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.flip();
    }
}
