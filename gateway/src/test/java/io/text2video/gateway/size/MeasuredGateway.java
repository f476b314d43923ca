package io.text2video.gateway.size;

import io.text2video.embedded.EmbeddedServices;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A gateway from its jar, in a process of its own, for what measures it. */
final class MeasuredGateway {
    private MeasuredGateway() {}

    /**
     * Starts one, which wants no key and takes any number of jobs. It ends with this process, if not before.
     *
     * @param managementPort where it tells of its health and its metrics
     * @param log is written anew
     * @param jar of Quarkus
     * @param options of the JVM
     */
    static Process start(
            EmbeddedServices services, int port, int managementPort, Path log, String jar, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(options);
        command.addAll(List.of("-jar", jar));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File(log.toString()));
        builder.environment().putAll(services.environment());
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        builder.environment().put("GATEWAY_ACCESS", "off");
        // What it is asked for may be old, and is to stay.
        builder.environment().put("RETENTION_AGE", "0s");
        builder.environment().put("LIMITS_OPEN_JOBS_PER_TENANT", Integer.toString(Integer.MAX_VALUE));
        builder.environment().put("LIMITS_OPEN_JOBS", Integer.toString(Integer.MAX_VALUE));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }
}
