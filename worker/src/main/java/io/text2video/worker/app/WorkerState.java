package io.text2video.worker.app;

/**
 * Where a worker stands.
 *
 * <pre>
 *   DISABLED
 *   STARTING ──► READY ──► STOPPING
 *       └────────► FAILED
 * </pre>
 */
enum WorkerState {
    DISABLED,
    STARTING,
    READY,
    STOPPING,
    FAILED;

    boolean isReady() {
        return switch (this) {
            case DISABLED, READY -> true;
            case STARTING, STOPPING, FAILED -> false;
        };
    }

    boolean isAlive() {
        return this != FAILED;
    }
}
