package io.text2video.worker.app;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A worker's id: the configured one, else host name and process id. */
final class WorkerIdentity {
    private WorkerIdentity() {}

    static String of(WorkerConfig config) {
        return config.id()
                .orElseGet(() -> host() + "-" + ProcessHandle.current().pid());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "worker";
        }
    }
}
