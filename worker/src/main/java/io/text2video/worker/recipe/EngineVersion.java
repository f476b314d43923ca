package io.text2video.worker.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which release this is. */
public final class EngineVersion {
    private static final String CURRENT = read();

    private EngineVersion() {}

    /** As in the poms, such as {@code 0.1.0}. */
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        var properties = new Properties();
        try (InputStream file = EngineVersion.class.getResourceAsStream("engine.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
