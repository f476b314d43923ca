package io.text2video.process;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Ports that are to be listened on, looked at before anything is started. */
public final class Ports {
    /** Quarkus's own, where nobody says. */
    private static final String ANYWHERE = "0.0.0.0";

    private Ports() {}

    /**
     * Tries to listen where HTTP would, by flags that are system properties already, the environment and files: Quarkus takes
     * seconds to come to that.
     *
     * @throws ParameterException when the port is none
     * @throws IOException when it cannot be listened on, with the reason and the way out
     */
    public static void requireFreeHttp(CommandLine command) throws IOException {
        requireFree(command, "--port", "quarkus.http");
    }

    /**
     * The same where health and metrics would.
     *
     * @throws ParameterException when the port is none
     * @throws IOException when it cannot be listened on, with the reason and the way out
     */
    public static void requireFreeManagement(CommandLine command) throws IOException {
        requireFree(command, "--management-port", "quarkus.management");
    }

    private static void requireFree(CommandLine command, String option, String server) throws IOException {
        SmallRyeConfig config = ConfigUtils.configBuilder().build();
        String variable = server.toUpperCase(Locale.ROOT).replace('.', '_');
        String text = config.getValue(server + ".port", String.class);
        int port;
        try {
            port = new PortConverter().convert(text);
        } catch (TypeConversionException e) {
            throw new ParameterException(command, variable + "_PORT: " + e.getMessage(), e);
        }
        String host = config.getOptionalValue(server + ".host", String.class).orElse(ANYWHERE);
        requireFree(option, host, variable + "_HOST", port);
    }

    /**
     * Tries to listen.
     *
     * @param option that names the port
     * @param hostOption that names the host
     * @param port 0 for any free one, of which there always is one
     * @throws IOException when it cannot be listened on, with the reason and the way out
     */
    public static void requireFree(String option, String host, String hostOption, int port) throws IOException {
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("%s %s is no address of this machine".formatted(hostOption, host));
        }
        try (var socket = new ServerSocket()) {
            socket.bind(address);
        } catch (IOException e) {
            throw new IOException(
                    "port %d of %s cannot be listened on: %s; %s names another, or 0 for any free one"
                            .formatted(port, host, e.getMessage(), option),
                    e);
        }
    }
}
