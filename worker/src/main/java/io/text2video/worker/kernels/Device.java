package io.text2video.worker.kernels;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors lie and are computed, as torch names it: {@code cpu}, {@code cuda:0}. Always named, never DJL's default, which
 * is a GPU wherever it finds a libcudart.
 *
 * @param index of the GPU, from 0; 0 for the CPU
 */
public record Device(Kind kind, int index) {
    /** Each has its own way of computing what the networks are made of. */
    public enum Kind {
        CPU,
        CUDA
    }

    public static final Device CPU = new Device(Kind.CPU, 0);

    private static final Pattern CUDA_NAME = Pattern.compile("cuda(?::(\\d{1,2}))?");

    /** One GPU, as CUDA counts those that the process may see. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /**
     * Reads {@code cpu}, {@code cuda} (which is {@code cuda:0}) or {@code cuda:N}.
     *
     * @throws IllegalArgumentException naming what is not understood and what there is
     */
    public static Device of(String name) {
        Matcher cuda = CUDA_NAME.matcher(name);
        if (name.equals("cpu")) {
            return CPU;
        }
        if (!cuda.matches()) {
            throw new IllegalArgumentException("the device \"%s\" is none of cpu, cuda, cuda:N".formatted(name));
        }
        return cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }

    public boolean isCuda() {
        return kind == Kind.CUDA;
    }

    /** As torch reads it. */
    @Override
    public String toString() {
        return isCuda() ? "cuda:" + index : "cpu";
    }
}
