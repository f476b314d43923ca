package io.text2video.worker.kernels;

/** Element types of tensors, with the codes of TorchScript's {@code ScalarType} (torch 2.7, c10/core/ScalarType.h). */
public enum DType {
    U8(0, 1),
    I8(1, 1),
    I64(4, 8),
    F16(5, 2),
    F32(6, 4),
    F64(7, 8),
    BF16(15, 2),
    F8_E5M2(23, 1),
    F8_E4M3(24, 1);

    private final int code;
    private final int bytes;

    DType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Bytes an element. */
    public int bytes() {
        return bytes;
    }

    int code() {
        return code;
    }

    static DType ofCode(long code) {
        for (DType dtype : values()) {
            if (dtype.code == code) {
                return dtype;
            }
        }
        throw new KernelException(
                "a kernel returned a tensor of TorchScript's scalar type " + code + ", which this engine does not use",
                null);
    }
}
