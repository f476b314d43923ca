package io.text2video.standalone.cli;

import io.text2video.process.SingleLine;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;

/** Cancels a job when this process is told to end before this is closed, as by Ctrl-C: nobody waits for its video then. */
final class CancelAtExit implements AutoCloseable {
    private final Thread hook;

    CancelAtExit(GatewayClient client, String id) {
        hook = new Thread(() -> cancel(client, id), "cancel-at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static void cancel(GatewayClient client, String id) {
        try {
            System.err.println("text2video: " + client.cancel(id).path("status").asText() + " " + id);
        } catch (IOException e) {
            System.err.println(
                    "text2video: the job %s was not cancelled: %s".formatted(id, SingleLine.of(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does not return once the process ends: what the job has come to is told by then. */
    @Override
    public void close() throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            Thread.currentThread().join();
        }
    }
}
