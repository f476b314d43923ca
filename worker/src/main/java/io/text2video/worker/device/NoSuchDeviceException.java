package io.text2video.worker.device;

/** A GPU was asked for that cannot be used here. */
public final class NoSuchDeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchDeviceException(DeviceRequest request, String reason) {
        super(
                "%s cannot be used: %s; --device auto (WORKER_DEVICE) takes what there is, cpu the CPU; text2video doctor tells more"
                        .formatted(request, reason));
    }
}
