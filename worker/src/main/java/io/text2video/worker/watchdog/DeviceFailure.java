package io.text2video.worker.watchdog;

import io.text2video.worker.kernels.DeviceFailedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Ends a process whose device has failed, with {@link ProcessEnd#DEVICE_FAILED}: once what does not need the device is
 * brought to its end, or after a while. Nothing of the device is freed, as that may abort the process. Thread-safe.
 */
public final class DeviceFailure {
    private static final Logger LOG = Logger.getLogger(DeviceFailure.class);

    private final Runnable stop;
    private final Duration limit;
    private final AtomicBoolean happened = new AtomicBoolean();

    /**
     * @param stop tells the process to bring to its end what it can
     * @param limit how long that may take
     */
    public DeviceFailure(Runnable stop, Duration limit) {
        this.stop = stop;
        this.limit = limit;
    }

    /** The device has failed; only the first time counts. */
    void happen(DeviceFailedException failure) {
        if (happened.compareAndSet(false, true)) {
            LOG.errorf(
                    "device failed, the process ends exit=%d cause=%s", ProcessEnd.DEVICE_FAILED, failure.getMessage());
            ProcessEnd.haltAfter(limit, ProcessEnd.DEVICE_FAILED);
            stop.run();
        }
    }

    /** What could be brought to its end is there: does not return where the device has failed. */
    public void endProcess() {
        if (happened.get()) {
            Runtime.getRuntime().halt(ProcessEnd.DEVICE_FAILED);
        }
    }
}
