package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel returned.
 *
 * @param values of each tensor, or one number
 * @param devices where the tensors were, as torch names them
 */
record KernelResult(List<float[]> values, Set<String> devices) {
    private static final Pattern RESULT = Pattern.compile("\n  def (\\w+)\\(.*\\) -> (.+):");

    static KernelResult of(Kernels kernels, KernelCall call, DType dtype) {
        try (MemoryScope scope = kernels.openScope()) {
            Object[] arguments = call.arguments().apply(new KernelInputs(scope, dtype));
            String type = resultType(call.kernel());
            if (type.equals("int")) {
                return number(scope.callForLong(call.kernel(), arguments));
            }
            if (type.equals("float")) {
                return number(scope.callForDouble(call.kernel(), arguments));
            }
            List<Tensor> tensors = type.equals("Tensor")
                    ? List.of(scope.call(call.kernel(), arguments))
                    : scope.callForTuple(call.kernel(), arguments);
            Set<String> devices = new TreeSet<>();
            tensors.forEach(tensor -> devices.add(nameOf(tensor.array().getDevice())));
            return new KernelResult(
                    tensors.stream()
                            .map(tensor -> TensorKernels.toFloats(scope, tensor))
                            .toList(),
                    devices);
        }
    }

    /** Where a call's tensors have to be: bytes are on their way out. */
    static Set<String> devicesOn(Device device, KernelCall call) {
        String type = resultType(call.kernel());
        if (type.equals("int") || type.equals("float")) {
            return Set.of();
        }
        return Set.of(call.kernel().equals("to_bytes") ? Device.CPU.toString() : device.toString());
    }

    /** The largest, of each tensor in relation to its largest value. */
    double difference(KernelResult expected) {
        assertThat(values).hasSameSizeAs(expected.values);
        double worst = 0;
        for (int i = 0; i < values.size(); i++) {
            worst = Math.max(worst, difference(values.get(i), expected.values.get(i)));
        }
        return worst;
    }

    private static double difference(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 1e-30;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(Float.isNaN(actual[i])).isEqualTo(Float.isNaN(expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        return difference / largest;
    }

    private static KernelResult number(double value) {
        return new KernelResult(List.of(new float[] {(float) value}), Set.of());
    }

    private static String nameOf(ai.djl.Device device) {
        return device.isGpu() ? Device.cuda(device.getDeviceId()).toString() : Device.CPU.toString();
    }

    private static String resultType(String kernel) {
        try {
            Matcher results = RESULT.matcher(KernelArchive.source(Device.Kind.CUDA));
            while (results.find()) {
                if (results.group(1).equals(kernel)) {
                    return results.group(2);
                }
            }
            throw new IllegalArgumentException("there is no kernel " + kernel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
