package io.text2video.standalone.faults;

import io.text2video.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The embedded broker as a process of its own: it can be killed, and comes back with its data on its port. */
final class BrokerProgram {
    private BrokerProgram() {}

    /**
     * Runs until it is ended.
     *
     * @param args the broker's directory, its port, and configuration as {@code key=value}
     */
    public static void main(String[] args) throws Exception {
        Map<String, String> overrides = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            String[] entry = args[i].split("=", 2);
            overrides.put(entry[0], entry[1]);
        }
        var broker = new EmbeddedKafka(Path.of(args[0]), Integer.parseInt(args[1]), overrides);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-stop"));
        Thread.currentThread().join();
    }
}
