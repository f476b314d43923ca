package io.text2video.worker.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.device.Gpu;
import io.text2video.worker.device.Gpus;
import io.text2video.worker.rehearsal.RehearsedGpus.Copy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is rehearsed is worth what it finds: these are the ways in which it differs from the CPU. */
@Rehearsed
class RehearsedGpusTest {
    private static Engine engine;

    private final NDManager host = engine.newBaseManager(Device.cpu());
    private final NDManager first = engine.newBaseManager(Device.gpu(0));
    private final NDManager second = engine.newBaseManager(Device.gpu(1));

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        engine = Engine.getEngine("PyTorch");
    }

    @AfterEach
    void free() {
        RehearsedGpus.stopLog();
        RehearsedGpus.unlimited();
        List.of(first, second, host).forEach(NDManager::close);
    }

    @Test
    void shouldComputeOnTheDevice() {
        // Given
        NDArray x = first.ones(new Shape(2, 3));

        // When
        NDArray y = x.mul(3).matMul(x.transpose());

        // Then
        assertThat(y.getDevice()).isEqualTo(Device.gpu(0));
        assertThat(y.toFloatArray()).containsExactly(9, 9, 9, 9);
    }

    @Test
    void shouldRefuseToMixDevices() {
        // Given
        NDArray there = first.ones(new Shape(2, 3));

        // When, Then
        for (NDArray other : List.of(host.ones(new Shape(2, 3)), second.ones(new Shape(2, 3)))) {
            assertThatThrownBy(() -> there.add(other))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Expected all tensors to be on the same device");
            assertThatThrownBy(() -> other.add(there))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Expected all tensors to be on the same device");
        }
    }

    @Test
    void shouldCountWhatADeviceHolds() {
        // Given
        long before = RehearsedGpus.held(1);

        // When
        NDArray x = second.ones(new Shape(1000));
        long during = RehearsedGpus.held(1);
        x.close();

        // Then
        assertThat(during - before).isEqualTo(4000);
        assertThat(RehearsedGpus.held(1)).isEqualTo(before);
        assertThat(RehearsedGpus.peak(1)).isGreaterThanOrEqualTo(during);
    }

    @Test
    void shouldRunOutOfMemoryAndGoOn() {
        // Given
        RehearsedGpus.limit(0, RehearsedGpus.held(0) + 10_000);
        NDArray x = first.ones(new Shape(2000));

        // When, Then
        assertThatThrownBy(() -> x.add(1))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("CUDA out of memory");
        assertThat(x.addi(1).toFloatArray()).containsOnly(2);
    }

    @Test
    void shouldRecordCopiesBetweenDevices() {
        // Given
        Path file = directory.resolve("copies");
        NDArray x = host.ones(new Shape(2, 3));
        RehearsedGpus.log(file);

        // When
        NDArray there = x.toDevice(Device.gpu(0), true);
        there.toDevice(Device.gpu(1), true);
        there.toDevice(Device.cpu(), true);

        // Then
        List<Long> shape = List.of(2L, 3L);
        assertThat(RehearsedGpus.copies(file))
                .containsExactly(
                        new Copy("aten::copy_", "cpu", "cuda:0", shape, 24),
                        new Copy("aten::copy_", "cuda:0", "cuda:1", shape, 24),
                        new Copy("aten::copy_", "cuda:0", "cpu", shape, 24));
    }

    @Test
    void shouldAnswerAsTheDriver() {
        // Given
        NativeLibrary driver = NativeLibrary.getInstance("cuda");
        IntByReference count = new IntByReference();
        IntByReference major = new IntByReference();
        Memory name = new Memory(100);
        PointerByReference context = new PointerByReference();
        LongByReference free = new LongByReference();
        LongByReference total = new LongByReference();
        RehearsedGpus.limit(1, 1 << 20);
        first.ones(new Shape(1));

        // When
        try (NDArray x = second.ones(new Shape(1000))) {
            ask(driver, "cuInit", 0);
            ask(driver, "cuDeviceGetCount", count);
            ask(driver, "cuDeviceGetName", name, 100, 1);
            ask(driver, "cuDeviceGetAttribute", major, 75, 1);
            ask(driver, "cuDevicePrimaryCtxRetain", context, 1);
            ask(driver, "cuCtxPushCurrent_v2", context.getValue());
            ask(driver, "cuMemGetInfo_v2", free, total);
            ask(driver, "cuCtxPopCurrent_v2", context);
            ask(driver, "cuDevicePrimaryCtxRelease_v2", 1);
            assertThat(x.getDevice()).isEqualTo(Device.gpu(1));
        }

        // Then
        assertThat(count.getValue()).isEqualTo(2);
        assertThat(name.getString(0)).isEqualTo("Rehearsed GPU");
        assertThat(major.getValue()).isEqualTo(9);
        assertThat(total.getValue()).isEqualTo(1 << 20);
        assertThat(total.getValue() - free.getValue()).isEqualTo(4000);
    }

    @Test
    void shouldBeFoundByTheEngine() {
        // When
        DeviceChoice choice = DeviceChoice.planned(DeviceRequest.of("cuda:0,cuda:1"));

        // Then
        assertThat(choice.gpus())
                .as(Gpus.ofThisMachine().reason().orElse("found"))
                .extracting(Gpu::name)
                .containsExactly("Rehearsed GPU", "Rehearsed GPU");
        assertThat(choice.models()).contains("9.0");
    }

    private static void ask(NativeLibrary driver, String function, Object... arguments) {
        assertThat(driver.getFunction(function).invokeInt(arguments))
                .as(function)
                .isZero();
    }
}
