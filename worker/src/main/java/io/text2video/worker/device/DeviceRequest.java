package io.text2video.worker.device;

import io.text2video.worker.kernels.Device;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which device a model is asked to run on: {@code auto}, {@code cpu}, {@code cuda} (the first GPU), {@code cuda:N}, or two
 * GPUs as {@code cuda:0,cuda:1}, which share the work of one video.
 *
 * @param devices empty for {@code auto}
 */
public record DeviceRequest(List<Device> devices) {
    /** The first GPU where there is one that can be used, else the CPU. */
    public static final DeviceRequest AUTO = new DeviceRequest(List.of());

    private static final String AUTO_NAME = "auto";
    private static final int MOST = 2;

    /** @throws IllegalArgumentException for more than two devices, the same one twice, and a CPU beside a GPU */
    public DeviceRequest {
        devices = List.copyOf(devices);
        if (devices.size() > MOST) {
            throw refused(devices, "one video runs on two GPUs at most");
        }
        if (devices.stream().distinct().count() < devices.size()) {
            throw refused(devices, "that is the same device twice");
        }
        if (devices.size() > 1 && !devices.stream().allMatch(Device::isCuda)) {
            throw refused(devices, "a CPU and a GPU do not share a video");
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException naming what is not understood and what there is
     */
    public static DeviceRequest of(String text) {
        String stripped = text.strip();
        if (stripped.equals(AUTO_NAME)) {
            return AUTO;
        }
        try {
            return new DeviceRequest(Arrays.stream(stripped.split(",", -1))
                    .map(name -> Device.of(name.strip()))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s; --device takes auto, cpu, cuda, cuda:N or cuda:N,cuda:M".formatted(e.getMessage()), e);
        }
    }

    boolean isAuto() {
        return devices.isEmpty();
    }

    @Override
    public String toString() {
        return isAuto() ? AUTO_NAME : names(devices);
    }

    static String names(List<Device> devices) {
        return devices.stream().map(Device::toString).collect(Collectors.joining(","));
    }

    private static IllegalArgumentException refused(List<Device> devices, String reason) {
        return new IllegalArgumentException("%s: %s".formatted(names(devices), reason));
    }
}
