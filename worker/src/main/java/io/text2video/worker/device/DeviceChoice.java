package io.text2video.worker.device;

import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.Libtorch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which devices a model runs on, and why.
 *
 * @param devices one, or two GPUs that share the work of one video
 * @param gpus what the driver tells of those that are GPUs; of one that nobody could ask for, nothing
 * @param reason for people
 */
public record DeviceChoice(List<Device> devices, List<Gpu> gpus, String reason) {
    /** Without asking anybody. */
    public static final DeviceChoice CPU = unasked(Device.CPU);

    public DeviceChoice {
        devices = List.copyOf(devices);
        gpus = List.copyOf(gpus);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("no device");
        }
    }

    /** Devices taken at their word. */
    public static DeviceChoice unasked(Device... devices) {
        return new DeviceChoice(List.of(devices), List.of(), "it was asked for");
    }

    /**
     * Chooses on this machine. A CPU that is asked for is given without a look at the driver.
     *
     * @throws NoSuchDeviceException when a GPU is asked for that cannot be used, saying why and the way out
     */
    public static DeviceChoice of(DeviceRequest request) {
        return request.equals(new DeviceRequest(CPU.devices))
                ? CPU
                : of(request, Gpus.ofThisMachine(), Libtorch.ofThisProcess());
    }

    /** The same for what is only reckoned with, as memory is by plan: GPUs that are asked for need not be there. */
    public static DeviceChoice planned(DeviceRequest request) {
        if (request.isAuto()) {
            return of(request);
        }
        return new DeviceChoice(request.devices(), listed(request, Gpus.ofThisMachine()), "it was asked for");
    }

    /** The same on a machine with those GPUs and that libtorch. */
    static DeviceChoice of(DeviceRequest request, Gpus gpus, Libtorch libtorch) {
        Optional<String> unusable = unusable(gpus, libtorch);
        if (request.isAuto()) {
            return unusable.map(reason -> new DeviceChoice(CPU.devices, List.of(), reason))
                    .orElseGet(() -> first(gpus));
        }
        if (request.devices().equals(CPU.devices)) {
            return CPU;
        }
        unusable.ifPresent(reason -> {
            throw new NoSuchDeviceException(request, reason);
        });
        for (Device device : request.devices()) {
            if (gpus.at(device.index()).isEmpty()) {
                throw new NoSuchDeviceException(request, "%s is not there: %s".formatted(device, all(gpus)));
            }
        }
        return new DeviceChoice(request.devices(), listed(request, gpus), "it was asked for");
    }

    /** The one that the model's weights are on. */
    public Device first() {
        return devices.get(0);
    }

    /** A GPU of these that does not multiply bf16 itself. */
    public Optional<Gpu> withoutBf16() {
        return gpus.stream().filter(gpu -> !gpu.multipliesBf16()).findFirst();
    }

    /** Loads the kernels of one of them, in the ways that suit it. */
    public Kernels load(Device device) {
        return gpus.stream()
                .filter(gpu -> device.equals(Device.cuda(gpu.index())))
                .findFirst()
                .map(gpu -> Kernels.load(device, gpu.major(), gpu.minor()))
                .orElseGet(() -> Kernels.load(device));
    }

    /** What computes, as a computation is named by: results of another GPU model are rounded otherwise. */
    public String models() {
        return gpus.stream().map(gpu -> gpu.name() + " " + gpu.capability()).collect(Collectors.joining(","));
    }

    /** The devices, as torch names them. */
    @Override
    public String toString() {
        return DeviceRequest.names(devices);
    }

    private static DeviceChoice first(Gpus gpus) {
        Gpu gpu = gpus.found().get(0);
        return new DeviceChoice(List.of(Device.cuda(gpu.index())), List.of(gpu), "%s is there".formatted(gpu.name()));
    }

    private static List<Gpu> listed(DeviceRequest request, Gpus gpus) {
        List<Gpu> listed = new ArrayList<>();
        request.devices().stream().filter(Device::isCuda).forEach(device -> gpus.at(device.index())
                .ifPresent(listed::add));
        return listed;
    }

    /** Why no GPU can be used. */
    private static Optional<String> unusable(Gpus gpus, Libtorch libtorch) {
        if (gpus.reason().isPresent()) {
            return gpus.reason();
        }
        if (!libtorch.hasCuda()) {
            return Optional.of(
                    "there is %s, but libtorch %s is built for the CPU (%s): the image worker-cuda.Dockerfile has one for GPUs"
                            .formatted(gpus.found().get(0).name(), libtorch.version(), libtorch.flavor()));
        }
        Optional<Integer> served = gpus.driver().map(version -> Integer.parseInt(version.split("\\.")[0]));
        if (served.isPresent()
                && libtorch.cudaMajor().filter(needed -> needed > served.get()).isPresent()) {
            return Optional.of("the NVIDIA driver is too old: it serves CUDA %s, and libtorch %s wants CUDA %d"
                    .formatted(
                            gpus.driver().get(),
                            libtorch.flavor(),
                            libtorch.cudaMajor().get()));
        }
        return Optional.empty();
    }

    private static String all(Gpus gpus) {
        List<String> names = gpus.found().stream()
                .map(gpu -> "cuda:%d (%s)".formatted(gpu.index(), gpu.name()))
                .toList();
        return "this process sees " + String.join(", ", names);
    }
}
