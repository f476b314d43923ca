package io.text2video.worker.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.Libtorch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which device is taken, and what is said where it is another than was hoped for. */
class DeviceChoiceTest {
    private static final Gpu TURING = new Gpu(0, "NVIDIA T4", 16L << 30, 7, 5);
    private static final Gpu AMPERE = new Gpu(1, "NVIDIA A10", 24L << 30, 8, 6);
    private static final Gpus BOTH = new Gpus(List.of(TURING, AMPERE), Optional.of("12.8"), Optional.empty());
    private static final Gpus NONE = new Gpus(List.of(), Optional.empty(), Optional.of("no NVIDIA driver"));
    private static final Libtorch FOR_CUDA = new Libtorch("2.7.1", "cu128", Optional.empty());
    private static final Libtorch FOR_CPU = new Libtorch("2.7.1", "cpu", Optional.empty());

    @Test
    void shouldTakeTheFirstGpuByItself() {
        DeviceChoice choice = DeviceChoice.of(DeviceRequest.AUTO, BOTH, FOR_CUDA);

        assertThat(choice.devices()).containsExactly(Device.cuda(0));
        assertThat(choice.gpus()).containsExactly(TURING);
        assertThat(choice.reason()).isEqualTo("NVIDIA T4 is there");
    }

    @Test
    void shouldTakeTheCpuAndSayWhy() {
        // When
        DeviceChoice without = DeviceChoice.of(DeviceRequest.AUTO, NONE, FOR_CUDA);
        DeviceChoice unbuilt = DeviceChoice.of(DeviceRequest.AUTO, BOTH, FOR_CPU);

        // Then
        assertThat(without.devices()).containsExactly(Device.CPU);
        assertThat(without.reason()).isEqualTo("no NVIDIA driver");
        assertThat(unbuilt.devices()).containsExactly(Device.CPU);
        assertThat(unbuilt.reason()).startsWith("there is NVIDIA T4, but libtorch 2.7.1 is built for the CPU");
    }

    @Test
    void shouldTakeTheCpuWhereTheDriverIsTooOld() {
        Gpus old = new Gpus(List.of(TURING), Optional.of("11.4"), Optional.empty());

        assertThat(DeviceChoice.of(DeviceRequest.AUTO, old, FOR_CUDA).reason())
                .isEqualTo("the NVIDIA driver is too old: it serves CUDA 11.4, and libtorch cu128 wants CUDA 12");
    }

    @ParameterizedTest
    @CsvSource({"cuda, cuda:0", "cuda:1, cuda:1", "'cuda:1,cuda:0', 'cuda:1,cuda:0'", "cpu, cpu"})
    void shouldTakeWhatIsAskedFor(String asked, String taken) {
        DeviceChoice choice = DeviceChoice.of(DeviceRequest.of(asked), BOTH, FOR_CUDA);

        assertThat(choice).hasToString(taken);
        assertThat(choice.gpus())
                .extracting(gpu -> Device.cuda(gpu.index()))
                .isEqualTo(choice.devices().stream().filter(Device::isCuda).toList());
    }

    @Test
    void shouldRefuseAGpuThatCannotBeUsed() {
        assertThatThrownBy(() -> DeviceChoice.of(DeviceRequest.of("cuda"), NONE, FOR_CUDA))
                .isInstanceOf(NoSuchDeviceException.class)
                .hasMessageStartingWith("cuda:0 cannot be used: no NVIDIA driver; --device auto");
        assertThatThrownBy(() -> DeviceChoice.of(DeviceRequest.of("cuda:0,cuda:1"), BOTH, FOR_CPU))
                .hasMessageStartingWith("cuda:0,cuda:1 cannot be used: there is NVIDIA T4, but libtorch");
        assertThatThrownBy(() -> DeviceChoice.of(DeviceRequest.of("cuda:0,cuda:2"), BOTH, FOR_CUDA))
                .hasMessageContaining("cuda:2 is not there: this process sees cuda:0 (NVIDIA T4), cuda:1 (NVIDIA A10)");
    }

    @Test
    void shouldPlanForGpusThatAreNotThere() {
        DeviceChoice choice = DeviceChoice.planned(DeviceRequest.of("cuda:7"));

        assertThat(choice.devices()).containsExactly(Device.cuda(7));
        assertThat(choice.gpus()).isEmpty();
    }

    @Test
    void shouldFindTheGpuThatDoesNotMultiplyBf16() {
        assertThat(DeviceChoice.of(DeviceRequest.of("cuda:1,cuda:0"), BOTH, FOR_CUDA)
                        .withoutBf16())
                .hasValue(TURING);
        assertThat(DeviceChoice.of(DeviceRequest.of("cuda:1"), BOTH, FOR_CUDA).withoutBf16())
                .isEmpty();
        assertThat(DeviceChoice.CPU.withoutBf16()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda:0", "cuda:11", "cuda:0,cuda:1"})
    void shouldReadWhatItWrites(String text) {
        assertThat(DeviceRequest.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "gpu, 'the device \"gpu\" is none of cpu, cuda, cuda:N'",
        "'', 'the device \"\" is none of'",
        "'cuda:0,', 'the device \"\" is none of'",
        "'auto,cuda', 'the device \"auto\" is none of'",
        "'cuda:1, cuda:1', 'cuda:1,cuda:1: that is the same device twice'",
        "'cuda,cuda:0', 'cuda:0,cuda:0: that is the same device twice'",
        "'cpu,cuda:0', 'cpu,cuda:0: a CPU and a GPU do not share a video'",
        "'cuda:0,cuda:1,cuda:2', 'cuda:0,cuda:1,cuda:2: one video runs on two GPUs at most'"
    })
    void shouldRefuseWhatIsNoDevice(String text, String reason) {
        assertThatThrownBy(() -> DeviceRequest.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(reason)
                .hasMessageEndingWith("--device takes auto, cpu, cuda, cuda:N or cuda:N,cuda:M");
    }

    @Test
    void shouldKnowItsOwnLibtorch() {
        Libtorch here = Libtorch.ofThisProcess();

        assertThat(here.version()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(here.hasCuda()).isEqualTo(here.flavor().startsWith("cu"));
    }

    @ParameterizedTest
    @CsvSource({"cu128, true, 12", "cu118, true, 11", "cpu, false, ", "cpu-precxx11, false, "})
    void shouldReadFlavors(String flavor, boolean cuda, Integer major) {
        var libtorch = new Libtorch("2.7.1", flavor, Optional.empty());

        assertThat(libtorch.hasCuda()).isEqualTo(cuda);
        assertThat(libtorch.cudaMajor()).isEqualTo(Optional.ofNullable(major));
    }
}
