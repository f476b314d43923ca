package io.text2video.worker.device;

/**
 * A GPU that this process may use.
 *
 * @param index as CUDA counts those that the process may see, and torch after it: the N of {@code cuda:N}
 * @param name as NVIDIA calls it
 * @param memory bytes in all
 * @param major of its compute capability
 * @param minor of the same
 */
public record Gpu(int index, String name, long memory, int major, int minor) {
    /** From Ampere on, whose tensor cores multiply bf16; Turing and older ones would emulate it. */
    private static final int BF16_MAJOR = 8;

    /** Its compute capability, as {@code 8.6}. */
    public String capability() {
        return major + "." + minor;
    }

    /** Whether it multiplies bf16 itself. */
    public boolean multipliesBf16() {
        return major >= BF16_MAJOR;
    }
}
