package io.text2video.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsFile;
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
import java.util.Map;

/** What diffusers computed, from a safetensors file of this module's test resources. */
public final class Reference {
    private static final Path ALL = Path.of("src/test/resources/reference");

    /** A CogVideoX-2b of random weights; see src/test/reference/README.md. */
    public static final Path CHECKPOINT = checkpoint("2b");

    public static final Path TINY_CHECKPOINT = Path.of("../models/cogvideox-tiny");

    private final SafetensorsFile file;

    private Reference(SafetensorsFile file) {
        this.file = file;
    }

    /** A model of random weights and of that kind: 2b, 5b, 1.5, i2v or 1.5-i2v. */
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

    public Tensor tensor(MemoryScope scope, String name) {
        return TensorKernels.ofFloats(
                scope, floats(name), file.tensors().get(name).shape());
    }

    public static Weights weights(MemoryScope owner, String component) throws IOException {
        return weights(owner, "2b", component);
    }

    public static Weights weights(MemoryScope owner, String kind, String component) throws IOException {
        return Weights.open(owner, checkpoint(kind).resolve(component), DType.F32);
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
