package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failure is which, by the words of torch, CUDA and its libraries. */
class KernelExceptionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 15.77 GiB of which 1.12 GiB"
                        + " is free. Including non-PyTorch memory, this process has 14.64 GiB memory in use.",
                "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call",
                "CUDA driver error: out of memory",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
                "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
                "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED",
                "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to"
                        + " allocate 4000000000000 bytes. Error code 12 (Cannot allocate memory)",
                "could not create a memory object",
                "could not execute a primitive",
                "std::bad_alloc"
            })
    void shouldKnowThatMemoryRanOut(String message) {
        assertThat(KernelException.of("linear", new EngineException(message)))
                .isInstanceOf(OutOfMemoryException.class)
                .hasMessage("linear: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported",
                "CUDA error: device-side assert triggered",
                "CUDA error: unspecified launch failure",
                "CUDA error: uncorrectable ECC error encountered",
                "CUDA error: misaligned address",
                "CUDA error: no kernel image is available for execution on the device",
                "CUDA driver error: device not ready",
                "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm( handle, opa, opb, m, n, k)`",
                "CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`",
                "CUDA error: CUBLAS_STATUS_INTERNAL_ERROR when calling `cublasGemmEx`",
                "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
                "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED_CUDART",
                "cuDNN error: CUDNN_STATUS_MAPPING_ERROR",
                "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR"
            })
    void shouldKnowThatTheDeviceFailed(String message) {
        assertThat(KernelException.of("linear", new EngineException(message)))
                .isInstanceOf(DeviceFailedException.class)
                .hasMessage("linear: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mat1 and mat2 shapes cannot be multiplied (4x64 and 32x64)",
                "CUDA error: CUBLAS_STATUS_NOT_SUPPORTED when calling `cublasLtMatmul`",
                "CUDA error: CUBLAS_STATUS_INVALID_VALUE when calling `cublasSgemm`",
                "cuDNN error: CUDNN_STATUS_NOT_SUPPORTED. This error may appear if you passed in a non-contiguous input.",
                "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
            })
    void shouldTakeTheRestForAFaultOfTheCall(String message) {
        assertThat(KernelException.of("linear", new EngineException(message))).isInstanceOf(KernelException.class);
    }

    @Test
    void shouldTakeWhatSaysNothingForAFaultOfTheCall() {
        assertThat(KernelException.of("linear", new EngineException((String) null)))
                .isInstanceOf(KernelException.class);
    }
}
