package io.text2video.worker.kernels;

import java.util.Map;

/** Which of the ways that a kind of device has the kernels take. */
sealed interface ComputePaths permits CpuPaths, CudaPaths {
    /** The kernels' attributes of the same names. */
    Map<String, Boolean> attributes();
}
