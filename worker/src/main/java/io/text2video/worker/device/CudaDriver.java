package io.text2video.worker.device;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The driver's own API, {@code libcuda.so.1}, which comes with the driver and not with a toolkit. It obeys
 * {@code CUDA_VISIBLE_DEVICES} and {@code CUDA_DEVICE_ORDER} itself, so its numbers are torch's.
 *
 * <p>Source: the CUDA driver API, {@code cuda.h}.
 */
final class CudaDriver {
    /** Names another library; for tests. */
    static final String PROPERTY = "text2video.cuda-driver";

    private static final String LIBRARY = "libcuda.so.1";

    private static final int NO_DEVICE = 100;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int LONGEST_NAME = 256;

    /** {@code size_t} is a long on every system that NVIDIA's driver is made for. */
    private interface Cuda extends Library {
        int cuInit(int flags);

        int cuDriverGetVersion(IntByReference version);

        int cuDeviceGetCount(IntByReference count);

        int cuDeviceGet(IntByReference device, int ordinal);

        int cuDeviceGetName(byte[] name, int length, int device);

        int cuDeviceTotalMem_v2(LongByReference bytes, int device);

        int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

        int cuDevicePrimaryCtxRetain(PointerByReference context, int device);

        int cuDevicePrimaryCtxRelease_v2(int device);

        int cuCtxPushCurrent_v2(Pointer context);

        int cuCtxPopCurrent_v2(PointerByReference context);

        int cuMemGetInfo_v2(LongByReference free, LongByReference total);

        int cuGetErrorName(int error, PointerByReference name);

        int cuGetErrorString(int error, PointerByReference text);
    }

    /** The driver said no. */
    private static final class CudaException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int code;

        CudaException(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    private final Cuda cuda;

    private CudaDriver() {
        cuda = Native.load(System.getProperty(PROPERTY, LIBRARY), Cuda.class);
    }

    static Gpus find() {
        CudaDriver driver;
        try {
            driver = new CudaDriver();
        } catch (UnsatisfiedLinkError e) {
            return Gpus.none(Optional.empty(), "no NVIDIA driver: libcuda.so.1 is not here");
        }
        Optional<String> version = Optional.empty();
        try {
            // Also before a cuInit that fails, so that people see which driver it is.
            version = Optional.of(driver.version());
            driver.require("cuInit", driver.cuda.cuInit(0));
            List<Gpu> gpus = driver.list();
            return gpus.isEmpty()
                    ? Gpus.none(version, hidden("the NVIDIA driver lists no GPU"))
                    : new Gpus(gpus, version, Optional.empty());
        } catch (CudaException e) {
            String reason = "the NVIDIA driver refuses: " + e.getMessage();
            return Gpus.none(version, e.code == NO_DEVICE ? hidden(reason) : reason);
        } catch (UnsatisfiedLinkError e) {
            return Gpus.none(version, "the NVIDIA driver is too old: " + e.getMessage());
        }
    }

    static Optional<GpuMemory> memory(int index) {
        try {
            CudaDriver driver = new CudaDriver();
            driver.require("cuInit", driver.cuda.cuInit(0));
            return Optional.of(driver.memoryOf(driver.device(index)));
        } catch (CudaException | UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    /** GPUs may be there and hidden from this process. */
    private static String hidden(String reason) {
        String visible = System.getenv("CUDA_VISIBLE_DEVICES");
        return visible == null ? reason : "%s (CUDA_VISIBLE_DEVICES is \"%s\")".formatted(reason, visible);
    }

    private String version() throws CudaException {
        var version = new IntByReference();
        require("cuDriverGetVersion", cuda.cuDriverGetVersion(version));
        return version.getValue() / 1000 + "." + version.getValue() % 1000 / 10;
    }

    private List<Gpu> list() throws CudaException {
        var count = new IntByReference();
        require("cuDeviceGetCount", cuda.cuDeviceGetCount(count));
        List<Gpu> gpus = new ArrayList<>();
        for (int index = 0; index < count.getValue(); index++) {
            int device = device(index);
            var name = new byte[LONGEST_NAME];
            var bytes = new LongByReference();
            require("cuDeviceGetName", cuda.cuDeviceGetName(name, name.length, device));
            require("cuDeviceTotalMem", cuda.cuDeviceTotalMem_v2(bytes, device));
            gpus.add(new Gpu(
                    index,
                    Native.toString(name, StandardCharsets.UTF_8.name()),
                    bytes.getValue(),
                    attribute(CAPABILITY_MAJOR, device),
                    attribute(CAPABILITY_MINOR, device)));
        }
        return gpus;
    }

    private int device(int index) throws CudaException {
        var device = new IntByReference();
        require("cuDeviceGet", cuda.cuDeviceGet(device, index));
        return device.getValue();
    }

    private int attribute(int attribute, int device) throws CudaException {
        var value = new IntByReference();
        require("cuDeviceGetAttribute", cuda.cuDeviceGetAttribute(value, attribute, device));
        return value.getValue();
    }

    /** The primary context is torch's too, so that this makes none where torch has it. */
    private GpuMemory memoryOf(int device) throws CudaException {
        var context = new PointerByReference();
        require("cuDevicePrimaryCtxRetain", cuda.cuDevicePrimaryCtxRetain(context, device));
        try {
            require("cuCtxPushCurrent", cuda.cuCtxPushCurrent_v2(context.getValue()));
            try {
                var free = new LongByReference();
                var total = new LongByReference();
                require("cuMemGetInfo", cuda.cuMemGetInfo_v2(free, total));
                return new GpuMemory(free.getValue(), total.getValue());
            } finally {
                cuda.cuCtxPopCurrent_v2(new PointerByReference());
            }
        } finally {
            cuda.cuDevicePrimaryCtxRelease_v2(device);
        }
    }

    private void require(String call, int code) throws CudaException {
        if (code != 0) {
            var name = new PointerByReference();
            var text = new PointerByReference();
            boolean known = cuda.cuGetErrorName(code, name) == 0 && cuda.cuGetErrorString(code, text) == 0;
            throw new CudaException(
                    code,
                    known
                            ? "%s: %s, %s"
                                    .formatted(
                                            call,
                                            name.getValue().getString(0),
                                            text.getValue().getString(0))
                            : "%s: error %d".formatted(call, code));
        }
    }
}
